// SPDX-License-Identifier: Apache-2.0
// A list as its user expects it to become: the loaded records with the actions on top that were not answered yet. Taking
// an action back is leaving it out.
import type { LiveRecordBase } from '../feed/messages.js';
import type { StoredAction } from '../queue/action.js';
import { type MatchQuery, matches } from './matching.js';

/** Records with what is expected of them. */
export interface Overlaid<R> {
  readonly items: readonly R[];
  /** The ids of records that show something which the server has not said yes to. */
  readonly pending: ReadonlySet<string>;
}

/** Lays the actions over the records, in their order. */
export function overlay<R extends LiveRecordBase>(
  collection: string,
  query: MatchQuery,
  records: readonly R[],
  actions: readonly StoredAction[],
  compare: (a: R, b: R) => number,
): Overlaid<R> {
  const shown = actions.flatMap((action) => action.shown).filter((one) => one.collection === collection);
  if (shown.length === 0) return { items: records, pending: new Set() };
  const byId = new Map(records.map((record) => [record.id, record]));
  const pending = new Set<string>();
  for (const { id, fields } of shown) {
    const before = byId.get(id);
    if (!before && !(fields && 'created_at' in fields)) continue; // a change of what is not in this list
    if (fields === null) byId.delete(id);
    // An answer that is already here tells more than the create that was expected.
    else if (!(before && 'created_at' in fields)) byId.set(id, { ...before, id, ...fields } as unknown as R);
    pending.add(id);
  }
  const belongs = (record: R) =>
    !pending.has(record.id) || matches(collection, query, record as unknown as Readonly<Record<string, unknown>>);
  const items = [...byId.values()].filter(belongs).sort(compare);
  return { items, pending };
}
