// SPDX-License-Identifier: Apache-2.0
// The frame of the pages before the log-in.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Brand } from '../../shell/brand';
import { useChooseLanguage, useT, useTexts } from '../../texts/context';
import { languages } from '../../texts/texts';

interface Props {
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
  /** Below the card. */
  readonly footer?: ReactNode;
}

export function Entrance({ title, text, children, footer }: Props) {
  const t = useT();
  const texts = useTexts();
  const choose = useChooseLanguage();
  return (
    <main className="entrance">
      <Stack w="100%" maw={400} gap="lg">
        <Group gap={10} justify="center">
          <Brand size={36} />
          <Text fw={650} fz={22}>
            {t('app.name')}
          </Text>
        </Group>
        <Paper p={{ base: 'lg', sm: 'xl' }} shadow="xs">
          <Stack gap="md">
            <div>
              <Title order={1}>{title}</Title>
              {text && (
                <Text c="dimmed" size="sm" mt={4}>
                  {text}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
        {footer}
        <Group gap={4} justify="center">
          {languages.map((language) => (
            <Button
              key={language}
              size="compact-xs"
              variant={language === texts.language ? 'light' : 'subtle'}
              color="gray"
              lang={language}
              aria-pressed={language === texts.language}
              onClick={() => choose(language)}
            >
              {t(`language.${language}`)}
            </Button>
          ))}
        </Group>
      </Stack>
    </main>
  );
}
