// SPDX-License-Identifier: Apache-2.0
// What was done, newest first; what matters is pinned on top.
import type { Activity } from '@interlock/client';
import { useFormat, useLiveQuery } from '@interlock/react';
import { Button, Stack, Text } from '@mantine/core';
import { useMay } from '../../session/session';
import { useT } from '../../texts/context';
import { ErrorState, LoadingLines, Message } from '../states';
import { ActivityForm } from './activity_form';
import { ActivityItem } from './activity_item';
import { pinnedQuery, timelineQuery } from './queries';

export function Timeline({ subject }: { subject: string }) {
  const t = useT();
  const may = useMay();
  const format = useFormat();
  const { items, status, error, pending, hasMore, fetchMore, refresh } = useLiveQuery(
    'activities',
    timelineQuery(subject),
  );
  const pinned = useLiveQuery('activities', pinnedQuery(subject)).items;
  const others = items.filter((one) => !one.pinned);
  const days = byDay(others, (one) => format.date(one.at));
  const item = (one: Activity) => <ActivityItem key={one.id} activity={one} pending={pending.has(one.id)} />;
  return (
    <Stack gap="lg">
      {may('activities.write') && <ActivityForm subject={subject} />}
      {status === 'loading' && <LoadingLines lines={4} />}
      {status === 'failed' && <ErrorState error={error} onRetry={refresh} />}
      {(status === 'live' || status === 'reconnecting') && items.length === 0 && (
        <Message icon="clock" title={t('timeline.empty')} text={t('timeline.empty_text')} />
      )}
      {pinned.length > 0 && (
        <section aria-label={t('timeline.pinned')}>
          <Text size="xs" fw={600} c="dimmed" mb={8}>
            {t('timeline.pinned')}
          </Text>
          <ul className="plain-list timeline">{pinned.map(item)}</ul>
        </section>
      )}
      {days.map(([day, activities]) => (
        <section key={day} aria-label={day}>
          <Text size="xs" fw={600} c="dimmed" mb={8}>
            {day}
          </Text>
          <ul className="plain-list timeline">{activities.map(item)}</ul>
        </section>
      ))}
      {hasMore && (
        <Button variant="default" size="xs" onClick={() => void fetchMore()}>
          {t('common.more')}
        </Button>
      )}
    </Stack>
  );
}

/** Neighbours of one day together. */
function byDay(items: readonly Activity[], dayOf: (one: Activity) => string): [string, Activity[]][] {
  const days: [string, Activity[]][] = [];
  for (const one of items) {
    const day = dayOf(one);
    if (days.at(-1)?.[0] === day) days.at(-1)![1].push(one);
    else days.push([day, [one]]);
  }
  return days;
}
