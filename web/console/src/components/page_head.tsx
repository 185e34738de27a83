// SPDX-License-Identifier: Apache-2.0
import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useT } from '../texts/context';

interface Props {
  readonly title: string;
  readonly text?: ReactNode;
  /** Buttons at the end of the line. */
  readonly children?: ReactNode;
}

/** The head of a page; its title is the browser's too. */
export function PageHead({ title, text, children }: Props) {
  const t = useT();
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <div>
        <Title order={1}>{title}</Title>
        {text && (
          <Text c="dimmed" size="sm" mt={2} component="div">
            {text}
          </Text>
        )}
      </div>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
