// SPDX-License-Identifier: Apache-2.0
// The part of a list that is loaded, kept as the list would be: records enter, move and leave with every change. What lies
// behind the last loaded record is not known and not shown, until it is loaded.
import type { FeedChange, LiveRecordBase } from '../feed/messages.js';
import { type MatchQuery, matches, orderOf, sortOf } from './matching.js';

type Row = LiveRecordBase & Readonly<Record<string, unknown>>;

interface Entry<R> {
  record: R;
  /** The sequence that the record was seen at: older news of it are no news. */
  asOf: number;
}

const leftMax = 10_000;
const listedBefore = -1e9;

/** The loaded part of one list. */
export class Window<R extends LiveRecordBase> {
  readonly compare: (a: R, b: R) => number;
  readonly #entries = new Map<string, Entry<R>>();
  /** The order of making, as far as lists and feed tell it: what a list showed is older than what came after. */
  readonly #made = new Map<string, number>();
  readonly #sign: 1 | -1;
  #shown = 0;
  /** Versions that left the list, so that an answer which comes late does not bring them back. */
  readonly #left = new Map<string, number>();
  /** The records in order; undefined until they are asked for. */
  #sorted: R[] | undefined;
  /** The last loaded record as it was then; undefined: everything is loaded. */
  #end: R | undefined;
  /** Where the next page begins. */
  cursor: string | null = null;
  /** The sequence of the first page: nothing up to it is news. */
  #since = 0;

  constructor(
    readonly collection: string,
    readonly query: MatchQuery,
  ) {
    const order = orderOf(collection, query, (id) => this.#made.get(id) ?? Number.POSITIVE_INFINITY);
    this.#sign = sortOf(collection, query).sign;
    this.compare = (a, b) => order(a as unknown as Row, b as unknown as Row);
  }

  /** Starts anew with the first page. */
  load(page: { items: readonly R[]; next_cursor: string | null; seq: number }): void {
    this.#entries.clear();
    this.#left.clear();
    this.#made.clear();
    this.#shown = 0;
    this.#since = page.seq;
    this.append(page);
  }

  /** One more page. */
  append(page: { items: readonly R[]; next_cursor: string | null; seq: number }): void {
    for (const record of page.items) {
      this.#made.set(record.id, listedBefore + this.#sign * ++this.#shown);
      const known = this.#entries.get(record.id);
      if (!known || known.record.version <= record.version) this.#entries.set(record.id, { record, asOf: page.seq });
    }
    this.#sorted = undefined;
    this.cursor = page.next_cursor;
    this.#end = page.next_cursor === null ? undefined : (page.items.at(-1) ?? this.#end);
  }

  /** Takes what the feed says. True if something is different now. */
  take(change: FeedChange): boolean {
    if (change.seq <= this.#since || change.seq <= (this.#entries.get(change.id)?.asOf ?? 0)) return false;
    this.#left.delete(change.id);
    if (!this.#made.has(change.id)) this.#made.set(change.id, change.seq);
    if (change.type !== 'change') return this.#leave(change.id, Number.POSITIVE_INFINITY);
    return this.#put(change.record as unknown as R, change.seq);
  }

  /** Takes a record as an answer showed it. True if something is different now. */
  put(record: R): boolean {
    const left = this.#left.get(record.id);
    return (left === undefined || left < record.version) && this.#put(record, 0);
  }

  #put(record: R, seq: number): boolean {
    const known = this.#entries.get(record.id);
    if (known && known.record.version > record.version) return false;
    const asOf = Math.max(seq, known?.asOf ?? 0);
    if (known?.record.version === record.version) {
      known.asOf = asOf;
      return false;
    }
    if (!this.#belongs(record)) return this.#leave(record.id, record.version);
    this.#takeOut(known?.record);
    this.#entries.set(record.id, { record, asOf });
    if (this.#sorted) this.#sorted.splice(this.#placeOf(record), 0, record);
    return true;
  }

  #leave(id: string, version: number): boolean {
    if (this.#left.size >= leftMax) this.#forget(this.#left.keys().next().value!);
    this.#left.set(id, version);
    this.#takeOut(this.#entries.get(id)?.record);
    return this.#entries.delete(id);
  }

  #forget(id: string): void {
    this.#left.delete(id);
    if (!this.#entries.has(id)) this.#made.delete(id);
  }

  #takeOut(record: R | undefined): void {
    const at = record ? (this.#sorted?.indexOf(record) ?? -1) : -1;
    if (at >= 0) this.#sorted?.splice(at, 1);
  }

  /** Where a record belongs, by halving: long lists change often. */
  #placeOf(record: R): number {
    let low = 0;
    let high = this.#sorted!.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(this.#sorted![middle]!, record) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A record that is no more; `version` is that of its delete. */
  remove(id: string, version: number): boolean {
    const known = this.#entries.get(id);
    return known !== undefined && known.record.version < version && this.#leave(id, version);
  }

  /** Drops what hangs on a record by this field. */
  dropThrough(field: string, id: string): boolean {
    const dropped = this.records.filter((record) => (record as Readonly<Record<string, unknown>>)[field] === id);
    for (const { id } of dropped) this.#leave(id, Number.POSITIVE_INFINITY);
    return dropped.length > 0;
  }

  /** Whether the list holds this record. */
  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Whether there is more behind the end. */
  get hasMore(): boolean {
    return this.#end !== undefined;
  }

  /** The records in the list's order; good until the next change. */
  get records(): readonly R[] {
    this.#sorted ??= [...this.#entries.values()].map((entry) => entry.record).sort(this.compare);
    return this.#sorted;
  }

  #belongs(record: R): boolean {
    if (!matches(this.collection, this.query, record as unknown as Row)) return false;
    return this.#end === undefined || this.compare(record, this.#end) <= 0;
  }
}
