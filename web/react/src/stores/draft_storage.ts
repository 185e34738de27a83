// SPDX-License-Identifier: Apache-2.0
// Drafts in the browser's storage: what somebody typed and did not send yet. Written with every change, since a tab may
// crash at any time; bound to a user in a tenant; bounded in number and age.
import { collectionOf } from '@interlock/client';

const prefix = 'interlock-draft|';

/** Bounds of drafts. */
export const draftLimits = { countMax: 200, keptMsMax: 30 * 86_400_000 } as const;

interface Kept {
  readonly at: number;
  readonly value: unknown;
}

/** What is typed into a record, or is to be added to one: it counts as not saved. What stands on its own does not. */
const editPrefix = 'edit:';
const additionPrefix = 'add:';
/** Edits that the browser does not keep: gone with the page. */
const unkept = new Map<string, number>();
const listeners = new Set<() => void>();
const dropListeners = new Set<(owner: string, name: string) => void>();

/** An edit of a record, or an addition to it, that is not saved. */
export interface UnsavedEdit {
  readonly name: string;
  readonly record: string;
  /** What saving it does: `customers/update`, `comments/create`. */
  readonly operation: string;
}

/** All edits of one user that are not saved. */
export interface UnsavedEdits {
  readonly edits: readonly UnsavedEdit[];
  /** Whether leaving the page loses some. */
  readonly losable: boolean;
}

/** Under which the browser keeps a draft. */
const keyOf = (owner: string, name: string) => `${prefix}${owner}|${name}`;

/** The name of what is typed into a record's form. */
export function nameOfEdit(form: string, record: string): string {
  return `${editPrefix}${form}:${record}`;
}

/** The name of what is to be added to a record: a comment that is half typed. */
export function nameOfAddition(collection: string, record: string): string {
  return `${additionPrefix}${collection}:${record}`;
}

/** What is not saved now. */
export function unsavedEdits(owner: string): UnsavedEdits {
  const start = keyOf(owner, '');
  const mine = (keys: Iterable<string>) =>
    [...keys]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length))
      .filter((name) => name.startsWith(editPrefix) || name.startsWith(additionPrefix));
  const lost = mine(unkept.keys());
  const names = [...new Set([...mine(keysKept()), ...lost])].sort();
  return { edits: names.map(unsavedEdit), losable: lost.length > 0 };
}

function unsavedEdit(name: string): UnsavedEdit {
  const at = name.lastIndexOf(':');
  const record = name.slice(at + 1);
  const operation = name.startsWith(additionPrefix)
    ? `${name.slice(additionPrefix.length, at)}/create`
    : `${collectionOf(record) ?? ''}/update`;
  return { name, record, operation };
}

/** Calls the listener whenever a draft comes or goes, here or in another tab; the function it answers ends that. */
export function onDrafts(listener: () => void): () => void {
  if (listeners.size === 0) globalThis.window?.addEventListener('storage', onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) globalThis.window?.removeEventListener('storage', onStorage);
  };
}

/** Says that something is typed that cannot be kept; until the function is called that it answers. */
export function noteUnkept(owner: string, name: string): () => void {
  const key = keyOf(owner, name);
  unkept.set(key, (unkept.get(key) ?? 0) + 1);
  tell();
  return () => {
    const left = unkept.get(key)! - 1;
    if (left > 0) unkept.set(key, left);
    else unkept.delete(key);
    tell();
  };
}

/** Forgets a draft, in the form where it stands too. */
export function dropDraft(owner: string, name: string): void {
  writeDraft(owner, name, undefined);
  for (const listener of [...dropListeners]) listener(owner, name);
}

/** Calls the listener when a draft is dropped by its user elsewhere on the page; the function it answers ends that. */
export function onDropped(listener: (owner: string, name: string) => void): () => void {
  dropListeners.add(listener);
  return () => dropListeners.delete(listener);
}

function onStorage({ key }: StorageEvent): void {
  if (key === null || key.startsWith(prefix)) tell();
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

function keysKept(): string[] {
  try {
    const all = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!);
    return all.filter((key) => key.startsWith(prefix));
  } catch {
    return []; // no storage
  }
}

/** What was typed, if it is still there. */
export function readDraft(owner: string, name: string): unknown {
  try {
    const text = localStorage.getItem(keyOf(owner, name));
    return text === null ? undefined : (JSON.parse(text) as Kept).value;
  } catch {
    return undefined; // no storage, or nothing that we wrote
  }
}

/** Keeps a draft; undefined: forgets it. False where the browser keeps nothing. */
export function writeDraft(owner: string, name: string, value: unknown, now: number = Date.now()): boolean {
  const key = keyOf(owner, name);
  try {
    const isNew = localStorage.getItem(key) === null;
    if (value === undefined) localStorage.removeItem(key);
    else {
      if (isNew) makeRoom(now);
      localStorage.setItem(key, JSON.stringify({ at: now, value } satisfies Kept));
    }
    if (isNew === (value !== undefined)) tell();
    return true;
  } catch {
    return false; // a private window, or full
  }
}

/** Drops what is too old, and the oldest where there are too many. */
function makeRoom(now: number): void {
  const drafts = keysKept().map((name) => ({ name, at: ageOf(name) }));
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
