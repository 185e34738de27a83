// SPDX-License-Identifier: Apache-2.0
// Surroundings for tests: a clock that jumps ahead when nothing else is to be done, channels and locks that tabs share,
// and tabs that can crash.
import { randomFillSync } from 'node:crypto';
import type { ChannelLike, LocksLike, Platform } from '../../src/platform.js';

const idleRounds = 200;
const patientRounds = 200_000;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Time that stands still until everybody waits for it. */
export class TestClock {
  now = Date.UTC(2026, 0, 5, 9);
  readonly #timers = new Set<{ at: number; work: () => void }>();

  timer(ms: number, work: () => void): () => void {
    const timer = { at: this.now + ms, work };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets things happen, and time pass, until the condition holds; fails after `ms` of that time. */
  async until(condition: () => unknown, ms = 600_000): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      for (let round = 0; round < (this.#timers.size > 0 ? idleRounds : patientRounds); round++) {
        if (await condition()) return;
        await turn();
      }
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (!next) throw new Error('nothing will happen any more');
      if (next.at > end) throw new Error(`not within ${ms} ms`);
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.work();
    }
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    let over = false;
    this.timer(ms, () => {
      over = true;
    });
    await this.until(() => over, ms + 1);
  }

  /** Waits for a promise, letting time pass. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    const mark = () => {
      done = true;
    };
    promise.then(mark, mark);
    await this.until(() => done);
    return promise;
  }
}

/** Time as it is. */
export const realClock = {
  get now() {
    return Date.now();
  },
  timer(ms: number, work: () => void): () => void {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** One browser: what its tabs share. */
export class TestBrowser<C extends Pick<TestClock, 'now' | 'timer'> = TestClock> {
  readonly channels = new Map<string, Set<TestChannel>>();
  readonly locks = new Map<string, Waiting[]>();
  #tabs = 0;

  constructor(readonly clock: C = new TestClock() as unknown as C) {}

  tab(): TestTab {
    return new TestTab(this, ++this.#tabs);
  }
}

interface Waiting {
  tab: TestTab;
  run: () => void;
}

class TestChannel implements ChannelLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  closed = false;

  constructor(
    readonly tab: TestTab,
    readonly name: string,
  ) {}

  postMessage(message: unknown): void {
    if (this.closed || this.tab.crashed) return;
    const copy = structuredClone(message);
    for (const other of this.tab.browser.channels.get(this.name) ?? []) {
      if (other === this) continue;
      setImmediate(() => {
        if (!other.closed && !other.tab.crashed) other.onmessage?.({ data: structuredClone(copy) } as MessageEvent);
      });
    }
  }

  close(): void {
    this.closed = true;
    this.tab.browser.channels.get(this.name)?.delete(this);
  }
}

/** One tab: a platform that does nothing any more once the tab has crashed. */
export class TestTab {
  crashed = false;
  readonly #onlineListeners = new Set<() => void>();

  constructor(
    readonly browser: TestBrowser<Pick<TestClock, 'now' | 'timer'>>,
    readonly number: number,
  ) {}

  platform(fetch: Platform['fetch'], more: Partial<Platform> = {}): Platform {
    const { browser } = this;
    return {
      now: () => browser.clock.now,
      random: (bytes) => {
        randomFillSync(bytes);
      },
      timer: (ms, work) => browser.clock.timer(ms, () => !this.crashed && work()),
      fetch: async (url, init) => {
        if (this.crashed) return new Promise(() => {});
        const answer = await fetch(url, init);
        return this.crashed ? new Promise(() => {}) : answer;
      },
      openChannel: (name) => this.#channel(name),
      locks: this.#locks(),
      indexedDB: globalThis.indexedDB,
      onOnline: (work) => {
        this.#onlineListeners.add(work);
        return () => this.#onlineListeners.delete(work);
      },
      ...more,
    };
  }

  /** The browser tells that the network is back. */
  comeOnline(): void {
    for (const listener of this.#onlineListeners) listener();
  }

  /** Everything of this tab stops where it is; its locks are free. */
  crash(): void {
    this.crashed = true;
    for (const [name, waiting] of this.browser.locks) {
      const first = waiting[0]?.tab === this;
      const rest = waiting.filter((one) => one.tab !== this);
      this.browser.locks.set(name, rest);
      if (first) rest[0]?.run();
    }
  }

  #channel(name: string): ChannelLike {
    const channel = new TestChannel(this, name);
    const all = this.browser.channels.get(name) ?? new Set();
    this.browser.channels.set(name, all.add(channel));
    return channel;
  }

  #locks(): LocksLike {
    return {
      request: (name, { signal }, work) =>
        new Promise((resolve, reject) => {
          if (this.crashed) return;
          const queue = this.browser.locks.get(name) ?? [];
          this.browser.locks.set(name, queue);
          const leave = () => {
            const now = this.browser.locks.get(name) ?? [];
            const first = now[0] === mine;
            this.browser.locks.set(
              name,
              now.filter((one) => one !== mine),
            );
            if (first) this.browser.locks.get(name)?.[0]?.run();
          };
          let running = false;
          const mine: Waiting = {
            tab: this,
            run: () => {
              running = true;
              setImmediate(() => {
                if (this.crashed) return;
                work().then(() => {
                  leave();
                  resolve();
                }, reject);
              });
            },
          };
          signal?.addEventListener('abort', () => {
            if (running) return;
            leave();
            reject(signal.reason);
          });
          queue.push(mine);
          if (queue[0] === mine) mine.run();
        }),
    };
  }
}
