// SPDX-License-Identifier: Apache-2.0
import type { Customer } from '@interlock/client';
import { Text, VisuallyHidden } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { Person } from '../../../components/person';
import { Tags } from '../../../components/tags';
import { usePeople } from '../../../lib/people';
import { useT } from '../../../texts/context';

interface Props {
  readonly customer: Customer;
  readonly pending: boolean;
  readonly held: boolean;
  readonly movable: boolean;
  readonly onHold: (customer: Customer) => void;
  readonly onEnd: () => void;
  readonly onLeave: () => void;
  readonly onKeys: (event: KeyboardEvent, customer: Customer) => void;
}

export function BoardCard({ customer, pending, held, movable, onHold, onEnd, onLeave, onKeys }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const people = usePeople();
  const open = () => void navigate({ to: '/customers/$id', params: { id: customer.id } });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button may hold no paragraphs, and is not dragged in every browser
    <div
      className="board-card"
      role="button"
      tabIndex={0}
      aria-pressed={held}
      data-held={held || undefined}
      data-pending={pending || undefined}
      draggable={movable && !pending}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', customer.name);
        onHold(customer);
      }}
      onDragEnd={onEnd}
      onBlur={onLeave}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter') open();
        else if (!pending) onKeys(event, customer);
      }}
    >
      <Text size="sm" fw={550} lineClamp={2}>
        {customer.name}
      </Text>
      {pending && <VisuallyHidden>{t('common.pending')}</VisuallyHidden>}
      {customer.tags.length > 0 && <Tags tags={customer.tags} shown={3} wrap />}
      {customer.assigned_to && <Person name={people.nameOf(customer.assigned_to)} />}
    </div>
  );
}
