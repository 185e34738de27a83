// SPDX-License-Identifier: Apache-2.0
import type { QueuedAction } from '@interlock/client';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useInterlock } from '../provider.js';
import { type QueueState, queueStoreOf } from '../stores/queue_store.js';

/** The queue, the connection, and what its user can do about what waits. */
export interface QueueHandle extends QueueState {
  /** Sends a refused or too old action once more, with another request if one is given. */
  retry(key: string, request?: QueuedAction['request']): Promise<void>;
  /** Drops an action, and what cannot do without it; answers what was dropped. */
  discard(key: string): Promise<readonly QueuedAction[]>;
  /** Sends now; resolves when nothing more can be sent. */
  sync(): Promise<void>;
}

/** A part of the queue's state: drawn anew only when that part changes. Undefined where it is not enabled. */
export function useQueuePart<T>(enabled: boolean, look: (state: QueueState) => T): T | undefined {
  const store = queueStoreOf(useInterlock());
  const subscribe = useCallback(
    (listener: () => void) => (enabled ? store.subscribe(listener) : () => {}),
    [store, enabled],
  );
  const get = () => (enabled ? look(store.get()) : undefined);
  return useSyncExternalStore(subscribe, get, get);
}

const isUnanswered = ({ status }: QueueState) => status?.state === 'unanswered';

/** Whether an action that waits waits for an answer, not for the network. */
export function useWaitsForAnswer(enabled: boolean): boolean {
  return useQueuePart(enabled, isUnanswered) ?? false;
}

/** What waits, what was set aside, and how the connection stands. */
export function useQueueStatus(): QueueHandle {
  const client = useInterlock();
  const store = queueStoreOf(client);
  const state = useSyncExternalStore(store.subscribe, store.get, store.get);
  const retry = useCallback(
    async (key: string, request?: QueuedAction['request']) => {
      const again = await (await client.queue()).retry(key, request);
      // How it ends the queue itself tells.
      again.settled.catch(() => {});
    },
    [client],
  );
  const discard = useCallback(async (key: string) => (await client.queue()).discard(key), [client]);
  const sync = useCallback(async () => {
    await client.syncOfflineQueue();
  }, [client]);
  return useMemo(() => ({ ...state, retry, discard, sync }), [state, retry, discard, sync]);
}
