// SPDX-License-Identifier: Apache-2.0
// What may be sent now, and what has to wait for what. Pure: a function of the actions in their order and of the time.
//
// - Two actions that name a record in common go in the order in which they were made.
// - An action that was refused, or is too old to be sent by itself, is set aside. Set aside with it is what builds on it:
//   what names a record that it would have made, what changes a record that it would have changed, and what asked to come
//   after it. A comment about a customer whose change was refused goes on: it needs the customer, not the change.
// - Everything else goes on.
import type { StoredAction } from './action.js';

/** Where an action stands. */
export type Standing =
  /** May be sent now. */
  | 'ready'
  /** Comes after others that were not answered yet. */
  | 'waiting'
  /** The server said no: retry or discard it. */
  | 'refused'
  /** Builds on one that was refused or is too old. */
  | 'held'
  /** Older than the server keeps keys: retry or discard it. */
  | 'too_old';

/** An action and where it stands. */
export interface Planned {
  readonly action: StoredAction;
  readonly standing: Standing;
  /** The key of the action that it is held by. */
  readonly heldBy?: string;
}

/** Where every action stands, in order. Those that are being sent count as not answered yet. */
export function plan(actions: readonly StoredAction[], now: number, keysKeptMs: number): Planned[] {
  const occupied = new Set<string>();
  const unmade = new Map<string, string>();
  const unchanged = new Map<string, string>();
  const asideKeys = new Set<string>();
  const openKeys = new Set<string>();

  const heldBy = (action: StoredAction): string | undefined =>
    firstOf(action.mentions, unmade) ?? firstOf(action.writes, unchanged) ?? action.after.find((k) => asideKeys.has(k));

  return actions.map((action) => {
    const holder = heldBy(action);
    const own = ownStanding(action, now, keysKeptMs);
    if (own || holder !== undefined) {
      for (const id of action.creates) if (!unmade.has(id)) unmade.set(id, action.key);
      for (const id of action.writes) if (!unchanged.has(id)) unchanged.set(id, action.key);
      asideKeys.add(action.key);
      return { action, standing: own ?? 'held', ...(!own && holder !== undefined && { heldBy: holder }) };
    }
    const waits = action.mentions.some((id) => occupied.has(id)) || action.after.some((key) => openKeys.has(key));
    for (const id of action.mentions) occupied.add(id);
    openKeys.add(action.key);
    return { action, standing: waits ? 'waiting' : 'ready' };
  });
}

function ownStanding(action: StoredAction, now: number, keysKeptMs: number): 'refused' | 'too_old' | undefined {
  if (action.error) return 'refused';
  return now - action.confirmedAt >= keysKeptMs ? 'too_old' : undefined;
}

function firstOf(ids: readonly string[], map: ReadonlyMap<string, string>): string | undefined {
  for (const id of ids) if (map.has(id)) return map.get(id);
  return undefined;
}

/** The keys of all actions that cannot succeed without the given one: what names a record that it makes, and so on. */
export function cannotDoWithout(actions: readonly StoredAction[], key: string): string[] {
  const lost = new Set<string>();
  const keys = new Set([key]);
  for (const action of actions) {
    const affected =
      action.key === key || action.mentions.some((id) => lost.has(id)) || action.after.some((k) => keys.has(k));
    if (!affected) continue;
    keys.add(action.key);
    for (const id of action.creates) lost.add(id);
  }
  keys.delete(key);
  return [...keys];
}
