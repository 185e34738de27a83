// SPDX-License-Identifier: Apache-2.0
import type { Customer, Status } from '@interlock/client';
import { useIsAway, useLiveQuery, useOnline } from '@interlock/react';
import { Button, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { errorText } from '../../../lib/error_text';
import { type Statuses, statusColor } from '../../../lib/statuses';
import { useT, useTexts } from '../../../texts/context';
import { type CustomerSearch, listQuery } from '../search';
import { BoardCard } from './board_card';
import type { Move } from './moves';

const pageCards = 30;

interface Props {
  readonly status: Status;
  readonly statuses: Statuses;
  readonly search: CustomerSearch;
  readonly moves: ReadonlyMap<string, Move>;
  readonly held: { readonly customer: Customer; readonly over: string } | undefined;
  readonly movable: boolean;
  readonly onHold: (customer: Customer) => void;
  readonly onOver: () => void;
  readonly onDrop: () => void;
  readonly onEnd: () => void;
  readonly onLeave: () => void;
  readonly onKeys: (event: KeyboardEvent, customer: Customer) => void;
}

export function BoardColumn(props: Props) {
  const { status, statuses, search, moves, held } = props;
  const t = useT();
  const texts = useTexts();
  const query = listQuery({ ...search, status: [status.name] }, pageCards);
  const live = useLiveQuery('customers', query);
  const isAway = useIsAway(live.error);
  const label = statuses.label(status.name);
  const coming = [...moves.values()].filter(({ to }) => to === status.name).map(({ customer }) => customer);
  const staying = live.items.filter(({ id }) => !moves.has(id));
  const over = held?.over === status.name && held.customer.status !== status.name;
  const forbidden = held !== undefined && !statuses.allows(held.customer.status, status.name);
  return (
    <section
      className="board-column"
      aria-label={t('board.column', { status: label, n: live.items.length })}
      data-over={over ? (forbidden ? 'no' : 'yes') : undefined}
      data-forbidden={forbidden || undefined}
      onDragOver={(event) => {
        if (!held) return;
        event.preventDefault();
        props.onOver();
      }}
      onDrop={(event) => {
        event.preventDefault();
        props.onDrop();
      }}
    >
      <header className="board-head">
        <span className="status" data-color={statusColor(status.type)}>
          {label}
        </span>
        {forbidden ? (
          <Text c="dimmed" component="span" title={t('board.forbidden')} className="board-lock">
            <Icon name="lock" size={14} />
            <VisuallyHidden>{t('board.forbidden')}</VisuallyHidden>
          </Text>
        ) : (
          <Text size="xs" c="dimmed">
            {live.items.length}
            {live.hasMore && '+'}
          </Text>
        )}
      </header>
      {/* biome-ignore-start lint/a11y: what scrolls has to be reached by the keyboard, and named */}
      <div className="board-cards" tabIndex={0} role="group" aria-label={label}>
        {/* biome-ignore-end lint/a11y: as above */}
        {(live.status === 'loading' || isAway) && <LoadingCards />}
        {live.status === 'failed' && !isAway && (
          <Stack gap={6} p="xs" role="alert">
            <Text size="xs" c="red">
              {errorText(texts, live.error)}
            </Text>
            <Button size="compact-xs" variant="default" onClick={() => void client.live('customers', query).refresh()}>
              {t('common.retry')}
            </Button>
          </Stack>
        )}
        {live.status !== 'loading' && live.status !== 'failed' && coming.length + staying.length === 0 && (
          <Text size="xs" c="dimmed" ta="center" py="md">
            {t('board.empty')}
          </Text>
        )}
        {[...coming, ...staying].map((customer) => (
          <BoardCard
            key={customer.id}
            customer={customer}
            pending={moves.has(customer.id) || live.pending.has(customer.id)}
            held={held?.customer.id === customer.id}
            movable={props.movable}
            onHold={props.onHold}
            onEnd={props.onEnd}
            onLeave={props.onLeave}
            onKeys={props.onKeys}
          />
        ))}
        {live.hasMore && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => void client.live('customers', query).fetchMore()}
          >
            {t('common.more')}
          </Button>
        )}
      </div>
    </section>
  );
}

function LoadingCards() {
  const t = useT();
  const online = useOnline();
  if (!online) {
    return (
      <Text size="xs" c="dimmed" p="xs" role="status">
        {t('error.not_here')}
      </Text>
    );
  }
  return (
    <Stack gap={8} role="status" aria-label={t('common.loading')}>
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
      <Skeleton height={64} radius="md" />
    </Stack>
  );
}
