// SPDX-License-Identifier: Apache-2.0
import type { Customer } from '@interlock/client';
import { useFormat } from '@interlock/react';
import { Button, Group, Text } from '@mantine/core';
import { client } from '../../client';
import { Icon } from '../../components/icon';
import { useAction } from '../../lib/action';
import { tellDone, tellError } from '../../lib/tell';
import { useMay } from '../../session/session';
import { useT, useTexts } from '../../texts/context';

/** When it was deleted, and the way back. */
export function TrashRow({ customer }: { customer: Customer }) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const format = useFormat();
  const restore = useAction(async () => {
    try {
      await client.customers.restore(customer.id);
      tellDone(t('customers.restored', { name: customer.name }));
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  return (
    <Group gap="sm" wrap="nowrap" justify="space-between">
      {customer.deleted_at && (
        <Text size="xs" c="dimmed" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
          {format.ago(customer.deleted_at)}
        </Text>
      )}
      {may('customers.delete') && (
        <Button
          size="compact-sm"
          variant="default"
          loading={restore.busy}
          leftSection={<Icon name="restore" size={14} />}
          onClick={() => void restore.run()}
        >
          {t('common.restore')}
        </Button>
      )}
    </Group>
  );
}
