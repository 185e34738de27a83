// SPDX-License-Identifier: Apache-2.0
// The state of connection and queue, always in sight; a click shows what waits.
import type { QueuedAction, QueueStatus } from '@interlock/client';
import { Button, Group, Popover, ScrollArea, Stack, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { client } from '../client';
import { Icon } from '../components/icon';
import { errorText } from '../lib/error_text';
import { useT, useTexts } from '../texts/context';
import type { TextKey } from '../texts/texts';

interface Shown {
  readonly tone: 'teal' | 'gray' | 'yellow' | 'red';
  readonly label: TextKey;
  readonly more: TextKey;
}

/** What there is to say of the connection. */
export function connectionShown(feed: string, sender: QueueStatus['state'] | undefined): Shown {
  switch (sender) {
    case 'offline':
      return { tone: 'yellow', label: 'connection.offline', more: 'connection.offline_more' };
    case 'unexpected':
      return { tone: 'red', label: 'connection.offline', more: 'connection.unexpected_more' };
    case 'logged_out':
      return { tone: 'red', label: 'connection.offline', more: 'connection.logged_out_more' };
    case 'other_user':
      return { tone: 'yellow', label: 'connection.offline', more: 'connection.other_user_more' };
  }
  if (feed === 'open') return { tone: 'teal', label: 'connection.live', more: 'connection.live_more' };
  if (feed === 'connecting') return { tone: 'gray', label: 'connection.connecting', more: 'connection.connecting' };
  return { tone: 'yellow', label: 'connection.reconnecting', more: 'connection.reconnecting_more' };
}

function useFeedState() {
  return useSyncExternalStore(
    (listener) => client.subscribe(listener),
    () => client.feedState,
  );
}

function useQueue() {
  const [state, setState] = useState<{ status?: QueueStatus; items: readonly QueuedAction[] }>({ items: [] });
  useEffect(() => {
    let ended = false;
    const look = async () => {
      const queue = await client.queue();
      const items = await queue.items();
      if (!ended) setState({ status: queue.status, items });
    };
    const quietly = () => void look().catch(() => {}); // nobody is logged in: nothing waits
    quietly();
    const end = client.subscribe(quietly);
    return () => {
      ended = true;
      end();
    };
  }, []);
  return state;
}

export function ConnectionIndicator() {
  const t = useT();
  const [open, setOpen] = useState(false);
  const feed = useFeedState();
  const { status, items } = useQueue();
  const { tone, label, more } = connectionShown(feed, status?.state);
  const number = (n: number | undefined, key: TextKey) => (n ? ` · ${t(key, { n })}` : '');
  const waiting = status?.waiting
    ? t(status.state === 'sending' ? 'connection.sending' : 'connection.waiting', { n: status.waiting })
    : '';
  return (
    <Popover opened={open} onChange={setOpen} width={340} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton
          className="connection"
          onClick={() => setOpen(!open)}
          aria-label={`${t('connection.label')}: ${t(label)}${number(status?.refused, 'connection.refused')}`}
        >
          <span className="connection-dot" data-tone={tone} />
          <span role="status">
            {t(label)}
            {waiting && ` · ${waiting}`}
            {number(status?.refused, 'connection.refused')}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="sm">{t(more)}</Text>
          {status?.storage && (
            <Text size="sm" c="red">
              {t(status.storage.reason === 'full' ? 'connection.storage_full' : 'connection.storage_unavailable')}
            </Text>
          )}
          <Text size="sm" fw={600}>
            {t('queue.title')}
          </Text>
          {items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('queue.empty')}
            </Text>
          ) : (
            <QueueItems items={items} />
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function QueueItems({ items }: { items: readonly QueuedAction[] }) {
  const t = useT();
  const texts = useTexts();
  const discard = async (key: string) => (await client.queue()).discard(key);
  const retry = async (key: string) => (await client.queue()).retry(key);
  return (
    <>
      <ScrollArea.Autosize mah={280}>
        <Stack gap="xs">
          {items.map((one) => (
            <Group key={one.key} justify="space-between" wrap="nowrap" align="flex-start">
              <div>
                <Text size="sm">{one.operation}</Text>
                <Text size="xs" c={one.standing === 'refused' ? 'red' : 'dimmed'}>
                  {t(`queue.${one.standing}`)}
                  {one.error && `: ${errorText(texts, one.error)}`}
                </Text>
              </div>
              {one.standing !== 'ready' && one.standing !== 'waiting' && (
                <Group gap={4} wrap="nowrap">
                  <Button size="compact-xs" variant="default" onClick={() => void retry(one.key)}>
                    {t('queue.retry')}
                  </Button>
                  <Button size="compact-xs" variant="subtle" color="red" onClick={() => void discard(one.key)}>
                    {t('queue.discard')}
                  </Button>
                </Group>
              )}
            </Group>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="upload" size={14} />}
        onClick={() => void client.syncOfflineQueue()}
      >
        {t('queue.send_now')}
      </Button>
    </>
  );
}
