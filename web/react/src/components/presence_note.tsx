// SPDX-License-Identifier: Apache-2.0
import { isInterlockError } from '@interlock/client';
import { type ReactNode, useEffect, useRef } from 'react';
import type { LeaseHandle } from '../hooks/use_lease.js';
import { usePresence } from '../hooks/use_presence.js';
import { useFormat, useTexts } from '../provider.js';
import { Icon } from './icons.js';
import { Notice, ProblemMessage } from './problem_message.js';

/** Who else is at a record. */
export interface PresenceNoteProps {
  readonly subject: string;
  /** What this user does there; null: nothing that others are shown. */
  readonly state?: 'viewing' | 'editing' | null;
  /** The right to edit, where the page asks for it; then it can be taken over here. */
  readonly lease?: LeaseHandle;
}

const namesMax = 3;

/** "Ana is editing"; with the lease, who has it and a way to take it over. */
export function PresenceNote({ subject, state = 'viewing', lease }: PresenceNoteProps): ReactNode {
  const { others, editing, lease: held } = usePresence(subject, state);
  const texts = useTexts();
  const format = useFormat();
  const viewing = others.filter((one) => one.state === 'viewing');
  const names = (users: typeof others) => {
    const shown = users.slice(0, namesMax).map((one) => one.name);
    const rest = users.length - shown.length;
    return format.list(rest > 0 ? [...shown, texts.presence.others(format.number(rest))] : shown);
  };
  const takeOver = { text: texts.takeOver, onClick: () => void lease?.takeOver() };
  const takeBack = { text: texts.presence.takeBack, onClick: () => void lease?.takeOver() };
  const holder = lease?.holder ?? (lease?.state === 'other' ? held : null);
  useTakeOnceFree(lease, held !== null);
  return (
    <div className="il-presence" data-editing={editing.length > 0}>
      <p role="status" className="il-presence-line">
        {editing.length > 0 && (
          <span className="il-presence-editing">
            <Icon name="person" /> {texts.presence.editing(names(editing), editing.length)}
          </span>
        )}
        {viewing.length > 0 && (
          <span className="il-dim">
            {editing.length === 0 && <Icon name="person" />} {texts.presence.viewing(names(viewing), viewing.length)}
          </span>
        )}
      </p>
      {lease?.state === 'other' && holder && (
        <Notice
          tone="warning"
          title={texts.presence.lease(holder.name)}
          text={texts.presence.leaseText}
          actions={[takeOver]}
        />
      )}
      {lease?.state === 'lost' && <Notice tone="warning" title={texts.presence.leaseLost} actions={[takeBack]} />}
      <p className="il-visually-hidden" role="status">
        {lease?.state === 'held' ? texts.presence.leaseMine : ''}
      </p>
      {lease?.state === 'failed' && !mendsItself(lease.error) && (
        <ProblemMessage error={lease.error} onRetry={() => void lease.take()} />
      )}
    </div>
  );
}

/** Who waits for the right to edit gets it when the one who had it is done. */
function useTakeOnceFree(lease: LeaseHandle | undefined, isHeld: boolean): void {
  const wasHeld = useRef(false);
  const latest = useRef(lease);
  latest.current = lease;
  useEffect(() => {
    if (wasHeld.current && !isHeld && latest.current?.state === 'other') void latest.current.take();
    wasHeld.current = isHeld;
  }, [isHeld]);
}

/** A lost network is told elsewhere, and the right is asked for again by itself. */
const mendsItself = (error: unknown) => isInterlockError(error) && error.retryable;
