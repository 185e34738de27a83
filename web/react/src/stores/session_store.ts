// SPDX-License-Identifier: Apache-2.0
// Who is logged in, as a store that all hooks of one client share.
import type { InterlockClient, Session } from '@interlock/client';

/** Who is logged in, as far as this browser knows. */
export type SessionState =
  | { readonly status: 'loading' }
  | { readonly status: 'known'; readonly session: Session }
  | { readonly status: 'none' };

/** An external store of React. */
export interface Store<T> {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changes. */
  readonly get: () => T;
}

const stores = new WeakMap<InterlockClient, Store<SessionState>>();

/** The one session store of a client; it asks when the first listener comes, and again after every log-in and log-out. */
export function sessionStoreOf(client: InterlockClient): Store<SessionState> {
  const known = stores.get(client);
  if (known) return known;
  const made = makeStore(client);
  stores.set(client, made);
  return made;
}

function makeStore(client: InterlockClient): Store<SessionState> {
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'loading' };
  let asked = 0;
  let end = () => {};
  const ask = async () => {
    const mine = ++asked;
    // A server that cannot be reached and a browser that knows nobody: nobody, until somebody logs in.
    const session = await client.sessions.known().catch(() => undefined);
    if (mine !== asked) return;
    state = session ? { status: 'known', session } : { status: 'none' };
    for (const listener of [...listeners]) listener();
  };
  return {
    subscribe: (listener) => {
      if (listeners.size === 0) {
        end = client.sessions.subscribe(() => void ask());
        void ask();
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) end();
      };
    },
    get: () => state,
  };
}
