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
  /** It was this tab's until somebody took it over: see `holder`. */
  | 'lost'
  /** It could not be asked for, or not be kept while the network was away: see `error`. */
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
  const last = useRef<Promise<void>>(Promise.resolve());
  /** Raised whenever what was asked for before does not count any more. */
  const asked = useRef(0);

  /** One call after the other: a lease that is given back late must not be the one that was taken anew. */
  const inTurn = useCallback((work: () => Promise<void>) => {
    last.current = last.current.then(work);
    return last.current;
  }, []);

  const release = useCallback(() => {
    asked.current += 1;
    setStatus({ state: 'none' });
    return inTurn(async () => {
      const giving = held.current;
      held.current = undefined;
      // It expires by itself within half a minute.
      await giving?.release().catch(() => {});
    });
  }, [inTurn]);

  const begin = useCallback(
    (takeOver: boolean) => {
      const mine = ++asked.current;
      if (!subject) return Promise.resolve();
      setStatus({ state: 'taking' });
      return inTurn(async () => {
        if (mine !== asked.current) return;
        if (held.current) return setStatus({ state: 'held' });
        const onLost = (error: unknown) => {
          held.current = undefined;
          const holder = holderOf(error);
          setStatus(holder ? { state: 'lost', holder, error } : { state: 'failed', error });
        };
        try {
          held.current = await client.leases.hold(subject, { takeOver, onLost });
          if (mine === asked.current) setStatus({ state: 'held' });
        } catch (error) {
          if (mine !== asked.current) return;
          const holder = holderOf(error);
          setStatus(holder ? { state: 'other', holder, error } : { state: 'failed', error });
        }
      });
    },
    [client, subject, inTurn],
  );

  useEffect(() => {
    if (!subject || !hold) return;
    void begin(false);
    return () => void release();
  }, [subject, hold, begin, release]);

  useEffect(() => () => void release(), [release]);

  // After a lost network it is asked for again as soon as the feed is there.
  const hasFailed = status.state === 'failed';
  useEffect(() => {
    if (!hold || !hasFailed) return;
    let wasOpen = client.feedState === 'open';
    return client.subscribe(() => {
      const isOpen = client.feedState === 'open';
      if (isOpen && !wasOpen) void begin(false);
      wasOpen = isOpen;
    });
  }, [client, hold, hasFailed, begin]);

  const take = useCallback(() => begin(false), [begin]);
  const takeOver = useCallback(() => begin(true), [begin]);
  return useMemo(() => {
    const { state, holder, error } = status;
    return { state, holder, error, take, takeOver, release };
  }, [status, take, takeOver, release]);
}
