// SPDX-License-Identifier: Apache-2.0
// Live records by many values of one field, in several lists: an address holds only so many of them.
import type {
  InterlockError,
  LiveCollectionName,
  LiveListQuery,
  LiveQuery,
  LiveSnapshot,
  RecordOf,
} from '@interlock/client';
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import { client } from '../client';

const valuesPerList = 50;
const itemsPerList = 500;
/** Beyond so many values that are not wanted any more, the lists are made anew. */
const staleValuesMax = 200;

/** The records of all lists. */
export interface LiveMany<R> {
  readonly items: readonly R[];
  readonly pending: ReadonlySet<string>;
  readonly loading: boolean;
  /** There are more than are loaded. */
  readonly hasMore: boolean;
  readonly error?: InterlockError | undefined;
}

/** Records of which a field has one of the values. Values that come later begin no list anew but the last one. */
export function useLiveMany<C extends LiveCollectionName>(
  collection: C,
  field: string,
  values: readonly string[],
  more: object = {},
): LiveMany<RecordOf<C>> & { readonly refresh: () => Promise<void> } {
  const asked = useAsked(values);
  const question = JSON.stringify([asked, more]);
  const store = useMemo(() => {
    const [ids, rest] = JSON.parse(question) as [string[], object];
    const queryOf = (some: readonly string[]) => ({ limit: itemsPerList, ...rest, [field]: some }) as LiveListQuery<C>;
    return new ManyStore<RecordOf<C>>(chunksOf(ids).map((some) => client.live(collection, queryOf(some))));
  }, [collection, field, question]);
  const merged = useSyncExternalStore(store.subscribe, store.get);
  const refresh = useCallback(() => store.refresh(), [store]);
  return useMemo(() => ({ ...merged, refresh }), [merged, refresh]);
}

/** The values in the order in which they were first wanted. */
function useAsked(values: readonly string[]): readonly string[] {
  const known = useRef<string[]>([]);
  const wanted = new Set(values);
  const before = new Set(known.current);
  const added = [...wanted].filter((one) => !before.has(one));
  if (known.current.length + added.length > wanted.size + staleValuesMax) known.current = [...wanted];
  else if (added.length > 0) known.current = [...known.current, ...added];
  return known.current;
}

function chunksOf(values: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < values.length; at += valuesPerList) chunks.push(values.slice(at, at + valuesPerList));
  return chunks;
}

type LiveRecord = { readonly id: string; readonly version: number };
type Shown = { readonly snapshot: { readonly error?: InterlockError } };

/** Several live lists as one. */
class ManyStore<R> {
  #seen: readonly LiveSnapshot<R>[] = [];
  #merged: LiveMany<R> | undefined;

  constructor(readonly lives: readonly LiveQuery<R & LiveRecord>[]) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    const ends = this.lives.map((live) => live.subscribe(listener));
    return () => {
      for (const end of ends) end();
    };
  };

  readonly get = (): LiveMany<R> => {
    const now = this.lives.map((live) => live.snapshot);
    if (this.#merged && now.every((one, i) => one === this.#seen[i])) return this.#merged;
    this.#seen = now;
    this.#merged = {
      items: now.flatMap(({ items }) => items),
      pending: new Set(now.flatMap(({ pending }) => [...pending])),
      loading: now.some(({ status }) => status === 'loading'),
      hasMore: now.some(({ hasMore }) => hasMore),
      error: now.find(({ status }) => status === 'failed')?.error,
    };
    return this.#merged;
  };

  /** Loads all of them anew; rejects if one could not be loaded. */
  async refresh(): Promise<void> {
    await Promise.all(this.lives.map(refreshed));
  }
}

const loading = new WeakMap<object, Promise<void>>();

/** Loads a list anew, if anybody looks at it; rejects if that did not work. Of two at once the second joins the first. */
export async function refreshed(live: Pick<LiveQuery<LiveRecord>, 'refresh'> & Shown): Promise<void> {
  const load = loading.get(live) ?? live.refresh().finally(() => loading.delete(live));
  loading.set(live, load);
  await load;
  if (live.snapshot.error) throw live.snapshot.error;
}

/** A record by its id, of those whose ids are given. */
export type ById<R> = (id: string | null | undefined) => R | undefined;

/** Records that others name, by id. What was known once stays until it is known better. */
export function useById<C extends LiveCollectionName>(
  collection: C,
  ids: readonly (string | null | undefined)[],
): { readonly find: ById<RecordOf<C>>; readonly loading: boolean } {
  const wanted = ids.filter((id): id is string => Boolean(id));
  const { items, loading } = useLiveMany(collection, 'id', wanted);
  const kept = useRef(new Map<string, RecordOf<C>>());
  return useMemo(() => {
    for (const one of items) kept.current.set(one.id, one);
    return { find: (id) => (id ? kept.current.get(id) : undefined), loading };
  }, [items, loading]);
}
