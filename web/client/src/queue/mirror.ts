// SPDX-License-Identifier: Apache-2.0
import type { StoredAction } from './action.js';

type Edit = (actions: readonly StoredAction[]) => readonly StoredAction[];

/** A copy in memory of what is kept. Edits made while it is read anew are made again on what was read. */
export class Mirror {
  #actions: readonly StoredAction[] = [];
  #edits: Edit[] = [];
  #readings = 0;

  /** The actions in their order. */
  get actions(): readonly StoredAction[] {
    return this.#actions;
  }

  /** Reads everything anew. */
  async reload(list: () => Promise<readonly StoredAction[]>): Promise<void> {
    if (this.#readings++ === 0) this.#edits = [];
    const from = this.#edits.length;
    try {
      const actions = await list();
      this.#actions = this.#edits.slice(from).reduce((edited, edit) => edit(edited), actions);
    } finally {
      this.#readings -= 1;
    }
  }

  /** Takes one more in its place, unless it is there. */
  insert(action: StoredAction): void {
    this.#edit((actions) => {
      if (actions.some((one) => one.key === action.key)) return actions;
      const last = actions.at(-1);
      const inOrder = !last || last.position < action.position;
      return inOrder ? [...actions, action] : [...actions, action].sort((a, b) => a.position - b.position);
    });
  }

  /** Replaces those that are at the same positions. */
  replace(changed: readonly StoredAction[]): void {
    if (changed.length === 0) return;
    const byPosition = new Map(changed.map((action) => [action.position, action]));
    this.#edit((actions) => actions.map((action) => byPosition.get(action.position) ?? action));
  }

  /** Takes those with these keys out. */
  remove(keys: ReadonlySet<string>): void {
    this.#edit((actions) => actions.filter((action) => !keys.has(action.key)));
  }

  #edit(edit: Edit): void {
    this.#actions = edit(this.#actions);
    if (this.#readings > 0) this.#edits.push(edit);
  }
}
