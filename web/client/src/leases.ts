// SPDX-License-Identifier: Apache-2.0
// The right to edit, for a while: advice to people, binding where the tenant's settings say so.
import type { Caller } from './collection.js';
import { CollectionCalls } from './collection.js';
import { type InterlockError, isInterlockError, Refusal } from './errors.js';
import type { Lease } from './generated/api.js';
import type { Platform } from './platform.js';
import type { CallOptions } from './transport.js';

/** Somebody else's hold on a record, as a refusal tells it. */
export interface LeaseHolder {
  readonly id: string;
  readonly name: string;
  readonly expires_at: string;
}

/** A lease that renews itself until it is released, or lost. */
export interface HeldLease {
  readonly lease: Lease;
  release(): Promise<void>;
}

/** How a lease is held. */
export interface HoldOptions {
  /** Takes it from whoever holds it. */
  takeOver?: boolean;
  /** Somebody took it over, or the network was away for too long. */
  onLost?: (error: InterlockError) => void;
}

/** Renewed three times within its life of 30 s, so that one lost call costs nothing. */
const renewMs = 10_000;

/** The holder that a refused take names. */
export function holderOf(error: unknown): LeaseHolder | undefined {
  return error instanceof Refusal && error.code === 'leased' ? (error.document.holder as LeaseHolder) : undefined;
}

/** The calls of leases; `hold` is what an edit form wants. */
export class LeaseCalls extends CollectionCalls<'leases'> {
  readonly #platform: Platform;
  readonly #held = new Set<() => void>();

  constructor(caller: Caller, platform: Platform) {
    super('leases', caller);
    this.#platform = platform;
  }

  /** Takes or renews the lease of a record. Refused as `leased` while somebody else has it; see holderOf. */
  take(subject: string, { takeOver = false, ...options }: CallOptions & { takeOver?: boolean } = {}): Promise<Lease> {
    return this.caller.write('leases/take', { subject, ...(takeOver && { take_over: true }) }, options);
  }

  /** Makes the lease last for another 30 s. */
  renew(subject: string, options?: CallOptions): Promise<Lease> {
    return this.caller.write('leases/renew', { subject }, options);
  }

  /** Gives it back. */
  release(subject: string, options?: CallOptions): Promise<{ readonly released: boolean }> {
    return this.caller.write('leases/release', { subject }, options);
  }

  /** Takes the lease and keeps it until it is released. */
  async hold(subject: string, { takeOver = false, onLost = () => {} }: HoldOptions = {}): Promise<HeldLease> {
    const held = { lease: await this.take(subject, { takeOver }) };
    let stopTimer = () => {};
    const stop = () => {
      stopTimer();
      this.#held.delete(stop);
    };
    const renew = async () => {
      try {
        held.lease = await this.renew(subject);
      } catch (error) {
        if (!isInterlockError(error)) throw error;
        const over = this.#platform.now() >= Date.parse(held.lease.expires_at);
        if (!error.retryable || over) {
          stop();
          return onLost(error);
        }
      }
      if (this.#held.has(stop)) stopTimer = this.#platform.timer(renewMs, renew);
    };
    this.#held.add(stop);
    stopTimer = this.#platform.timer(renewMs, renew);
    return {
      get lease() {
        return held.lease;
      },
      release: async () => {
        stop();
        await this.release(subject);
      },
    };
  }

  /** Ends all renewing; the leases expire by themselves. */
  close(): void {
    for (const stop of [...this.#held]) stop();
  }
}
