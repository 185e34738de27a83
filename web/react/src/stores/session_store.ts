// SPDX-License-Identifier: Apache-2.0
// Who is logged in, as a store that all hooks of one client share.
import type { InterlockClient, Session } from '@interlock/client';
import { onePerClient, type Store } from './store.js';

/** Who is logged in, as far as this browser knows. */
export type SessionState =
  | { readonly status: 'loading' }
  | { readonly status: 'known'; readonly session: Session }
  | { readonly status: 'none' };

/** The one session store of a client; it asks when the first listener comes, and again after every log-in and log-out. */
export const sessionStoreOf = onePerClient(makeStore);

function makeStore(client: InterlockClient): Store<SessionState> {
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'loading' };
  let asked = 0;
  let end = () => {};
  const ask = async () => {
    const mine = ++asked;
    // A server that cannot be reached and a browser that knows nobody: nobody, until somebody logs in.
    // With an owner of the program's own there are no sessions of ours: that server is not asked for any.
    const session = client.owner === undefined ? await client.sessions.answered().catch(() => undefined) : undefined;
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
