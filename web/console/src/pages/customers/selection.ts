// SPDX-License-Identifier: Apache-2.0
// Which rows are ticked. A record that leaves the list leaves the selection.
import type { Customer } from '@interlock/client';
import { useCallback, useMemo, useRef, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly records: readonly Customer[];
  /** With `range`, everything from the last one to this. */
  toggle(id: string, range?: boolean): void;
  all(on: boolean): void;
  readonly clear: () => void;
}

export function useSelection(items: readonly Customer[]): Selection {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | undefined>(undefined);
  const clear = useCallback(() => setTicked(new Set()), []);
  const records = useMemo(() => (ticked.size === 0 ? [] : items.filter(({ id }) => ticked.has(id))), [items, ticked]);
  const ids = useMemo(() => new Set(records.map(({ id }) => id)), [records]);
  return {
    ids,
    records,
    clear,
    all: (on) => setTicked(on ? new Set(items.map(({ id }) => id)) : new Set()),
    toggle: (id, range = false) => {
      const on = !ids.has(id);
      const next = new Set(ids);
      for (const one of range ? between(items, last.current, id) : [id]) {
        if (on) next.add(one);
        else next.delete(one);
      }
      last.current = id;
      setTicked(next);
    },
  };
}

function between(items: readonly Customer[], from: string | undefined, to: string): string[] {
  const ends = [from ?? to, to].map((id) => items.findIndex((one) => one.id === id));
  const [first, end] = [Math.min(...ends), Math.max(...ends)];
  return first < 0 ? [to] : items.slice(first, end + 1).map(({ id }) => id);
}
