// SPDX-License-Identifier: Apache-2.0
import { type HeldLease, holderOf, type LeaseHolder } from '@interlock/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useInterlock } from '../provider.js';

/** How the right to edit a record stands. */
export type LeaseState =
  | 'none'
  | 'taking'
  /** This tab has it, and renews it. */
  | 'held'
  /** Somebody else has it: see `holder`. */
  | 'other'
  /** It was this tab's until somebody took it over, or the network was away for too long. */
  | 'lost'
  /** It could not be asked for: see `error`. */
  | 'failed';

/** The right to edit a record. */
export interface LeaseHandle {
  readonly state: LeaseState;
  readonly holder: LeaseHolder | undefined;
  readonly error: unknown;
  take(): Promise<void>;
  /** Takes it from whoever holds it. */
  takeOver(): Promise<void>;
  release(): Promise<void>;
}

interface Status {
  readonly state: LeaseState;
  readonly holder?: LeaseHolder;
  readonly error?: unknown;
}

/** The right to edit a record, kept while `hold` is true and given back when the component goes. */
export function useLease(subject: string | null | undefined, { hold = false }: { hold?: boolean } = {}): LeaseHandle {
  const client = useInterlock();
  const [status, setStatus] = useState<Status>({ state: 'none' });
  const held = useRef<HeldLease | undefined>(undefined);
  /** Raised whenever what was asked for before does not count any more. */
  const asked = useRef(0);

  const release = useCallback(async () => {
    asked.current += 1;
    const giving = held.current;
    held.current = undefined;
    setStatus({ state: 'none' });
    // It expires by itself within half a minute.
    await giving?.release().catch(() => {});
  }, []);

  const begin = useCallback(
    async (takeOver: boolean) => {
      if (!subject) return;
      const mine = ++asked.current;
      setStatus({ state: 'taking' });
      try {
        const onLost = (error: unknown) => {
          held.current = undefined;
          const holder = holderOf(error);
          setStatus({ state: 'lost', error, ...(holder && { holder }) });
        };
        const lease = await client.leases.hold(subject, { takeOver, onLost });
        if (mine !== asked.current) return void lease.release().catch(() => {});
        held.current = lease;
        setStatus({ state: 'held' });
      } catch (error) {
        if (mine !== asked.current) return;
        const holder = holderOf(error);
        setStatus(holder ? { state: 'other', holder, error } : { state: 'failed', error });
      }
    },
    [client, subject],
  );

  useEffect(() => {
    if (!subject || !hold) return;
    void begin(false);
    return () => void release();
  }, [subject, hold, begin, release]);

  useEffect(() => () => void release(), [release]);

  const take = useCallback(() => begin(false), [begin]);
  const takeOver = useCallback(() => begin(true), [begin]);
  return useMemo(() => {
    const { state, holder, error } = status;
    return { state, holder, error, take, takeOver, release };
  }, [status, take, takeOver, release]);
}
