// SPDX-License-Identifier: Apache-2.0
// All interested services that the user may see.
import { Select } from '@mantine/core';
import { useState } from 'react';
import { ListPage } from '../../../components/list_page';
import { TrashList } from '../../../components/trash_list';
import { useListSearch } from '../../../lib/list_search';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { useNames } from '../names';
import { ServiceDialog } from './service_dialog';
import { ServiceList } from './service_list';

export function ServicesPage() {
  const t = useT();
  const may = useMay();
  const { search, change } = useListSearch();
  const [adding, setAdding] = useState(false);
  const status = search.status === 'draft' || search.status === 'converted' ? search.status : undefined;
  const filter = (
    <Select
      size="xs"
      className="filter"
      clearable
      aria-label={t('filter.status')}
      placeholder={t('filter.status')}
      data={(['draft', 'converted'] as const).map((value) => ({ value, label: t(`status.services.${value}`) }))}
      value={status ?? null}
      onChange={(next) => change({ status: next ?? undefined })}
    />
  );
  return (
    <ListPage
      title={t('services.title')}
      text={t('services.text')}
      newText={t('services.add')}
      onNew={may('interested-services.write') ? () => setAdding(true) : undefined}
      filters={filter}
    >
      {search.view === 'trash' ? <Trash /> : <ServiceList filter={status ? { status } : {}} />}
      {adding && <ServiceDialog defaults={{}} onClose={() => setAdding(false)} />}
    </ListPage>
  );
}

function Trash() {
  const t = useT();
  return (
    <TrashList collection="interested-services" label={t('services.title')}>
      {(items, line) => <TrashLines items={items} line={line} />}
    </TrashList>
  );
}

interface LinesProps<R> {
  readonly items: readonly R[];
  readonly line: (record: R, name: string) => React.ReactNode;
}

/** A deleted service or application, named after its product and whose it was. */
export function TrashLines<R extends { readonly product: string; readonly customer: string }>({
  items,
  line,
}: LinesProps<R>) {
  const names = useNames(items);
  return items.map((one) => line(one, `${names.product(one.product)} · ${names.customer(one.customer)}`));
}
