// SPDX-License-Identifier: Apache-2.0
// Lists and records that stay right, whoever changes them.
import type {
  InterlockError,
  LiveCollectionName,
  LiveListQuery,
  LiveQuery,
  LiveSnapshot,
  LiveStatus,
  RecordOf,
} from '@interlock/client';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useInterlock } from '../provider.js';

/** A live list as a component shows it. */
export interface LiveList<R> extends LiveSnapshot<R> {
  /** Shows one more page. */
  fetchMore(): Promise<void>;
  /** Loads it anew. */
  refresh(): Promise<void>;
}

/** One live record as a component shows it. */
export interface LiveOne<R> {
  readonly status: LiveStatus;
  /** Undefined while it loads, and once it is missing. */
  readonly record: R | undefined;
  /** Whether it shows something that the server has not confirmed yet. */
  readonly isPending: boolean;
  /** It was deleted, or may not be seen. */
  readonly missing: boolean;
  readonly error?: InterlockError;
  refresh(): Promise<void>;
}

/** How a live hook works. */
export interface LiveOptions {
  /** False: nothing is asked for. */
  readonly enabled?: boolean;
}

const waiting: LiveSnapshot<never> = { status: 'loading', items: [], pending: new Set(), hasMore: false };
const nothing = () => () => {};

function useSnapshot<R extends { readonly id: string; readonly version: number }>(
  live: LiveQuery<R> | undefined,
): LiveSnapshot<R> {
  const subscribe = useCallback((listener: () => void) => (live ? live.subscribe(listener) : nothing()), [live]);
  const get = useCallback((): LiveSnapshot<R> => live?.snapshot ?? waiting, [live]);
  return useSyncExternalStore(subscribe, get, get);
}

/**
 * The records that pass a filter: loaded once, then kept right by the feed; own changes show as pending until they are
 * answered. The query may be written in place: the same question is the same list.
 */
export function useLiveQuery<C extends LiveCollectionName>(
  collection: C,
  query: LiveListQuery<C> = {} as LiveListQuery<C>,
  { enabled = true }: LiveOptions = {},
): LiveList<RecordOf<C>> {
  const client = useInterlock();
  const question = JSON.stringify(query);
  const live = useMemo(
    () => (enabled ? client.live(collection, JSON.parse(question) as LiveListQuery<C>) : undefined),
    [client, collection, question, enabled],
  );
  const snapshot = useSnapshot<RecordOf<C>>(live);
  return useMemo(
    () => ({
      ...snapshot,
      fetchMore: async () => live?.fetchMore(),
      refresh: async () => live?.refresh(),
    }),
    [snapshot, live],
  );
}

/** One record, kept right; without an id nothing is asked for. */
export function useLiveRecord<C extends LiveCollectionName>(
  collection: C,
  id: string | null | undefined,
): LiveOne<RecordOf<C>> {
  const client = useInterlock();
  const live = useMemo(() => (id ? client.liveRecord(collection, id) : undefined), [client, collection, id]);
  const snapshot = useSnapshot<RecordOf<C>>(live);
  return useMemo(() => {
    const { status, items, pending, error } = snapshot;
    const record = items[0];
    const isLoaded = status === 'live' || status === 'reconnecting';
    return {
      status,
      record,
      isPending: record !== undefined && pending.has(record.id),
      missing: isLoaded && !record,
      ...(error && { error }),
      refresh: async () => live?.refresh(),
    };
  }, [snapshot, live]);
}
