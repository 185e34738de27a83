// SPDX-License-Identifier: Apache-2.0
// The queue of one user in one tenant: takes actions, keeps them, has them sent in order once by one tab, and tells every
// tab what became of them. It is the way for everything that a person does; online it is only faster than offline.
import { Discarded, StorageFailed } from '../errors.js';
import { newKey } from '../ids.js';
import { Bus } from '../tabs/bus.js';
import { standForElection } from '../tabs/election.js';
import type { Transport } from '../transport.js';
import type { StoredAction } from './action.js';
import { Mirror } from './mirror.js';
import { cannotDoWithout, type Planned, plan } from './order.js';
import { rebased } from './rebase.js';
import { retried } from './retry.js';
import { Sender } from './sender.js';
import { errorOf, type Outcome, type QueuedAction, type QueueMessage, type QueueStatus, type Rest } from './status.js';
import { type ActionStore, MemoryStore, memoryPositionsFrom, type NewAction } from './store.js';
import { Waiters } from './waiters.js';

/** What a queue is made of. */
export interface QueueParts {
  readonly owner: string;
  readonly transport: Transport;
  readonly store: ActionStore;
  readonly keysKeptMs: number;
  readonly checkOwner: () => Promise<'same' | 'other_user' | 'logged_out'>;
  /** Called in every tab, in the order of the answers. */
  readonly onSettled?: (action: StoredAction, outcome: Outcome) => void;
}

/** How many actions a queue takes before it says no. */
export const queuedActionsMax = 20_000;
const doneKeysMax = 1_000;
const recentMax = 200;
const syncWaitMs = 30_000;

/** An action that is kept. */
export interface Added {
  readonly stored: StoredAction;
  readonly durable: boolean;
  readonly settled: Promise<unknown>;
}

/** The queue of one owner, as one tab sees it. */
export class ActionQueue {
  readonly #bus: Bus<QueueMessage>;
  readonly #listeners = new Set<() => void>();
  readonly #waiters = new Waiters();
  readonly #adding = new Map<string, Promise<Added>>();
  readonly #syncs = new Map<string, () => void>();
  readonly #memory = new MemoryStore(memoryPositionsFrom);
  readonly #ends: (() => void)[] = [];
  readonly #mirror = new Mirror();
  #planned: Planned[] | undefined;
  #known: readonly QueuedAction[] | undefined;
  #rest: Rest | undefined;
  #storage: StorageFailed | undefined;
  #sender: Sender | undefined;
  #memorySender: Sender | undefined;
  #loading: Promise<void> | undefined;
  #loadAgain = false;
  #settled = 0;
  readonly #done = new Set<string>();
  /** An action may have been made before its forerunner was answered, and kept after. */
  readonly #recent: { done: StoredAction; answer: unknown }[] = [];

  constructor(readonly parts: QueueParts) {
    const { platform } = parts.transport;
    this.#bus = new Bus(platform, `interlock-queue:${parts.owner}`);
    this.#ends.push(this.#bus.listen((message) => this.#hear(message)));
    if (parts.store.durable) {
      this.#stand();
    } else {
      // What only this tab knows only this tab can send.
      this.#storage = new StorageFailed('unavailable');
      this.#startSender();
    }
    this.#ends.push(platform.onOnline(() => this.#bus.post({ kind: 'wake', id: '' })));
    void this.#load();
  }

  /**
   * Keeps an action and has it sent. Resolves once it is kept: `durable` tells where. `settled` resolves with the answer,
   * or rejects with the refusal. The same key again is the same action. After a reload of the page nobody waits for it any
   * more, and the queue itself tells.
   */
  async add(action: NewAction): Promise<Added> {
    await this.#loading;
    const known = this.#mirror.actions.find((one) => one.key === action.key);
    if (known) return { stored: known, durable: this.#isDurable(known), settled: this.#waiters.of(known.key) };
    const adding = this.#adding.get(action.key) ?? this.#add(action);
    this.#adding.set(action.key, adding);
    return adding.finally(() => this.#adding.delete(action.key));
  }

  /** All actions that are not done, in order. */
  async items(): Promise<QueuedAction[]> {
    await this.#load();
    return [...this.known];
  }

  /** The same as this tab knows it now: for stores of a framework, one object until something changes. */
  get known(): readonly QueuedAction[] {
    this.#known ??= this.#plan().map(({ action, standing, heldBy }) => ({
      key: action.key,
      operation: action.operation,
      request: action.request,
      id: action.writes[0],
      standing,
      ...(heldBy !== undefined && { heldBy }),
      madeAt: new Date(action.confirmedAt),
      tries: action.tries,
      ...(action.error && { error: errorOf(action.error) }),
      durable: this.#isDurable(action),
    }));
    return this.#known;
  }

  /** What is shown before the server has answered: every action that was not refused. */
  get pending(): readonly StoredAction[] {
    return this.#mirror.actions.filter((action) => !action.error);
  }

  /** How it stands: what the sender does, how much waits, whether anything keeps it. */
  get status(): QueueStatus {
    const count = (...standings: string[]) =>
      this.#plan().filter(({ standing }) => standings.includes(standing)).length;
    const waiting = count('ready', 'waiting');
    return {
      state: this.#rest ? this.#rest.state : waiting > 0 ? 'sending' : 'idle',
      waiting,
      refused: count('refused'),
      held: count('held', 'too_old'),
      ...(this.#rest?.error !== undefined && { error: this.#rest.error }),
      ...(this.#rest?.nextTryAt !== undefined && { nextTryAt: this.#rest.nextTryAt }),
      ...(this.#storage && { storage: this.#storage }),
    };
  }

  /** Calls the listener after every change of items or status; the function it answers ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends now what can be sent; resolves when nothing more can, with the status then. */
  async sync(): Promise<QueueStatus> {
    const { platform } = this.parts.transport;
    const id = newKey(platform);
    await new Promise<void>((resolve) => {
      let settled = this.#settled;
      // Who waits is let go only when nothing happens any more: the tab that sends may be asleep.
      const look = () => {
        if (this.#settled === settled) return resolve();
        settled = this.#settled;
        stopTimer = platform.timer(syncWaitMs, look);
      };
      let stopTimer = platform.timer(syncWaitMs, look);
      this.#syncs.set(id, () => {
        stopTimer();
        resolve();
      });
      this.#bus.post({ kind: 'wake', id });
    });
    this.#syncs.delete(id);
    await this.#load();
    return this.status;
  }

  /**
   * Sends a refused or too old action once more, with another request if one is given. The key stays where the refusal
   * left it unused; otherwise, and for another request, a new one is made: the old one would only be answered as before.
   */
  async retry(key: string, request?: StoredAction['request']): Promise<{ key: string; settled: Promise<unknown> }> {
    await this.#load();
    const { platform } = this.parts.transport;
    const action = this.#find(key);
    const standing = this.#plan().find((one) => one.action === action)?.standing;
    if (standing !== 'refused' && standing !== 'too_old') throw new RangeError(`The action ${key} goes out by itself`);
    const again = retried(action, request, platform);
    const settled = this.#waiters.of(again.key);
    const after = this.#mirror.actions
      .filter((one) => one.after.includes(key))
      .map((one) => ({ ...one, after: one.after.map((each) => (each === key ? again.key : each)) }));
    // Same position, other key: its place in the order, and with it what waits for it, stays.
    for (const one of [again, ...after]) await this.#storeOf(one).change([one], []);
    this.#mirror.replace([again, ...after]);
    this.#tell();
    this.#bus.post({ kind: 'changed' });
    return { key: again.key, settled };
  }

  /**
   * Drops an action, and with it what cannot succeed without it: what names a record that it was to make. What merely
   * comes after it goes on. Answers the dropped ones; where `tries` is above zero the server may have done it all the same.
   */
  async discard(key: string): Promise<QueuedAction[]> {
    const items = await this.items();
    this.#find(key);
    const keys = new Set([key, ...cannotDoWithout(this.#mirror.actions, key)]);
    const dropped = this.#mirror.actions.filter((one) => keys.has(one.key));
    for (const store of new Set(dropped.map((one) => this.#storeOf(one)))) await store.change([], [...keys]);
    this.#mirror.remove(keys);
    this.#tell();
    for (const each of keys) this.#waiters.take(each)?.reject(new Discarded('This action was discarded'));
    this.#bus.post({ kind: 'changed' });
    return items.filter((item) => keys.has(item.key));
  }

  /** Leaves the queue: what is kept stays, and another tab goes on with it. */
  close(): void {
    for (const end of this.#ends) end();
    this.#stopSender();
    this.#memorySender?.stop();
    this.#bus.close();
    this.#listeners.clear();
  }

  async #add(action: NewAction): Promise<Added> {
    if (this.#mirror.actions.length >= queuedActionsMax) throw new StorageFailed('full');
    const settled = this.#waiters.of(action.key);
    try {
      const stored = await this.#keep(action);
      const durable = this.#isDurable(stored);
      this.#insert(stored);
      if (durable) this.#bus.post({ kind: 'added', action: stored });
      else (inMemory(stored) ? this.#memorySender : this.#sender)?.add(stored);
      return { stored, durable, settled };
    } catch (error) {
      this.#waiters.take(action.key);
      throw error;
    }
  }

  #isDurable(action: StoredAction): boolean {
    return this.parts.store.durable && !inMemory(action);
  }

  #find(key: string): StoredAction {
    const action = this.#mirror.actions.find((one) => one.key === key);
    if (!action) throw new RangeError(`There is no action ${key} in the queue`);
    return action;
  }

  #storeOf(action: StoredAction): ActionStore {
    return inMemory(action) ? this.#memory : this.parts.store;
  }

  /** In the browser's storage; where that fails in memory, to be sent by this tab, and the status says so. */
  async #keep(action: NewAction): Promise<StoredAction> {
    const overtakes = this.#mirror.actions.some(inMemory);
    if (!overtakes) {
      try {
        const [stored] = await this.parts.store.add([action]);
        return stored!;
      } catch (error) {
        if (!(error instanceof StorageFailed)) throw error;
        this.#storage = error;
      }
    }
    const [stored] = await this.#memory.add([action]);
    this.#memorySender ??= this.#newSender(this.#memory);
    return stored!;
  }

  #stand(): void {
    const { transport, store, owner } = this.parts;
    const work = { onElected: () => this.#startSender(), onLost: () => this.#stopSender() };
    const take: ActionStore['takeLease'] = (...words) => store.takeLease(...words);
    const lease = { holder: newKey(transport.platform), take };
    this.#ends.push(standForElection(transport.platform, `interlock-queue:${owner}`, work, lease));
  }

  #startSender(): void {
    this.#sender ??= this.#newSender(this.parts.store);
    for (const id of this.#syncs.keys()) this.#sender.wake(id);
  }

  #stopSender(): void {
    this.#sender?.stop();
    this.#sender = undefined;
  }

  #newSender(store: ActionStore): Sender {
    const { transport, keysKeptMs, checkOwner } = this.parts;
    const sender = new Sender({
      transport,
      store,
      keysKeptMs,
      checkOwner,
      list: () => this.#list(),
      sends: (action) => this.#storeOf(action) === store,
      rebase: (action) =>
        this.#recent.reduce((one, { done, answer }) => rebased(done, answer, [one])[0] ?? one, action),
      post: (message) => this.#bus.post(message),
    });
    void sender.run();
    return sender;
  }

  async #list(): Promise<StoredAction[]> {
    const durable = await this.#listKept();
    return this.parts.store.durable || this.#memorySender
      ? [...durable, ...(await this.#memory.list(this.parts.owner))]
      : durable;
  }

  /** Where storage cannot be opened there is nothing to wait for, unless something is known to lie there. */
  async #listKept(): Promise<StoredAction[]> {
    try {
      return await this.parts.store.list(this.parts.owner);
    } catch (error) {
      const isClosed = error instanceof StorageFailed && error.reason === 'unavailable';
      if (!isClosed || !this.#mirror.actions.every(inMemory)) throw error;
      this.#storage = error;
      return [];
    }
  }

  #hear(message: QueueMessage): void {
    switch (message.kind) {
      case 'added':
        this.#insert(message.action);
        this.#sender?.add(message.action);
        break;
      case 'changed':
        this.#sender?.refresh();
        this.#memorySender?.refresh();
        void this.#load();
        break;
      case 'settled':
        this.#takeOutcome(message.action, message.outcome);
        // What the other one waited for.
        (inMemory(message.action) ? this.#sender : this.#memorySender)?.refresh();
        break;
      case 'sending':
        this.#rest = undefined;
        this.#tell();
        break;
      case 'rested':
        this.#rest = message.rest;
        // What was sent and not answered may be done: whoever is asked whether to discard it has to be told.
        if (message.rest.state !== 'idle') void this.#load();
        for (const id of message.wakes) this.#syncs.get(id)?.();
        this.#tell();
        break;
      case 'wake':
        this.#sender?.wake(message.id);
        this.#memorySender?.wake();
        break;
    }
  }

  #insert(action: StoredAction): void {
    if (this.#done.has(action.key)) return;
    this.#mirror.insert(action);
    this.#tell();
  }

  #takeOutcome(action: StoredAction, outcome: Outcome): void {
    const waiter = this.#waiters.take(action.key);
    this.#settled += 1;
    this.parts.onSettled?.(action, outcome);
    if (outcome.ok) {
      // Its being added may be told after its being done.
      this.#done.add(action.key);
      if (this.#done.size > doneKeysMax) this.#done.delete(this.#done.values().next().value!);
      this.#recent.push({ done: action, answer: outcome.answer });
      if (this.#recent.length > recentMax) this.#recent.shift();
      this.#mirror.remove(new Set([action.key]));
      this.#tell();
      waiter?.resolve(outcome.answer);
    } else {
      this.#mirror.replace([{ ...action, error: outcome.error }]);
      this.#tell();
      waiter?.reject(errorOf(outcome.error));
    }
  }

  /** Reads what is kept; calls in between share one more reading. */
  #load(): Promise<void> {
    if (this.#loading) {
      this.#loadAgain = true;
      return this.#loading;
    }
    this.#loading = (async () => {
      try {
        do {
          this.#loadAgain = false;
          await this.#mirror.reload(() => this.#list());
          this.#tell();
        } while (this.#loadAgain);
      } catch (error) {
        this.#storage = error as StorageFailed;
        this.#tell();
      } finally {
        this.#loading = undefined;
      }
    })();
    return this.#loading;
  }

  #plan(): Planned[] {
    this.#planned ??= plan(this.#mirror.actions, this.parts.transport.platform.now(), this.parts.keysKeptMs);
    return this.#planned;
  }

  /** After every change of the mirror or the status. */
  #tell(): void {
    this.#planned = undefined;
    this.#known = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}

const inMemory = (action: StoredAction) => action.position >= memoryPositionsFrom;
