// SPDX-License-Identifier: Apache-2.0
import { type InterlockClient, ownerOf, type Session, sameJson } from '@interlock/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useInterlock, useKnownSession } from '../provider.js';
import { noteUnkept, onDropped, readDraft, writeDraft } from '../stores/draft_storage.js';

/** Something that is being typed. */
export interface Draft<T> {
  readonly value: T;
  /** The value as it is now, drawn or not. */
  get(): T;
  /** Keeps it at once. */
  set(value: T | ((before: T) => T)): void;
  /** Forgets it: it was sent, or is not wanted. */
  clear(): void;
  /** Whether it was found from before. */
  readonly restored: boolean;
  /** False: this browser keeps nothing, and closing the tab loses it. */
  readonly kept: boolean;
}

interface State<T> {
  readonly name: string;
  /** Undefined: typed before it was known who is logged in. */
  readonly owner: string | undefined;
  readonly value: T;
  readonly restored: boolean;
  readonly kept: boolean;
  /** Typed here: what is found in the storage afterwards does not replace it. */
  readonly touched: boolean;
}

/** Whose drafts these are; undefined while that is not known. */
export function draftOwner(client: InterlockClient, session: Session | undefined): string | undefined {
  return client.owner ?? (session && ownerOf(client.baseUrl, session));
}

/** What a user types under a name: it outlives conflicts, reloads and crashes, and nobody else's session sees it. */
export function useDraft<T>(name: string, initial: T): Draft<T> {
  const client = useInterlock();
  const session = useKnownSession();
  const owner = draftOwner(client, session);
  const empty = useRef(initial);
  const fresh = useCallback(
    (): State<T> => ({ name, owner, value: empty.current, restored: false, kept: true, touched: false }),
    [name, owner],
  );
  const [state, setState] = useState(fresh);
  const latest = useRef(state);

  const show = useCallback((next: State<T>) => {
    latest.current = next;
    setState(next);
  }, []);

  useEffect(() => {
    // Whoever logged out may log in again: what they typed stays until it is known who comes.
    if (owner === undefined) return;
    const { name: before, owner: whose, touched } = latest.current;
    if (touched && before === name && (whose === undefined || whose === owner)) {
      show({ ...latest.current, owner, kept: writeDraft(owner, name, latest.current.value) });
      return;
    }
    const found = readDraft(owner, name) as T | undefined;
    show(found === undefined ? fresh() : { ...fresh(), value: found, restored: true });
  }, [owner, name, fresh, show]);

  useEffect(
    () => onDropped((whose, dropped) => void (whose === owner && dropped === name && show(fresh()))),
    [owner, name, fresh, show],
  );
  const isLosable = !state.kept && state.name === name && !sameJson(state.value, empty.current);
  useEffect(() => (isLosable && owner !== undefined ? noteUnkept(owner, name) : undefined), [isLosable, owner, name]);

  const get = useCallback(() => (latest.current.name === name ? latest.current.value : empty.current), [name]);

  const set = useCallback(
    (value: T | ((before: T) => T)) => {
      const next = typeof value === 'function' ? (value as (before: T) => T)(get()) : value;
      const kept = owner === undefined || writeDraft(owner, name, sameJson(next, empty.current) ? undefined : next);
      show({ name, owner: owner ?? latest.current.owner, value: next, restored: false, kept, touched: true });
    },
    [owner, name, get, show],
  );
  const clear = useCallback(() => {
    if (owner !== undefined) writeDraft(owner, name, undefined);
    show(fresh());
  }, [owner, name, fresh, show]);

  // While another draft is looked for, none is shown.
  const { value, restored, kept } = state.name === name ? state : fresh();
  return useMemo(() => ({ value, restored, kept, get, set, clear }), [value, restored, kept, get, set, clear]);
}
