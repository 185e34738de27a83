// SPDX-License-Identifier: Apache-2.0
// The clients assigned to somebody, and what they are interested in.
import { useLiveQuery } from '@interlock/react';
import { Button, Group } from '@mantine/core';
import { ListState } from '../../../components/list_state';
import { Row, Rows } from '../../../components/rows';
import { ErrorState, LoadingLines, Message } from '../../../components/states';
import { StatusBadge } from '../../../components/status_badge';
import { useLiveMany } from '../../../lib/live_many';
import { useStatuses } from '../../../lib/statuses';
import { useT } from '../../../texts/context';
import { ServiceRows } from '../services/service_rows';

const clientsPerPage = 100;

function useClients(user: string) {
  return useLiveQuery('customers', { assigned_to: user, sort: '-updated_at', limit: clientsPerPage });
}

export function UserClients({ user }: { user: string }) {
  const t = useT();
  const statuses = useStatuses();
  const live = useClients(user);
  return (
    <ListState live={live} icon="customers" empty={t('work.no_clients')} emptyText={t('work.no_clients_text')}>
      <Rows label={t('nav.customers')}>
        {live.items.map((one) => (
          <Row
            key={one.id}
            title={one.name}
            to={`/customers/${one.id}`}
            facts={[one.email, one.phone]}
            pending={live.pending.has(one.id)}
          >
            <StatusBadge name={one.status} statuses={statuses} />
          </Row>
        ))}
      </Rows>
    </ListState>
  );
}

/** Of the clients that were loaded; further ones by the button below. */
export function UserServices({ user }: { user: string }) {
  const t = useT();
  const clients = useClients(user);
  const ids = clients.items.map(({ id }) => id);
  const services = useLiveMany('interested-services', 'customer', ids, { sort: '-created_at' });
  if (clients.status === 'failed') return <ErrorState error={clients.error} onRetry={() => void clients.refresh()} />;
  if (services.error) return <ErrorState error={services.error} onRetry={() => void services.refresh()} />;
  const wanted = new Set(ids);
  const items = services.items
    .filter(({ customer }) => wanted.has(customer))
    .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id.localeCompare(a.id));
  if (clients.status === 'loading' || (services.loading && items.length === 0)) return <LoadingLines lines={5} />;
  if (items.length === 0) return <Message icon="tag" title={t('services.empty')} text={t('work.no_services_text')} />;
  return (
    <>
      <ServiceRows items={items} pending={services.pending} refresh={services.refresh} />
      {clients.hasMore && (
        <Group justify="center" py="sm">
          <Button variant="default" size="xs" onClick={() => void clients.fetchMore()}>
            {t('work.more_clients')}
          </Button>
        </Group>
      )}
    </>
  );
}
