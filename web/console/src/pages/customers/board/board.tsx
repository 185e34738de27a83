// SPDX-License-Identifier: Apache-2.0
// Customers by status. A card is moved by dragging it, or with the keyboard: Space, left and right, Space.
import type { Customer } from '@interlock/client';
import { Text, VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { LoadingLines } from '../../../components/states';
import { useStatuses } from '../../../lib/statuses';
import { tellRefused } from '../../../lib/tell';
import { useMay } from '../../../session/session';
import { useT, useTexts } from '../../../texts/context';
import { useCustomerSearch } from '../customers_page';
import { BoardColumn } from './board_column';
import { useMoves } from './moves';

export function Board() {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const statuses = useStatuses();
  const { search } = useCustomerSearch();
  const [said, setSaid] = useState('');
  /** The card that is held, and the column that it is over. */
  const [held, setHeld] = useState<{ customer: Customer; over: string; keys: boolean }>();
  const moves = useMoves(statuses, {
    say: setSaid,
    onRefused: (title, reason) => tellRefused(texts, title, reason),
  });
  if (statuses.loading) return <LoadingLines lines={10} />;

  const names = statuses.all.map(({ name }) => name);
  const drop = (to: string | undefined) => {
    if (held && to) moves.begin(held.customer, to);
    setHeld(undefined);
  };
  const onKeys = (event: KeyboardEvent, customer: Customer) => {
    if (!may('customers.write')) return;
    const holds = held?.keys && held.customer.id === customer.id;
    if (event.key === ' ') {
      event.preventDefault();
      if (holds) return drop(held.over);
      setHeld({ customer, over: customer.status, keys: true });
      setSaid(t('board.picked', { name: customer.name }));
    } else if (holds && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      const at = names.indexOf(held.over) + (event.key === 'ArrowLeft' ? -1 : 1);
      const over = names[Math.max(0, Math.min(names.length - 1, at))]!;
      setHeld({ ...held, over });
      const fits = statuses.allows(customer.status, over);
      setSaid(t(fits ? 'board.over' : 'board.over_forbidden', { status: statuses.label(over) }));
    } else if (holds && event.key === 'Escape') {
      event.preventDefault();
      setHeld(undefined);
      setSaid(t('board.dropped'));
    }
  };
  return (
    <>
      <div className="board">
        {statuses.all.map((status) => (
          <BoardColumn
            key={status.id}
            status={status}
            statuses={statuses}
            search={search}
            moves={moves.under_way}
            held={held}
            movable={may('customers.write')}
            onHold={(customer) => setHeld({ customer, over: customer.status, keys: false })}
            onOver={() => held && held.over !== status.name && setHeld({ ...held, over: status.name })}
            onDrop={() => drop(status.name)}
            onEnd={() => setHeld((now) => (now?.keys ? now : undefined))}
            onLeave={() => setHeld((now) => (now?.keys ? undefined : now))}
            onKeys={onKeys}
          />
        ))}
      </div>
      {may('customers.write') && (
        <Text size="xs" c="dimmed" mt={8} visibleFrom="sm">
          {t('board.help')}
        </Text>
      )}
      <VisuallyHidden role="status" aria-live="assertive">
        {said}
      </VisuallyHidden>
    </>
  );
}
