// SPDX-License-Identifier: Apache-2.0
// A live list while it loads, when it failed, when it is empty, and the way to its next page.
import type { InterlockError, LiveStatus } from '@interlock/client';
import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useT } from '../texts/context';
import type { IconName } from './icon';
import { ErrorState, LoadingLines, Message } from './states';

interface Live {
  readonly status: LiveStatus;
  readonly items: readonly unknown[];
  readonly hasMore: boolean;
  readonly error?: InterlockError;
  fetchMore(): Promise<void>;
  refresh(): Promise<void>;
}

interface Props {
  readonly live: Live;
  readonly icon: IconName;
  readonly empty: string;
  readonly emptyText: string;
  /** What can be done about that it is empty. */
  readonly emptyAction?: ReactNode;
  readonly children: ReactNode;
}

export function ListState({ live, icon, empty, emptyText, emptyAction, children }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const more = async () => {
    setBusy(true);
    await live.fetchMore().finally(() => setBusy(false));
  };
  if (live.status === 'failed') return <ErrorState error={live.error} onRetry={() => void live.refresh()} />;
  if (live.status === 'loading') return <LoadingLines lines={5} />;
  if (live.items.length === 0) {
    return (
      <Message icon={icon} title={empty} text={emptyText}>
        {emptyAction}
      </Message>
    );
  }
  return (
    <>
      {children}
      {live.hasMore && (
        <Group justify="center" py="sm">
          <Button variant="default" size="xs" loading={busy} onClick={() => void more()}>
            {t('common.more')}
          </Button>
        </Group>
      )}
    </>
  );
}
