// SPDX-License-Identifier: Apache-2.0
// The interested services of a customer, a partner, a product, or all of them.
import { useLiveQuery } from '@interlock/react';
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../client';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { refreshed } from '../../../lib/live_many';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { type ServiceFilter, servicesQuery } from '../queries';
import { type ServiceDefaults, ServiceDialog } from './service_dialog';
import { type Hidden, ServiceRows } from './service_rows';

interface Props {
  readonly filter: ServiceFilter;
  readonly hide?: Hidden;
  /** What a new one begins with; without it the page has its own way to add one. */
  readonly defaults?: ServiceDefaults;
}

export function ServiceList({ filter, hide, defaults }: Props) {
  const t = useT();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const query = servicesQuery(filter);
  const live = useLiveQuery('interested-services', query);
  const writes = defaults !== undefined && may('interested-services.write');
  const add = writes ? (
    <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>
      {t('services.add')}
    </Button>
  ) : undefined;
  return (
    <>
      {add && live.items.length > 0 && (
        <Group justify="flex-end" className="list-head">
          {add}
        </Group>
      )}
      <ListState
        live={live}
        icon="tag"
        empty={t('services.empty')}
        emptyText={t('services.empty_text')}
        emptyAction={add}
      >
        <ServiceRows
          items={live.items}
          pending={live.pending}
          hide={hide}
          refresh={() => refreshed(client.live('interested-services', query))}
        />
      </ListState>
      {adding && <ServiceDialog defaults={defaults} onClose={() => setAdding(false)} />}
    </>
  );
}
