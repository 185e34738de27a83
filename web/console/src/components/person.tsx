// SPDX-License-Identifier: Apache-2.0
import { Avatar, Group, Text } from '@mantine/core';

/** Somebody, small: initials and name. */
export function Person({ name, dimmed = false }: { name: string; dimmed?: boolean }) {
  return (
    <Group gap={8} wrap="nowrap" miw={0}>
      {!dimmed && <Avatar size={22} radius="xl" name={name} color="accent" aria-hidden />}
      <Text size="sm" truncate {...(dimmed && { c: 'dimmed' })}>
        {name}
      </Text>
    </Group>
  );
}
