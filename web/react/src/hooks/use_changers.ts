// SPDX-License-Identifier: Apache-2.0
// Who changed a record between the version that somebody began with and the one that there is: as its history tells.
import { collectionOf, type HistoryEntry, type LiveCollectionName, type StaleVersion } from '@interlock/client';
import { useEffect, useMemo, useState } from 'react';
import { useInterlock, useTexts } from '../provider.js';

/** Those who changed something in between. */
export interface Changers {
  /** All of them, each once, the last one first; empty while that is not known. */
  readonly names: readonly string[];
  /** Who changed this field last. */
  of(field: string): string | undefined;
}

/** Changes that are looked at: who changed more of them in between is not told by name. */
const entriesMax = 20;

type AnyRecord = { readonly id: string; readonly version: number };

/** Asks once for each conflict. Where the history cannot be read it was somebody: the choice does not depend on it. */
export function useChangers<R extends AnyRecord>({ base, current }: StaleVersion<R>): Changers {
  const client = useInterlock();
  const texts = useTexts();
  const { id, version } = current;
  const since = base?.version;
  const [entries, setEntries] = useState<readonly HistoryEntry[]>([]);
  useEffect(() => {
    const collection = collectionOf(id) as LiveCollectionName | undefined;
    if (!collection || since === undefined) return;
    const end = new AbortController();
    const take = ({ items }: { items: readonly HistoryEntry[] }) =>
      setEntries(items.filter((entry) => entry.version > since && entry.version <= version));
    const page = client.collection(collection).history(id, { limit: entriesMax }, { signal: end.signal });
    page.then((found) => !end.signal.aborted && take(found)).catch(() => {});
    return () => end.abort();
  }, [client, id, since, version]);
  return useMemo(() => {
    const nameOf = ({ actor }: HistoryEntry) => actor.name || texts.system;
    const last = (field: string) => entries.find(({ changes }) => field in changes);
    return {
      names: [...new Set(entries.map(nameOf))],
      of: (field) => {
        const entry = last(field);
        return entry && nameOf(entry);
      },
    };
  }, [entries, texts]);
}
