// SPDX-License-Identifier: Apache-2.0
// The way out of a stale base: per field mine, theirs or something new, and the next update from that.
import type { StaleVersion } from './errors.js';

/** A record as far as merging is concerned. */
export type Versioned = { readonly id: string; readonly version: number };

/** What to do with one field. */
export type Choice<V = unknown> = 'mine' | 'theirs' | { readonly edit: V };

/** One field that is in question. */
export interface ConflictField<V = unknown> {
  readonly field: string;
  /** As it was when the caller began; undefined where the history does not reach back so far. */
  readonly base: V | undefined;
  readonly mine: V;
  readonly theirs: V;
  /** True: somebody has to choose. False: only the caller changed it, or both changed it to the same. */
  readonly clashes: boolean;
}

/** The next update: send it with `client.customers.update(id, changes, { version })` and a new key. */
export interface Resolution<R> {
  readonly id: string;
  readonly version: number;
  readonly changes: Partial<R>;
}

/** Whether two JSON values are the same; the order of members does not matter, that of items does. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    left.length === right.size && left.every(([name, value]) => right.has(name) && sameJson(value, right.get(name)))
  );
}

/** The fields of a change that differ from the record: what is worth sending. */
export function changedFields<R extends object>(record: R, wanted: Partial<R>): Partial<R> {
  const changed = Object.entries(wanted).filter(
    ([field, value]) => value !== undefined && !sameJson(value, record[field as keyof R]),
  );
  return Object.fromEntries(changed) as Partial<R>;
}

/** A conflict while it is being resolved. Immutable: `choose` answers a new one, so that it fits any state container. */
export class Conflict<R extends Versioned> {
  readonly fields: readonly ConflictField[];

  constructor(
    readonly document: StaleVersion<R>,
    readonly choices: Readonly<Partial<Record<string, Choice>>> = {},
  ) {
    const { base, current, yours, clashing_fields } = document;
    const clashing = new Set<string>(clashing_fields);
    this.fields = Object.entries(yours).map(([field, mine]) => ({
      field,
      base: base?.[field as keyof R],
      mine,
      theirs: current[field as keyof R],
      clashes: clashing.has(field) && !sameJson(mine, current[field as keyof R]),
    }));
  }

  /** Chooses for one field; later choices replace earlier ones. */
  choose(field: string, choice: Choice): Conflict<R> {
    if (!this.fields.some((one) => one.field === field)) throw new RangeError(`${field} is not in question`);
    return new Conflict(this.document, { ...this.choices, [field]: choice });
  }

  /** Chooses the same for every field that clashes. */
  chooseAll(choice: 'mine' | 'theirs'): Conflict<R> {
    const chosen = this.fields.filter((one) => one.clashes).map(({ field }) => [field, choice]);
    return new Conflict(this.document, { ...this.choices, ...Object.fromEntries(chosen) });
  }

  /** The fields that still wait for a choice. */
  get open(): readonly string[] {
    return this.fields.filter(({ field, clashes }) => clashes && !this.choices[field]).map(({ field }) => field);
  }

  /** What a field will hold. */
  valueOf(one: ConflictField): unknown {
    const choice = this.choices[one.field] ?? (one.clashes ? 'theirs' : 'mine');
    if (choice === 'mine') return one.mine;
    return choice === 'theirs' ? one.theirs : choice.edit;
  }

  /** The record as it will be: for a preview. */
  get preview(): R {
    return { ...this.document.current, ...this.#values() };
  }

  /**
   * The next update, on the version that was seen here: who changes the record meanwhile causes a new conflict, never a
   * lost change. Empty changes mean that there is nothing left to send. Throws while a field waits for a choice.
   */
  resolve(): Resolution<R> {
    if (this.open.length > 0) throw new RangeError(`Choose for ${this.open.join(', ')} first`);
    const { id, version } = this.document.current;
    return { id, version, changes: changedFields(this.document.current, this.#values()) };
  }

  #values(): Partial<R> {
    return Object.fromEntries(this.fields.map((one) => [one.field, this.valueOf(one)])) as Partial<R>;
  }
}

/**
 * Takes a record that is newer than the base of somebody's edits into their form: fields that they did not touch are
 * taken over, the others stay as typed, and those that both changed are named. Nothing is sent.
 */
export function rebase<R extends Versioned>(base: R, edits: Partial<R>, current: R): { record: R; clashing: string[] } {
  const mine = changedFields(base, edits);
  const clashing = Object.keys(mine).filter((field) => {
    const name = field as keyof R;
    return !sameJson(base[name], current[name]) && !sameJson(mine[name], current[name]);
  });
  return { record: { ...current, ...mine }, clashing };
}
