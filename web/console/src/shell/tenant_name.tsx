// SPDX-License-Identifier: Apache-2.0
import { Group, Text } from '@mantine/core';
import { useSession } from '../session/session';
import { Brand } from './brand';

/** Where one is. */
export function TenantName() {
  const { tenant } = useSession();
  return (
    <Group gap={10} wrap="nowrap">
      <Brand size={26} />
      <Text fw={600} size="sm" truncate maw={170}>
        {tenant.name}
      </Text>
    </Group>
  );
}
