// SPDX-License-Identifier: Apache-2.0
// The list: only the rows in sight are drawn, more are loaded before the end is reached.
import type { Customer } from '@interlock/client';
import { useFormat, useLiveQuery } from '@interlock/react';
import { Button, Group, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { client } from '../../client';
import { Icon } from '../../components/icon';
import { ErrorState, LoadingLines, Message } from '../../components/states';
import { useKeys } from '../../lib/keys';
import { usePeople } from '../../lib/people';
import { useStatuses } from '../../lib/statuses';
import { useMay, useSession } from '../../session/session';
import { useT, useTexts } from '../../texts/context';
import { seesAllCustomers } from '../users/scopes';
import { BulkBar } from './bulk/bulk_bar';
import { ColumnChoice, useColumns } from './column_choice';
import { customerColumns } from './columns';
import { useCustomerSearch } from './customers_page';
import { RowGrid } from './row_grid';
import { isNarrowed, listQuery, listRows } from './search';
import { useSelection } from './selection';
import { TrashRow } from './trash_row';

interface Props {
  readonly onCreate: () => void;
  readonly onImport: () => void;
}

export function CustomerList({ onCreate, onImport }: Props) {
  const t = useT();
  const texts = useTexts();
  const may = useMay();
  const navigate = useNavigate();
  const { search, change } = useCustomerSearch();
  const trash = search.view === 'trash';
  const query = listQuery(search, listRows);
  const { items, status, error, hasMore, pending } = useLiveQuery('customers', query);
  const [active, setActive] = useState(-1);
  const selection = useSelection(items);
  const columns = useCustomerColumns();
  const [visible, setVisible] = useColumns();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const table = useReactTable({
    data: items as Customer[],
    columns,
    // What the trash tells of time is when it was deleted; the way back needs the room.
    state: {
      columnVisibility: narrow ? phoneColumns : trash ? { ...visible, tags: false, updated_at: false } : visible,
    },
    onColumnVisibilityChange: (next) => setVisible(typeof next === 'function' ? next(visible) : next),
    getCoreRowModel: getCoreRowModel(),
    getRowId: ({ id }) => id,
    manualSorting: true,
  });
  const selects = !trash && !narrow && (may('customers.write') || may('customers.delete'));
  const move = (step: number) => () => setActive((at) => Math.max(0, Math.min(items.length - 1, at + step)));
  const open = (one: Customer | undefined) => {
    if (one && !trash) void navigate({ to: '/customers/$id', params: { id: one.id } });
  };
  useKeys({
    j: move(1),
    ArrowDown: move(1),
    k: move(-1),
    ArrowUp: move(-1),
    Enter: (event) => (event.target instanceof HTMLButtonElement || !items[active] ? false : open(items[active])),
    x: () => selects && items[active] && selection.toggle(items[active].id),
    Escape: () => selection.clear(),
  });

  if (status === 'failed')
    return <ErrorState error={error} onRetry={() => void client.live('customers', query).refresh()} />;
  if (status === 'loading') return <LoadingLines lines={12} />;
  if (items.length === 0) return <NoCustomers {...{ trash, onCreate, onImport }} />;
  return (
    <>
      <RowGrid
        table={table}
        label={t(trash ? 'customers.trash_title' : 'customers.title')}
        active={active}
        onActive={setActive}
        onOpen={open}
        pending={pending}
        selection={selects ? selection : undefined}
        narrow={narrow}
        sort={search.sort}
        onSort={(sort) => change({ sort })}
        hasMore={hasMore}
        onMore={() => void client.live('customers', query).fetchMore()}
        renderEnd={trash ? (one) => <TrashRow customer={one} /> : undefined}
      />
      <Group justify="space-between" mt={8} className="list-foot">
        <Text size="xs" c="dimmed" role="status">
          {hasMore ? t('customers.loaded', { n: items.length }) : texts.count('customers.shown', items.length)}
          {status === 'reconnecting' && ` · ${t('list.stale')}`}
        </Text>
        <Group gap="sm" visibleFrom="sm">
          <Text size="xs" c="dimmed">
            {t(may('customers.write') ? 'list.keys' : 'list.keys_read')}
          </Text>
          <ColumnChoice table={table} />
        </Group>
      </Group>
      {selection.ids.size > 0 && <BulkBar customers={selection.records} onClear={selection.clear} />}
    </>
  );
}

/** On a phone the row shows name and status; everything else is on the customer's page. */
const phoneColumns = {
  email: false,
  phone: false,
  assigned_to: false,
  tags: false,
  address: false,
  created_at: false,
  updated_at: false,
};

function useCustomerColumns() {
  const t = useT();
  const people = usePeople();
  const statuses = useStatuses();
  const format = useFormat();
  return useMemo(() => customerColumns({ t, people, statuses, format }), [t, people, statuses, format]);
}

function NoCustomers({ trash, onCreate, onImport }: Props & { trash: boolean }) {
  const t = useT();
  const may = useMay();
  const { user } = useSession();
  const { all } = usePeople();
  const seesAll = seesAllCustomers(all.find(({ id }) => id === user.id) ?? { role: user.role, scopes: [] });
  const { search, change } = useCustomerSearch();
  if (trash) return <Message icon="trash" title={t('customers.trash_empty')} text={t('customers.trash_empty_text')} />;
  if (isNarrowed(search)) {
    return (
      <Message icon="search" title={t('customers.none_fit')} text={t('customers.none_fit_text')}>
        <Button
          variant="default"
          onClick={() => change({ q: undefined, status: undefined, assigned: undefined, tag: undefined })}
        >
          {t('customers.clear_filters')}
        </Button>
      </Message>
    );
  }
  const emptyText = seesAll ? 'customers.empty_text' : 'customers.empty_yours_text';
  return (
    <Message
      icon="customers"
      tone="accent"
      title={t(seesAll || !may('customers.write') ? 'customers.empty' : 'customers.empty_yours')}
      text={t(may('customers.write') ? emptyText : 'customers.empty_read')}
    >
      {may('customers.write') && (
        <>
          <Button leftSection={<Icon name="plus" size={16} />} onClick={onCreate}>
            {t('customers.new')}
          </Button>
          <Button variant="default" leftSection={<Icon name="upload" size={16} />} onClick={onImport}>
            {t('customers.import')}
          </Button>
        </>
      )}
    </Message>
  );
}
