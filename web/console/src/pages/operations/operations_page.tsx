// SPDX-License-Identifier: Apache-2.0
// How the server does: counters looked at every two seconds, and the messages that wait to go out.
import { useFormat } from '@interlock/react';
import { Group, Paper, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../client';
import { PageHead } from '../../components/page_head';
import { ErrorState, LoadingLines } from '../../components/states';
import { useT } from '../../texts/context';
import type { TextKey } from '../../texts/texts';
import { Outbox } from './outbox';
import { type Metrics, type Sample, sampleOf, sinceStart } from './samples';
import { Sparkline } from './sparkline';

const lookMs = 2_000;
/** Rates are told by two looks: nobody waits long for the first ones. */
const secondLookMs = 300;
const samplesMax = 60;

function useMetrics() {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [before, setBefore] = useState<Metrics>();
  const query = useQuery({
    queryKey: ['operations-metrics'],
    queryFn: ({ signal }) =>
      client.call<Metrics>({ method: 'GET', path: '/api/operations-metrics' }, { signal, retry: false }),
    refetchInterval: samples.length > 0 ? lookMs : secondLookMs,
    staleTime: 0,
  });
  const { data } = query;
  useEffect(() => {
    if (!data || data === before) return;
    const sample = before && sampleOf(before, data);
    if (sample) setSamples((old) => [...old, sample].slice(-samplesMax));
    setBefore(data);
  }, [data, before]);
  return { ...query, samples };
}

export function OperationsPage() {
  const t = useT();
  const { data, error, refetch, samples } = useMetrics();
  return (
    <div className="page">
      <PageHead title={t('operations.title')} text={t('operations.text')}>
        {data && (
          <Text size="xs" c="dimmed">
            {t('operations.server', { version: data.version })}
          </Text>
        )}
      </PageHead>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingLines />}
      {data && (
        <>
          {error && <ErrorState error={error} onRetry={() => void refetch()} />}
          <Rates samples={samples} metrics={data} />
          <Gauges metrics={data} />
          <Outbox metrics={data} />
        </>
      )}
    </div>
  );
}

/** Where nothing happened since the last look, what was measured last still stands. */
const newest = (samples: readonly Sample[], name: 'commitMs' | 'lagMs') =>
  samples
    .map((one) => one[name])
    .filter((ms) => ms !== undefined)
    .at(-1);

function Rates({ samples, metrics }: { samples: readonly Sample[]; metrics: Metrics }) {
  const t = useT();
  const format = useFormat();
  const last = samples.at(-1);
  const start = sinceStart(metrics);
  const milliseconds = (ms: number | undefined) => {
    if (ms === undefined) return '—';
    return Number.isFinite(ms) ? `${format.number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))} ms` : '> 5 s';
  };
  const rate = (value: number | undefined) =>
    value === undefined ? t('operations.measuring') : format.number(Math.round(value * 10) / 10);
  const cards: { text: TextKey; value: string; line: readonly (number | undefined)[] }[] = [
    { text: 'operations.throughput', value: rate(last?.operations), line: samples.map((one) => one.operations) },
    { text: 'operations.requests', value: rate(last?.requests), line: samples.map((one) => one.requests) },
    {
      text: 'operations.latency',
      value: milliseconds(last?.p99Ms ?? start.p99Ms),
      line: samples.map((one) => one.p99Ms),
    },
    {
      text: 'operations.commit',
      value: milliseconds(newest(samples, 'commitMs') ?? start.commitMs),
      line: samples.map((one) => one.commitMs),
    },
    { text: 'operations.refusals', value: rate(last?.refusals), line: samples.map((one) => one.refusals) },
    { text: 'operations.feed', value: rate(last?.deliveries), line: samples.map((one) => one.deliveries) },
    {
      text: 'operations.lag',
      value: milliseconds(newest(samples, 'lagMs') ?? start.lagMs),
      line: samples.map((one) => one.lagMs),
    },
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md" mb="md">
      {cards.map(({ text, value, line }) => (
        <Paper key={text} p="md">
          <Text size="xs" c="dimmed" fw={600}>
            {t(text)}
          </Text>
          <Text fz={24} fw={650} mt={2} className="figures">
            {value}
          </Text>
          <Sparkline values={line} />
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function Gauges({ metrics }: { metrics: Metrics }) {
  const t = useT();
  const format = useFormat();
  const rows: [TextKey, number | undefined, boolean?][] = [
    ['operations.lanes', metrics.lanes_open],
    ['operations.stopped', metrics.lanes_stopped, metrics.lanes_stopped > 0],
    ['operations.queued', metrics.queued],
    ['operations.subscriptions', metrics.subscriptions],
    ['operations.cut_off', metrics.feed_cut_off],
    ['operations.connections', metrics.connections],
    ['operations.failures', metrics.failures, metrics.failures > 0],
    ['operations.logins', metrics.login_failures],
  ];
  return (
    <Paper p="lg" mb="md">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md" verticalSpacing="sm">
        {rows.map(([text, value, alarming]) => (
          <Group key={text} justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" c="dimmed">
              {t(text)}
            </Text>
            <Text size="sm" fw={600} className="figures" {...(alarming && { c: 'red' })}>
              {value === undefined ? '—' : format.number(value)}
            </Text>
          </Group>
        ))}
      </SimpleGrid>
    </Paper>
  );
}
