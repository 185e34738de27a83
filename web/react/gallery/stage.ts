// SPDX-License-Identifier: Apache-2.0
// A client that shows what it is told: the gallery needs states that a real one passes through in an instant.
import type {
  FeedState,
  HistoryEntry,
  InterlockClient,
  InterlockError,
  LeaseHolder,
  LiveSnapshot,
  Presence,
  QueuedAction,
  QueueStatus,
} from '@interlock/client';
import { Refusal } from '@interlock/client';

/** What is on stage. */
export interface Stage {
  readonly queue?: QueueStatus;
  readonly items?: readonly QueuedAction[];
  readonly feed?: FeedState;
  /** What lists show, by collection. */
  readonly lists?: Readonly<Record<string, Partial<LiveSnapshot<object>>>>;
  readonly history?: readonly HistoryEntry[] | InterlockError | 'never';
  readonly presence?: Presence;
  /** Who holds the lease; nobody: this user gets it. */
  readonly holder?: LeaseHolder;
  readonly loggedOut?: boolean;
}

const session = {
  user: { id: 'user_01kdvdna02e00amycd00000001', name: 'Ana Ruiz', role: 'staff', permissions: [] },
  tenant: { id: 'tenant_01kdvdna02e00amycd00000001', slug: 'harbour', name: 'Harbour' },
};
const never = new Promise<never>(() => {});
const nothing = () => () => {};

/** A client for one example. */
export function staged(stage: Stage): InterlockClient {
  const known = stage.items ?? [];
  const queue = {
    known,
    status: stage.queue ?? { state: 'idle', waiting: 0, refused: 0, held: 0 },
    subscribe: nothing,
    retry: async (key: string) => ({ key, settled: never }),
    discard: async () => [],
  };
  const live = (collection: string) => {
    const snapshot = { status: 'live', items: [], pending: new Set(), hasMore: false, ...stage.lists?.[collection] };
    return { snapshot, subscribe: nothing, refresh: async () => {}, fetchMore: async () => {} };
  };
  const history = async () => {
    if (stage.history === 'never') return never;
    if (stage.history instanceof Error) throw stage.history;
    return { items: stage.history ?? [], next_cursor: null, seq: 1 };
  };
  const client = {
    baseUrl: '',
    platform: { now: Date.now, timer: () => () => {} },
    feedState: stage.feed ?? 'open',
    subscribe: nothing,
    sessions: { subscribe: nothing, answered: async () => (stage.loggedOut ? never : session) },
    queue: async () => {
      if (stage.loggedOut) throw new Refusal(401, { code: 'unauthenticated' });
      return queue;
    },
    syncOfflineQueue: async () => queue.status,
    live,
    liveRecord: live,
    collection: () => ({ history }),
    newKey: () => 'key',
    perform: async () => never,
    presence: (_: string, listener: (presence: Presence) => void) => {
      if (stage.presence) queueMicrotask(() => listener(stage.presence!));
      return { set: () => {}, end: () => {} };
    },
    leases: {
      hold: async () => {
        if (stage.holder) throw new Refusal(423, { code: 'leased', holder: stage.holder });
        return { lease: {}, release: async () => {} };
      },
    },
  };
  return client as unknown as InterlockClient;
}
