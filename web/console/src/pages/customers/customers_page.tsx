// SPDX-License-Identifier: Apache-2.0
// Customers: as a list, as a board by status, and those in the trash.
import { Button, Menu, SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { ErrorBoundary } from '../../components/error_boundary';
import { Icon } from '../../components/icon';
import { PageHead } from '../../components/page_head';
import { LoadingLines } from '../../components/states';
import { useKeys } from '../../lib/keys';
import { useMay } from '../../session/session';
import { useT } from '../../texts/context';
import { CustomerList } from './customer_list';
import { Filters } from './filters';
import { type CustomerSearch, readSearch } from './search';

const Board = lazy(() => import('./board/board').then(({ Board }) => ({ default: Board })));
const CreateDialog = lazy(() => import('./create_dialog').then(({ CreateDialog }) => ({ default: CreateDialog })));
const ImportDialog = lazy(() => import('./csv/import_dialog').then(({ ImportDialog }) => ({ default: ImportDialog })));
const ExportDialog = lazy(() => import('./csv/export_dialog').then(({ ExportDialog }) => ({ default: ExportDialog })));

type Dialog = 'create' | 'import' | 'export';

/** The search of the address, and the way to change it. */
export function useCustomerSearch() {
  // What validateSearch leaves out the router puts in again from the address.
  const given = useSearch({ from: '/members/customers' });
  const search = useMemo(() => readSearch(given as Record<string, unknown>), [given]);
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<Record<keyof CustomerSearch, CustomerSearch[keyof CustomerSearch] | undefined>>) =>
      void navigate({
        to: '/customers',
        search: (old: object) => ({ ...old, ...part }) as CustomerSearch,
        replace: true,
      }),
    [navigate],
  );
  return { search, change };
}

export function CustomersPage() {
  const t = useT();
  const may = useMay();
  const { search, change } = useCustomerSearch();
  const [dialog, setDialog] = useState<Dialog>();
  const close = useCallback(() => setDialog(undefined), []);
  const writes = may('customers.write');
  useKeys({ n: () => writes && setDialog('create') });
  const view = search.view ?? 'list';
  return (
    <div className="page-wide page-full">
      <PageHead
        title={t(view === 'trash' ? 'customers.trash_title' : 'customers.title')}
        text={view === 'trash' ? t('customers.trash_text') : undefined}
      >
        <SegmentedControl
          size="xs"
          aria-label={t('customers.title')}
          value={view}
          onChange={(next) => change({ view: next === 'list' ? undefined : (next as 'board' | 'trash') })}
          data={[
            { value: 'list', label: t('customers.list') },
            { value: 'board', label: t('customers.board') },
            { value: 'trash', label: t('customers.trash') },
          ]}
        />
        {writes && (
          <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setDialog('create')}>
            {t('customers.new')}
          </Button>
        )}
        <Menu>
          <Menu.Target>
            <Button size="xs" variant="default" px={8} aria-label={t('common.actions')}>
              <Icon name="more" size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {writes && (
              <Menu.Item leftSection={<Icon name="upload" size={16} />} onClick={() => setDialog('import')}>
                {t('customers.import')}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<Icon name="download" size={16} />} onClick={() => setDialog('export')}>
              {t('customers.export')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHead>
      {view !== 'trash' && <Filters />}
      <ErrorBoundary resetKey={view}>
        <Suspense fallback={<LoadingLines />}>
          {view === 'board' ? (
            <Board />
          ) : (
            <CustomerList key={view} onCreate={() => setDialog('create')} onImport={() => setDialog('import')} />
          )}
          {dialog === 'create' && <CreateDialog onClose={close} />}
          {dialog === 'import' && <ImportDialog onClose={close} />}
          {dialog === 'export' && <ExportDialog search={search} onClose={close} />}
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}
