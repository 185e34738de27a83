// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry, LiveCollectionName } from '@interlock/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useInterlock } from '../provider.js';
import { useLiveRecord } from './use_live.js';
import { useOnline } from './use_online.js';

/** The changes of a record, newest first. */
export interface RecordHistory {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly entries: readonly HistoryEntry[];
  readonly hasMore: boolean;
  /** Why the newest part, or one more page, could not be loaded. */
  readonly error: unknown;
  fetchMore(): Promise<void>;
  refresh(): Promise<void>;
}

interface State {
  readonly status: RecordHistory['status'];
  readonly entries: readonly HistoryEntry[];
  readonly cursor: string | null;
  readonly error?: unknown;
}

const none: State = { status: 'loading', entries: [], cursor: null };
const pageItems = 20;

/** The history of a record; a change by anybody shows as soon as the record does. */
export function useHistory<C extends LiveCollectionName>(collection: C, id: string): RecordHistory {
  const client = useInterlock();
  const [state, setState] = useState<State>(none);
  const asked = useRef(0);
  const latest = useRef(state);
  latest.current = state;
  const version = useLiveRecord(collection, id).record?.version;

  const load = useCallback(
    async (cursor?: string) => {
      const mine = ++asked.current;
      const page = { limit: pageItems, ...(cursor !== undefined && { cursor }) };
      try {
        const { items, next_cursor } = await client.collection(collection).history(id, page);
        if (mine !== asked.current) return;
        setState((before) => joined(before, items, next_cursor, cursor !== undefined));
      } catch (error) {
        if (mine !== asked.current) return;
        setState((before) => ({ ...before, status: before.entries.length > 0 ? 'ready' : 'failed', error }));
      }
    },
    [client, collection, id],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another record begins from nothing
  useEffect(() => setState(none), [collection, id]);
  useEffect(() => {
    // Version 0 is an own record that was not answered yet: it has no history.
    const known = latest.current.entries[0]?.version;
    if (version !== 0 && (version === undefined || version !== known)) void load();
  }, [version, load]);

  const online = useOnline();
  useEffect(() => {
    if (online && latest.current.error !== undefined) void load();
  }, [online, load]);

  const fetchMore = useCallback(async () => {
    const { cursor } = latest.current;
    if (cursor !== null) await load(cursor);
  }, [load]);
  const refresh = useCallback(() => load(), [load]);
  return useMemo(
    () => ({
      status: state.status,
      entries: state.entries,
      hasMore: state.cursor !== null,
      error: state.error,
      fetchMore,
      refresh,
    }),
    [state, fetchMore, refresh],
  );
}

/** Older entries go behind; newer ones before those that are known, unless there is a gap between them. */
function joined(before: State, items: readonly HistoryEntry[], cursor: string | null, isOlder: boolean): State {
  if (isOlder) {
    const last = before.entries.at(-1)?.version ?? Number.POSITIVE_INFINITY;
    const older = items.filter((entry) => entry.version < last);
    return { status: 'ready', entries: [...before.entries, ...older], cursor };
  }
  const oldest = items.at(-1)?.version ?? 0;
  const newestKnown = before.entries[0]?.version ?? 0;
  if (before.entries.length === 0 || newestKnown < oldest) return { status: 'ready', entries: items, cursor };
  const rest = before.entries.filter((entry) => entry.version < oldest);
  return { status: 'ready', entries: [...items, ...rest], cursor: rest.length > 0 ? before.cursor : cursor };
}
