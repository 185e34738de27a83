// SPDX-License-Identifier: Apache-2.0
// What waits to go out, and what was set aside.
import { useFormat } from '@interlock/react';
import { Badge, Group, Paper, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../client';
import { ErrorState, LoadingLines } from '../../components/states';
import { useT } from '../../texts/context';
import type { Metrics } from './samples';

const shownMax = 20;
const lookMs = 5_000;

export function Outbox({ metrics }: { metrics: Metrics }) {
  const t = useT();
  const format = useFormat();
  // The feed does not carry them: they are looked at.
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['outbox'],
    queryFn: ({ signal }) =>
      client['outbox-messages'].list({ 'status.ne': 'sent', sort: '-updated_at', limit: shownMax }, { signal }),
    refetchInterval: lookMs,
  });
  const items = data?.items ?? [];
  return (
    <Paper className="table-card" component="section" aria-label={t('operations.outbox')}>
      <Group p="lg" pb="xs" justify="space-between">
        <Title order={2}>{t('operations.outbox')}</Title>
        <Group gap="xs">
          <Badge color="gray">{t('operations.delivered', { n: metrics.outbox_delivered })}</Badge>
          {metrics.outbox_failed > 0 && (
            <Badge color="red">{t('operations.set_aside', { n: metrics.outbox_failed })}</Badge>
          )}
        </Group>
      </Group>
      {isPending && <LoadingLines lines={3} />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && items.length === 0 && (
        <Text size="sm" c="dimmed" p="lg" pt="xs">
          {t('operations.outbox_empty')}
        </Text>
      )}
      {items.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('operations.outbox_to')}</Table.Th>
                <Table.Th>{t('common.status')}</Table.Th>
                <Table.Th>{t('operations.outbox_tries')}</Table.Th>
                <Table.Th>{t('operations.outbox_due')}</Table.Th>
                <Table.Th>{t('operations.outbox_error')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((message) => (
                <Table.Tr key={message.id}>
                  <Table.Td>
                    <Text size="sm">{message.provider}</Text>
                    <Text size="xs" c="dimmed">
                      {message.destination}
                    </Text>
                  </Table.Td>
                  <Table.Td>{message.status}</Table.Td>
                  <Table.Td>{message.tries}</Table.Td>
                  <Table.Td>{format.dateTime(message.due_at)}</Table.Td>
                  <Table.Td>
                    <Text size="xs" lineClamp={2}>
                      {message.last_error || '—'}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}
