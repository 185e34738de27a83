// SPDX-License-Identifier: Apache-2.0
// Sends the actions of one owner: some at a time, those that have a record in common one after the other, each with its
// key for as long as it takes. One sender runs for all tabs; which tab it lives in is not its business.
//
// Before anything is sent, and again every minute, it asks whose session this is: a log-in of somebody else in another tab
// must not send this user's actions in their name.
import {
  ConnectionLost,
  type InterlockError,
  isInterlockError,
  Refusal,
  StorageFailed,
  TimedOut,
  UnexpectedAnswer,
} from '../errors.js';
import { randomFraction } from '../platform.js';
import { type Transport, tries } from '../transport.js';
import { callOf, type StoredAction } from './action.js';
import { Mirror } from './mirror.js';
import { plan } from './order.js';
import { rebased } from './rebase.js';
import { type Outcome, type QueueMessage, type Rest, storedError } from './status.js';
import type { ActionStore } from './store.js';

/** Bounds of the sender. */
export const senderLimits = {
  atOnceMax: 4,
  /** How often an answer that makes no sense is asked for again before its action is set aside. */
  senselessAnswersMax: 5,
  probeMs: 60_000,
  ownerCheckMs: 60_000,
} as const;

/** What a sender needs. */
export interface SenderParts {
  readonly transport: Transport;
  readonly store: ActionStore;
  readonly keysKeptMs: number;
  /** All actions that have to be kept in order, and whether this sender sends this one. */
  list(): Promise<StoredAction[]>;
  sends(action: StoredAction): boolean;
  /** The action on the base that answers which came just before it was kept give it. */
  rebase(action: StoredAction): StoredAction;
  /** Whose session it is. Rejects when the server cannot be asked. */
  checkOwner(): Promise<'same' | 'other_user' | 'logged_out'>;
  post(message: QueueMessage): void;
}

interface Sent {
  readonly key: string;
  /** Why the sender should rest. */
  readonly error?: unknown;
}

/** Sends the actions of one owner from run() to stop(). */
export class Sender {
  readonly #stopping = new AbortController();
  readonly #senseless = new Map<string, number>();
  #wakes: string[] = [];
  #wake: () => void = () => {};
  #woken = false;
  #stale = true;
  readonly #mirror = new Mirror();
  #failures = 0;
  #triedAt = Number.NEGATIVE_INFINITY;
  #ownerCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(readonly parts: SenderParts) {}

  /** Runs until stop. */
  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#woken = false;
      const wakes = this.#wakes.splice(0);
      const rest = await this.#drain();
      if (this.#stopping.signal.aborted) return;
      this.parts.post({ kind: 'rested', rest, wakes });
      await this.#sleep(rest);
    }
  }

  /** Ends it; what is under way is sent again by the next one, with the same key. */
  stop(): void {
    this.#stopping.abort();
    this.#wake();
  }

  /** One more action. A sender that waits for the network keeps its pace. */
  add(action: StoredAction): void {
    this.#mirror.insert(action);
    this.#rouseUnlessWaiting();
  }

  /** Actions were changed or discarded. */
  refresh(): void {
    this.#stale = true;
    this.#rouseUnlessWaiting();
  }

  /** Tries at once, whatever it waits for. */
  wake(id?: string): void {
    if (id !== undefined) this.#wakes.push(id);
    this.#stale = true;
    this.#failures = 0;
    this.#ownerCheckedAt = Number.NEGATIVE_INFINITY;
    this.#rouse();
  }

  #rouseUnlessWaiting(): void {
    const { platform } = this.parts.transport;
    const patient = this.#failures >= tries.countMax && platform.now() - this.#triedAt >= tries.delaysMs[3];
    if (this.#failures === 0 || patient) this.#rouse();
  }

  #rouse(): void {
    this.#woken = true;
    this.#wake();
  }

  #sleep(rest: Rest): Promise<void> {
    if (this.#woken) return Promise.resolve();
    const { platform } = this.parts.transport;
    return new Promise((resolve) => {
      const ms = rest.nextTryAt === undefined ? undefined : Math.max(0, rest.nextTryAt - platform.now());
      const stopTimer = ms === undefined ? () => {} : platform.timer(ms, () => this.#wake());
      this.#wake = () => {
        stopTimer();
        this.#wake = () => {};
        resolve();
      };
    });
  }

  /** Sends whatever can be sent; answers why it stopped. */
  async #drain(): Promise<Rest> {
    const { platform } = this.parts.transport;
    const sending = new Map<string, Promise<Sent>>();
    let ready: StoredAction[] = [];
    let rest: Rest | undefined;
    for (;;) {
      if (!rest && !this.#stopping.signal.aborted) {
        try {
          if (this.#stale) {
            this.#stale = false;
            await this.#mirror.reload(() => this.parts.list());
            ready = [];
          }
          if (ready.length === 0) ready = this.#ready(sending);
          const due = ready.length > 0 && platform.now() - this.#ownerCheckedAt >= senderLimits.ownerCheckMs;
          if (due) rest = await this.#checkOwner();
        } catch (error) {
          rest = this.#restAfter(error);
        }
      }
      const first = sending.size === 0;
      while (!rest && !this.#stopping.signal.aborted && sending.size < senderLimits.atOnceMax && ready.length > 0) {
        const action = ready.shift()!;
        sending.set(action.key, this.#send(action));
      }
      if (first && sending.size > 0) this.parts.post({ kind: 'sending' });
      // With nothing left to send, as after the last one was discarded, nothing is waited for: what comes next goes at once.
      if (sending.size === 0 && !rest) this.#failures = 0;
      if (sending.size === 0) return rest ?? { state: 'idle' };
      const done = await Promise.race([...sending.values(), this.#roused()]);
      if (!done) continue;
      sending.delete(done.key);
      if (done.error !== undefined) rest ??= this.#restAfter(done.error);
    }
  }

  #roused(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(undefined);
    });
  }

  #ready(sending: ReadonlyMap<string, unknown>): StoredAction[] {
    const { platform } = this.parts.transport;
    return plan(this.#mirror.actions, platform.now(), this.parts.keysKeptMs)
      .filter(({ action, standing }) => standing === 'ready' && !sending.has(action.key) && this.parts.sends(action))
      .map(({ action }) => action);
  }

  async #checkOwner(): Promise<Rest | undefined> {
    const found = await this.parts.checkOwner();
    if (found !== 'same') return { state: found };
    this.#ownerCheckedAt = this.parts.transport.platform.now();
    return undefined;
  }

  async #send(waiting: StoredAction): Promise<Sent> {
    const { key } = waiting;
    let action: StoredAction | undefined = waiting;
    try {
      action = await this.#mark(waiting);
      if (!action) return { key };
      const answer = await this.parts.transport.attempt(callOf(action), { signal: this.#stopping.signal });
      this.#failures = 0;
      await this.#settle(action, { ok: true, answer: answer.body, seq: answer.seq });
      return { key };
    } catch (error) {
      if (this.#stopping.signal.aborted) return { key };
      try {
        return action && (await this.#setAside(action, error)) ? { key } : { key, error };
      } catch (failed) {
        return { key, error: failed };
      }
    }
  }

  /** Notes that it is sent, before it is: from here on its request stays as it is. Nothing if it was discarded. */
  async #mark(action: StoredAction): Promise<StoredAction | undefined> {
    if (action.tries > 0) return action;
    const rebased = this.parts.rebase(action);
    const marked = { ...rebased, tries: 1 };
    const there = await this.parts.store.change([marked], []).catch((error: unknown) => {
      // Where there is no room for the note, the request goes out as it was kept: sending is what makes room.
      if (rebased === action && isFull(error)) return [action.key];
      throw error;
    });
    this.#mirror.replace([marked]);
    return there.length > 0 ? marked : this.#forget(action.key);
  }

  async #settle(action: StoredAction, outcome: Outcome): Promise<void> {
    const later = outcome.ok ? rebased(action, outcome.answer, this.#mirror.actions) : [];
    if (outcome.ok) {
      await this.parts.store.change(later, [action.key]).catch((error: unknown) => {
        if (!isFull(error)) throw error;
        return this.parts.store.change([], [action.key]); // the new bases are known here as long as the tab lives
      });
      this.#forget(action.key);
      this.#mirror.replace(later);
    } else {
      const refused = { ...action, error: outcome.error };
      await this.parts.store.change([refused], []);
      this.#mirror.replace([refused]);
    }
    this.#senseless.delete(action.key);
    this.parts.post({ kind: 'settled', action, outcome });
  }

  /** A refusal settles its action; after everything else the sender rests, and this answers false. */
  async #setAside(action: StoredAction, error: unknown): Promise<boolean> {
    if (!(error instanceof Refusal || error instanceof UnexpectedAnswer)) return false;
    if (error.retryable || error.status === 401 || error.status < 400) return false;
    if (error instanceof UnexpectedAnswer) {
      const count = (this.#senseless.get(action.key) ?? 0) + 1;
      this.#senseless.set(action.key, count);
      if (count < senderLimits.senselessAnswersMax) return false;
    }
    this.#failures = 0;
    await this.#settle(action, { ok: false, error: storedError(error) });
    return true;
  }

  /** When to try again after something that does not settle an action. */
  #restAfter(error: unknown): Rest {
    const { platform } = this.parts.transport;
    if (error instanceof Refusal && error.status === 401) {
      this.#ownerCheckedAt = Number.NEGATIVE_INFINITY;
      return { state: 'logged_out' };
    }
    this.#triedAt = platform.now();
    this.#failures += 1;
    // Storage that failed may have done half of what it was asked for.
    if (!isInterlockError(error) || error.kind === 'storage') this.#stale = true;
    const usual = this.#failures < tries.countMax ? this.parts.transport.delayBefore(this.#failures, error) : undefined;
    const patient = senderLimits.probeMs * (0.5 + randomFraction(platform) / 2);
    const asked = isInterlockError(error) ? ((error as { retryAfterMs?: number }).retryAfterMs ?? 0) : 0;
    const nextTryAt = platform.now() + Math.max(usual ?? patient, asked);
    return { state: restState(error), error: messageOf(error), nextTryAt };
  }

  #forget(key: string): undefined {
    this.#mirror.remove(new Set([key]));
  }
}

const isFull = (error: unknown) => error instanceof StorageFailed && error.reason === 'full';

function restState(error: unknown): 'offline' | 'unanswered' | 'unexpected' {
  if (error instanceof TimedOut) return 'unanswered';
  const lost = error instanceof ConnectionLost || (error as InterlockError)?.retryable === true;
  return lost ? 'offline' : 'unexpected';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
