// SPDX-License-Identifier: Apache-2.0
// Chooses one tab out of all that ask for the same name, and another when that one closes or crashes: by Web Locks, or,
// where pages without TLS have none, by a lease that is renewed and runs out.
import type { Platform } from '../platform.js';

/** A lease for browsers without Web Locks. True: `holder` has it until `until`. */
export type TakeLease = (name: string, holder: string, now: number, until: number) => Promise<boolean>;

const leaseMs = 10_000;
const renewMs = 3_000;

/**
 * Calls `onElected` once this tab is chosen, and `onLost` should it cease to be (only a lease can run out: a tab that was
 * asleep). The function it answers gives the place up. Without locks and without a lease this tab is chosen at once.
 */
export function standForElection(
  platform: Platform,
  name: string,
  work: { onElected: () => void; onLost: () => void },
  lease?: { holder: string; take: TakeLease },
): () => void {
  if (platform.locks) return electByLock(platform.locks, name, work.onElected);
  if (lease) return electByLease(platform, name, work, lease);
  work.onElected();
  return () => {};
}

function electByLock(locks: NonNullable<Platform['locks']>, name: string, onElected: () => void): () => void {
  const waiting = new AbortController();
  let release: () => void = () => {};
  let ended = false;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run = async () => {
    if (ended) return;
    onElected();
    await held;
  };
  locks.request(name, { signal: waiting.signal }, run).catch(() => {}); // given up while waiting: that is all it means
  return () => {
    ended = true;
    waiting.abort();
    release();
  };
}

function electByLease(
  platform: Platform,
  name: string,
  work: { onElected: () => void; onLost: () => void },
  lease: { holder: string; take: TakeLease },
): () => void {
  let elected = false;
  let ended = false;
  let stopTimer = () => {};
  const renew = async () => {
    const now = platform.now();
    // Storage that fails elects nobody: the queue tells its user that storage failed.
    const has = await lease.take(name, lease.holder, now, now + leaseMs).catch(() => false);
    if (ended) return;
    if (has && !elected) work.onElected();
    if (!has && elected) work.onLost();
    elected = has;
    stopTimer = platform.timer(renewMs, renew);
  };
  void renew();
  return () => {
    ended = true;
    stopTimer();
    const now = platform.now();
    if (elected) lease.take(name, lease.holder, now, now).catch(() => {}); // it runs out by itself
  };
}
