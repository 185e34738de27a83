// SPDX-License-Identifier: Apache-2.0
import type { InterlockError } from '../errors.js';

interface Waiter {
  readonly promise: Promise<unknown>;
  resolve(answer: unknown): void;
  reject(error: InterlockError): void;
}

/** The promises of actions that are not answered yet, by key; those who wait for one key share one. */
export class Waiters {
  readonly #waiters = new Map<string, Waiter>();

  /** The promise of an action's answer. */
  of(key: string): Promise<unknown> {
    const known = this.#waiters.get(key);
    if (known) return known.promise;
    let resolve: Waiter['resolve'] = () => {};
    let reject: Waiter['reject'] = () => {};
    const promise = new Promise<unknown>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    promise.catch(() => {}); // whoever does not wait reads the queue instead
    this.#waiters.set(key, { promise, resolve, reject });
    return promise;
  }

  /** Takes the one who waits for a key, to be told. */
  take(key: string): Waiter | undefined {
    const waiter = this.#waiters.get(key);
    this.#waiters.delete(key);
    return waiter;
  }
}
