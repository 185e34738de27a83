// SPDX-License-Identifier: Apache-2.0
// Who is logged in, what they may do, and the settings of their tenant.
import { isInterlockError, Refusal, type Session, type Settings } from '@interlock/client';
import { useLiveQuery, useLiveRecord } from '@interlock/react';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { client, queries } from '../client';
import { loadSoon } from '../lib/live';

const Context = createContext<Session | null>(null);

const question = { queryKey: ['session'], queryFn: askSession, staleTime: Number.POSITIVE_INFINITY };

const settingsQuery = { limit: 1 } as const;

/** Asks before anything is drawn: nearly every page waits for the answers. */
export async function askEarly(): Promise<void> {
  if (await sessionNow()) await loadSoon('settings', settingsQuery);
}

/** Who is logged in, for what is loaded ahead of a page; null also where that cannot be told. */
export async function sessionNow(): Promise<Session | null> {
  return queries.ensureQueryData(question).catch(() => null); // MembersOnly tells
}

/** Asks who is logged in; null: nobody. Without a network, whoever was there last: their work goes on. */
export function useSessionQuery() {
  useEffect(() => {
    const ask = () => void queries.invalidateQueries({ queryKey: ['session'] });
    const ends = [
      client.sessions.subscribe(ask),
      // Ended elsewhere: by a log-out everywhere, a new password, an administrator.
      client.subscribe(() => {
        if (client.feedState === 'logged_out' && queries.getQueryData(['session'])) ask();
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return useQuery(question);
}

async function askSession(): Promise<Session | null> {
  try {
    return await client.sessions.known();
  } catch (error) {
    if (isInterlockError(error) && error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** The session; only inside of what is shown to somebody who is logged in. */
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('nobody is logged in here');
  return session;
}

/** Whether a list of permissions (`customers.*`, `*`) allows one (`customers.write`). */
export function allows(permissions: readonly string[], wanted: string): boolean {
  const family = `${wanted.split('.')[0]}.*`;
  return permissions.some((one) => one === '*' || one === wanted || one === family);
}

/** Tells what the user may do: for what to show; the server decides. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession().user;
  return (permission) => allows(permissions, permission);
}

/** Asks anew who is logged in as soon as somebody has changed their name or rights: pages and buttons follow. */
export function useFreshRights({ user }: Session): void {
  const { record } = useLiveRecord('users', user.id);
  const now = record && JSON.stringify([record.name, record.role, record.scopes]);
  const asked = useRef<string>(undefined);
  const isOld = record !== undefined && record.role !== user.role;
  useEffect(() => {
    if (now === undefined || now === asked.current) return;
    const isFirst = asked.current === undefined;
    asked.current = now;
    if (!isFirst || isOld) void queries.invalidateQueries({ queryKey: ['session'] });
  }, [now, isOld]);
}

/** The tenant's settings, live; undefined until they are there. */
export function useSettings(): Settings | undefined {
  return useLiveQuery('settings', settingsQuery).items[0];
}

/** Whether the settings are still under way: language and time zone of everything depend on them. */
export function useSettingsLoading(): boolean {
  return useLiveQuery('settings', settingsQuery).status === 'loading';
}

/** Whether the session that is over was ended here, by its own user. */
let isLeaving = false;

/** True once a session that was there has ended without a wish of its user's: whoever stands outside is told. */
export function useWasEnded(session: Session | null | undefined): boolean {
  const wasThere = useRef(false);
  if (session && !wasThere.current) {
    wasThere.current = true;
    isLeaving = false;
  }
  if (session === null && isLeaving) wasThere.current = false;
  return session === null && wasThere.current;
}

/** Ends the session here; actions that wait stay in the browser for the same user. */
export async function logOut(): Promise<void> {
  // Other parts of the page hear of the end before this one does.
  isLeaving = true;
  await client.sessions.logOut().catch((error) => {
    isLeaving = false;
    throw error;
  });
  await forgetEverything();
}

/** After somebody else came in, or nobody is there: nothing of the last user's stays in memory. */
export async function forgetEverything(): Promise<void> {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  await queries.invalidateQueries({ queryKey: ['session'] });
}
