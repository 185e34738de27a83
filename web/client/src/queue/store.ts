// SPDX-License-Identifier: Apache-2.0
// Where actions are kept. IndexedDB survives the tab; memory stands in where there is none, and says so.
import type { StoredAction } from './action.js';

/** An action that has no place in the order yet. */
export type NewAction = Omit<StoredAction, 'position'>;

/** All methods reject with StorageFailed and nothing else. */
export interface ActionStore {
  /** False: what is kept here ends with the tab. */
  readonly durable: boolean;
  /** Appends actions, in one commit. */
  add(actions: readonly NewAction[]): Promise<StoredAction[]>;
  /** All of an owner's actions, in order. */
  list(owner: string): Promise<StoredAction[]>;
  /** Replaces actions that are still there and removes others, in one commit. Answers those that were there. */
  change(puts: readonly StoredAction[], removedKeys: readonly string[]): Promise<string[]>;
  /** See TakeLease. */
  takeLease(name: string, holder: string, now: number, until: number): Promise<boolean>;
  /** A small value that outlives the tab: who was logged in last. */
  remember(name: string, value: unknown): Promise<void>;
  recall(name: string): Promise<unknown>;
  close(): void;
}

/** Positions from here on are those of actions in memory, behind whatever is kept durably. */
export const memoryPositionsFrom = 2 ** 52;

/** Keeps actions as long as the tab lives. */
export class MemoryStore implements ActionStore {
  readonly durable = false;
  readonly #actions = new Map<number, StoredAction>();
  readonly #values = new Map<string, unknown>();
  #position: number;

  constructor(positionsFrom = 0) {
    this.#position = positionsFrom;
  }

  async add(actions: readonly NewAction[]): Promise<StoredAction[]> {
    const added = actions.map((action) => ({ ...action, position: ++this.#position }));
    for (const action of added) this.#actions.set(action.position, action);
    return added;
  }

  async list(owner: string): Promise<StoredAction[]> {
    return [...this.#actions.values()].filter((action) => action.owner === owner);
  }

  async change(puts: readonly StoredAction[], removedKeys: readonly string[]): Promise<string[]> {
    const there = puts.filter((action) => this.#actions.has(action.position));
    for (const action of there) this.#actions.set(action.position, action);
    const removed = [...this.#actions.values()].filter((action) => removedKeys.includes(action.key));
    for (const action of removed) this.#actions.delete(action.position);
    return [...there, ...removed].map((action) => action.key);
  }

  async takeLease(): Promise<boolean> {
    return true;
  }

  async remember(name: string, value: unknown): Promise<void> {
    this.#values.set(name, value);
  }

  async recall(name: string): Promise<unknown> {
    return this.#values.get(name);
  }

  close(): void {}
}
