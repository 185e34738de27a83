// SPDX-License-Identifier: Apache-2.0
// Drafts in the browser's storage: what somebody typed and did not send yet. Written with every change, since a tab may
// crash at any time; bound to a user in a tenant; bounded in number and age.
const prefix = 'interlock-draft|';

/** Bounds of drafts. */
export const draftLimits = { countMax: 200, keptMsMax: 30 * 86_400_000 } as const;

interface Kept {
  readonly at: number;
  readonly value: unknown;
}

/** What was typed, if it is still there. */
export function readDraft(owner: string, name: string): unknown {
  try {
    const text = localStorage.getItem(`${prefix}${owner}|${name}`);
    return text === null ? undefined : (JSON.parse(text) as Kept).value;
  } catch {
    return undefined; // no storage, or nothing that we wrote
  }
}

/** Keeps a draft; undefined: forgets it. False where the browser keeps nothing. */
export function writeDraft(owner: string, name: string, value: unknown, now: number = Date.now()): boolean {
  const key = `${prefix}${owner}|${name}`;
  try {
    if (value === undefined) {
      localStorage.removeItem(key);
      return true;
    }
    if (localStorage.getItem(key) === null) makeRoom(now);
    localStorage.setItem(key, JSON.stringify({ at: now, value } satisfies Kept));
    return true;
  } catch {
    return false; // a private window, or full
  }
}

/** Drops what is too old, and the oldest where there are too many. */
function makeRoom(now: number): void {
  const names = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!);
  const drafts = names.filter((name) => name.startsWith(prefix)).map((name) => ({ name, at: ageOf(name) }));
  drafts.sort((a, b) => b.at - a.at);
  for (const [i, { name, at }] of drafts.entries()) {
    if (i >= draftLimits.countMax - 1 || now - at > draftLimits.keptMsMax) localStorage.removeItem(name);
  }
}

function ageOf(name: string): number {
  try {
    return Number((JSON.parse(localStorage.getItem(name) ?? '') as Kept).at) || 0;
  } catch {
    return 0; // nothing that we wrote: it goes first
  }
}
