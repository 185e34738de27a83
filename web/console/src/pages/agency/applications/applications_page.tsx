// SPDX-License-Identifier: Apache-2.0
// All applications that the user may see: by state, by due date, their own.
import { Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { ListPage } from '../../../components/list_page';
import { TrashList } from '../../../components/trash_list';
import { useListSearch } from '../../../lib/list_search';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { TrashLines } from '../services/services_page';
import { applicationStatuses } from '../status';
import { ApplicationDialog } from './application_dialog';
import { ApplicationList } from './application_list';

export function ApplicationsPage() {
  const t = useT();
  const may = useMay();
  const { search, change } = useListSearch();
  const [adding, setAdding] = useState(false);
  const status = applicationStatuses.find((one) => one === search.status);
  const filters = (
    <>
      <Select
        size="xs"
        className="filter"
        clearable
        aria-label={t('filter.status')}
        placeholder={t('filter.status')}
        data={applicationStatuses.map((value) => ({ value, label: t(`status.applications.${value}`) }))}
        value={status ?? null}
        onChange={(next) => change({ status: next ?? undefined })}
      />
      <Switch
        size="sm"
        label={t('applications.mine')}
        checked={search.mine === true}
        onChange={(event) => change({ mine: event.currentTarget.checked || undefined })}
      />
    </>
  );
  return (
    <ListPage
      title={t('applications.title')}
      text={t('applications.text')}
      newText={t('applications.add')}
      onNew={may('applications.write') ? () => setAdding(true) : undefined}
      filters={filters}
    >
      {search.view === 'trash' ? (
        <TrashList collection="applications" label={t('applications.title')}>
          {(items, line) => <TrashLines items={items} line={line} />}
        </TrashList>
      ) : (
        <ApplicationList filter={{ ...(status && { status }), ...(search.mine && { assigned_to: 'me' }) }} />
      )}
      {adding && <ApplicationDialog defaults={{}} onClose={() => setAdding(false)} />}
    </ListPage>
  );
}
