// SPDX-License-Identifier: Apache-2.0
// The queue of whoever is logged in, as a store that all hooks of one client share.
import type { ActionQueue, FeedState, InterlockClient, QueuedAction, QueueStatus } from '@interlock/client';
import { isOnline } from '../hooks/use_online.js';
import { onePerClient, type Store } from './store.js';

/** The queue and the connection at one moment. */
export interface QueueState {
  /** Undefined while nobody is logged in. */
  readonly status: QueueStatus | undefined;
  /** Everything that is not done, in order. */
  readonly items: readonly QueuedAction[];
  readonly feed: FeedState;
  /** False: the browser knows that there is no network. */
  readonly online: boolean;
}

/** How often a queue that changes all the time is looked at. */
const everyMs = 50;
const nothing: readonly QueuedAction[] = [];

/** The one queue store of a client. */
export const queueStoreOf = onePerClient(makeStore);

function makeStore(client: InterlockClient): Store<QueueState> {
  const listeners = new Set<() => void>();
  let queue: ActionQueue | undefined;
  let state: QueueState = { status: undefined, items: nothing, feed: client.feedState, online: isOnline() };
  let opened = 0;
  let ends: (() => void)[] = [];
  let endQueue = () => {};
  let isDue = false;
  let takenAtMs = 0;

  const take = () => {
    isDue = false;
    takenAtMs = client.platform.now();
    state = { status: queue?.status, items: queue?.known ?? nothing, feed: client.feedState, online: isOnline() };
    for (const listener of [...listeners]) listener();
  };
  // A thousand actions that come back at once are a few looks at the queue, not a thousand.
  const takeSoon = () => {
    if (isDue) return;
    isDue = true;
    if (client.platform.now() - takenAtMs >= everyMs) queueMicrotask(take);
    else client.platform.timer(everyMs, take);
  };
  const open = async () => {
    const mine = ++opened;
    const found = await client.queue().catch(() => undefined);
    if (mine !== opened || listeners.size === 0) return;
    endQueue();
    queue = found;
    endQueue = found?.subscribe(takeSoon) ?? (() => {});
    takeSoon();
  };
  const begin = () => {
    // The client itself opens the new user's queue first.
    const onSession = () => void Promise.resolve().then(open);
    const { window: page } = globalThis;
    for (const name of ['online', 'offline']) page?.addEventListener(name, takeSoon);
    const endPage = () => {
      for (const name of ['online', 'offline']) page?.removeEventListener(name, takeSoon);
    };
    ends = [client.sessions.subscribe(onSession), client.subscribe(takeSoon), () => endQueue(), endPage];
    void open();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        for (const end of ends) end();
        opened += 1;
      };
    },
    get: () => state,
  };
}
