// SPDX-License-Identifier: Apache-2.0
// The status, and the moves that are allowed from it.
import type { Customer } from '@interlock/client';
import { Menu, UnstyledButton } from '@mantine/core';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { StatusBadge } from '../../../components/status_badge';
import { useAction } from '../../../lib/action';
import { settleOrQueue } from '../../../lib/perform';
import { useStatuses } from '../../../lib/statuses';
import { tellError } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';

export function StatusMenu({ customer, pending }: { customer: Customer; pending: boolean }) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const statuses = useStatuses();
  const move = useAction(async (status: string) => {
    const request = { id: customer.id, status, expected_status: customer.status };
    try {
      await settleOrQueue(await client.perform('customers/set-status', request, { optimistic: { status } }));
    } catch (error) {
      tellError(texts, error);
      throw error;
    }
  });
  const badge = <StatusBadge name={customer.status} statuses={statuses} />;
  const moves = statuses.all.filter(({ name }) => name !== customer.status && statuses.allows(customer.status, name));
  if (!may('customers.write') || moves.length === 0) return badge;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton
          className="status-button"
          data-pending={pending || undefined}
          disabled={move.busy}
          aria-label={`${t('field.status')}: ${statuses.label(customer.status)}${pending ? `. ${t('common.pending')}` : ''}`}
        >
          {badge}
          <Icon name="down" size={14} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('customer.move_to')}</Menu.Label>
        {moves.map(({ name }) => (
          <Menu.Item key={name} onClick={() => void move.run(name)}>
            <StatusBadge name={name} statuses={statuses} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
