// SPDX-License-Identifier: Apache-2.0
import type { Presence, PresenceHandle } from '@interlock/client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useInterlock, useKnownSession } from '../provider.js';

/** Who else is at a record. */
export interface Present {
  /** Everybody but this user. */
  readonly others: Presence['users'];
  /** Those of them who edit. */
  readonly editing: Presence['users'];
  /** Who holds the right to edit, this user included. */
  readonly lease: Presence['lease'];
}

/** Shows who else is at a record, and shows others what this user does there; null: only looks who is there. */
export function usePresence(
  subject: string | null | undefined,
  state: 'viewing' | 'editing' | null = 'viewing',
): Present {
  const client = useInterlock();
  const me = useKnownSession()?.user.id;
  const [presence, setPresence] = useState<Presence>();
  const handle = useRef<PresenceHandle | undefined>(undefined);
  const wanted = useRef(state);

  useEffect(() => {
    // Another user has another feed.
    if (!subject || !me) return;
    const made = client.presence(subject, setPresence);
    handle.current = made;
    made.set(wanted.current);
    return () => {
      made.end();
      handle.current = undefined;
      setPresence(undefined);
    };
  }, [client, subject, me]);

  useEffect(() => {
    wanted.current = state;
    handle.current?.set(state);
  }, [state]);

  return useMemo(() => {
    const others = presence?.users.filter((user) => user.id !== me) ?? [];
    const editing = others.filter((user) => user.state === 'editing');
    return { others, editing, lease: presence?.lease ?? null };
  }, [presence, me]);
}
