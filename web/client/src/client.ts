// SPDX-License-Identifier: Apache-2.0
// The client: typed calls, the queue of actions and live queries over one connection to one server.
import { Batch } from './batch.js';
import {
  type AnswerOf,
  type CollectionName,
  type OperationName,
  operationCall,
  operationParts,
  type RequestOf,
} from './calls.js';
import type { Caller, WriteOptions } from './collection.js';
import { isInterlockError, Refusal } from './errors.js';
import { collectionTable, keylessOperations } from './generated/api.js';
import { IdMaker, newKey } from './ids.js';
import { ownerOf, userOf } from './owner.js';
import { defaultPlatform, type Platform } from './platform.js';
import { type ActionOptions, describeOperation, type PlainCall, type StoredAction } from './queue/action.js';
import { IndexedDbStore } from './queue/indexed_db.js';
import { ActionQueue } from './queue/queue.js';
import type { QueuedAction, QueueStatus } from './queue/status.js';
import { type ActionStore, MemoryStore, type NewAction } from './queue/store.js';
import { Sessions } from './session.js';
import { type CallOptions, type HttpCall, Transport } from './transport.js';

/** How a client is made. */
export interface ClientOptions {
  /** Where the server is; in a browser the page's own origin unless given. */
  baseUrl?: string;
  /** A bearer token or API token, for programs; browsers use the cookie of the log-in. */
  token?: string;
  /** Sent with every call. */
  headers?: Readonly<Record<string, string>>;
  /** For each try of a call, in milliseconds; 20 s unless given. */
  timeoutMs?: number;
  /** How long the server keeps keys: what is older is not sent by itself. As the server tells, 7 days if it does not. */
  keysKeptHours?: number;
  /** For servers without sessions of ours: whose actions these are. The caller vouches for it. */
  owner?: string;
  /** The surroundings, for tests and for programs that lack something. */
  platform?: Partial<Platform>;
}

/** An action on its way. */
export interface Action<A = unknown> {
  /** Its key: the same through all tries, restarts and tabs. */
  readonly key: string;
  /** The record that it makes or changes. */
  readonly id: string | undefined;
  /** Whether it outlives the tab. */
  readonly durable: boolean;
  /** Resolves with the answer, rejects with the refusal; not before the network has carried it. */
  readonly settled: Promise<A>;
}

/** What servers do unless they tell otherwise. */
export const keysKeptHoursDefault = 7 * 24;
/** Actions in the last hour before the server forgets their keys are not begun any more. */
const keysKeptMarginMs = 3_600_000;

/** The part of the client that does not depend on the collections. */
export class CoreClient implements Caller {
  readonly platform: Platform;
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly sessions: Sessions;
  readonly #options: ClientOptions;
  readonly #store: ActionStore;
  readonly #ids: IdMaker;
  readonly #ends: (() => void)[] = [];
  #queue: Promise<ActionQueue> | undefined;
  #seq = 0;

  constructor(options: ClientOptions = {}) {
    this.#options = options;
    this.platform = { ...defaultPlatform(), ...options.platform };
    const baseUrl = options.baseUrl ?? this.platform.origin;
    if (!baseUrl) throw new RangeError('baseUrl: outside of a browser the client has to be told where the server is');
    this.baseUrl = baseUrl.replace(/\/$/, '');
    this.#ids = new IdMaker(this.platform);
    this.#store = this.platform.indexedDB ? new IndexedDbStore() : new MemoryStore();
    this.sessions = new Sessions(() => this.transport, this.#store, this.platform, {
      ...(options.token && { token: options.token }),
      keepToken: this.platform.origin === undefined,
      name: this.baseUrl,
    });
    this.transport = new Transport(this.platform, {
      baseUrl: this.baseUrl,
      token: () => this.sessions.token,
      ...(options.headers && { headers: options.headers }),
      ...(options.timeoutMs && { timeoutMs: options.timeoutMs }),
    });
    this.#ends.push(this.sessions.subscribe(() => void this.#onSession()));
  }

  /** Runs a named operation and waits for its answer. */
  operation<O extends OperationName>(name: O, request: RequestOf<O>, options?: WriteOptions): Promise<AnswerOf<O>> {
    return this.write(name, request as object, options);
  }

  /** A batch: `atomic` is all or nothing, in `each` every operation stands for itself. */
  batch(mode: 'atomic' | 'each'): Batch {
    return new Batch(mode, this.transport, (operation, answer, seq) => this.onAnswer(operation, answer, seq));
  }

  /** An id for a record that is to be made, so that others can refer to it at once. */
  newId(collection: CollectionName): string {
    return this.#ids.make(collectionTable[collection].prefix);
  }

  /** A key for one action. */
  newKey(): string {
    return newKey(this.platform);
  }

  /**
   * Does something for the user, with or without a network: it is kept, shown as pending, sent in order, once, and taken
   * back if it is refused. Creates get an id at once.
   */
  perform<O extends OperationName>(
    operation: O,
    request: RequestOf<O>,
    options?: ActionOptions & { base?: undefined },
  ): Promise<Action<AnswerOf<O>>>;
  /** With the record that the user saw as `base`, which then gives id and version. */
  perform<O extends OperationName>(
    operation: O,
    request: Omit<RequestOf<O>, 'id' | 'version' | 'updated_at'>,
    options: ActionOptions & { base: { readonly id: string; readonly version: number } },
  ): Promise<Action<AnswerOf<O>>>;
  async perform<O extends OperationName>(
    operation: O,
    request: object,
    options: ActionOptions = {},
  ): Promise<Action<AnswerOf<O>>> {
    const queue = await this.queue();
    const whole = this.#completed(operation, request as Record<string, unknown>, options);
    const now = this.platform.now();
    const user = userOf(queue.parts.owner);
    const parts = describeOperation(operation, whole, { ...options, now, ...(user && { user }) });
    return this.#enqueue(queue, { operation, request: whole, ...parts }, options) as Promise<Action<AnswerOf<O>>>;
  }

  /** As perform, for a server that knows keys and nothing else of ours. */
  async performCall<A = unknown>(call: PlainCall, options: ActionOptions = {}): Promise<Action<A>> {
    const { about = [], ...plain } = call;
    const ids = [...about];
    const request = (typeof call.body === 'object' && call.body !== null ? call.body : {}) as Record<string, unknown>;
    const operation = `${call.method} ${call.path}`;
    const action = { operation, request, call: plain, creates: [], writes: ids, mentions: ids, shown: [] };
    return this.#enqueue(await this.queue(), action, options) as Promise<Action<A>>;
  }

  /** Everything that was done and is not answered yet, refused actions included. */
  async getOfflineQueue(): Promise<QueuedAction[]> {
    return (await this.queue()).items();
  }

  /** Sends now what waits; resolves when nothing more can be sent. */
  async syncOfflineQueue(): Promise<QueueStatus> {
    return (await this.queue()).sync();
  }

  /** The queue of whoever is logged in. Refused as unauthenticated if nobody is. */
  queue(): Promise<ActionQueue> {
    this.#queue ??= this.#openQueue();
    this.#queue.catch(() => {
      this.#queue = undefined;
    });
    return this.#queue;
  }

  /** Any call of the server; one that writes gets a key, as any action. Needs nothing but HTTP of the server. */
  async call<T>(call: HttpCall, options?: CallOptions): Promise<T> {
    const key = call.method === 'GET' ? undefined : (call.key ?? this.newKey());
    const answer = await this.transport.send<T>({ ...call, ...(key !== undefined && { key }) }, options);
    this.raiseSeq(answer.seq);
    return answer.body;
  }

  /** A read that shows at least what this client has seen. */
  async read<T>(call: HttpCall, options?: CallOptions): Promise<T> {
    try {
      return await this.#readFrom<T>(call, this.#seq, options);
    } catch (error) {
      // The tenant's data was replaced by a backup: its sequence begins again below what was seen here.
      const stuck = error instanceof Refusal && error.code === 'timed_out' && this.#seq > 0;
      if (!stuck) throw error;
      this.#seq = 0;
      return this.#readFrom<T>(call, 0, options);
    }
  }

  /** Runs an operation by its name; for those that are not known when the program is written. */
  async write<T>(operation: string, request: object, options: WriteOptions = {}): Promise<T> {
    const { key, ...rest } = options;
    const needsKey = !keylessOperations.includes(operation);
    const call = operationCall(operation, request, needsKey ? (key ?? this.newKey()) : undefined);
    const answer = await this.transport.send<T>(call, rest);
    this.onAnswer(operation, answer.body, answer.seq);
    return answer.body;
  }

  /** Whose actions these are, where the program told so; undefined where the session tells. */
  get owner(): string | undefined {
    return this.#options.owner;
  }

  /** The newest sequence that this client has seen: reads show at least that much. */
  get seq(): number {
    return this.#seq;
  }

  /** Takes a sequence that was seen; `reset`: whatever was seen before is void. */
  raiseSeq(seq: number | undefined, reset = false): void {
    if (seq !== undefined && (reset || seq > this.#seq)) this.#seq = seq;
  }

  /** Leaves everything: actions that wait stay in the browser. */
  close(): void {
    for (const end of this.#ends) end();
    this.#queue?.then((queue) => queue.close()).catch(() => {}); // there was none
    this.#queue = undefined;
    this.sessions.close();
    this.#store.close();
  }

  async #readFrom<T>(call: HttpCall, seq: number, options?: CallOptions): Promise<T> {
    const headers = { ...call.headers, ...(seq > 0 && { 'Interlock-Min-Seq': String(seq) }) };
    const answer = await this.transport.send<T>({ ...call, headers }, options);
    return answer.body;
  }

  #completed(operation: string, request: Record<string, unknown>, { base }: ActionOptions): Record<string, unknown> {
    const { collection, verb } = operationParts(operation);
    const isUpdate = verb === 'update' || verb === 'delete';
    return {
      ...(verb === 'create' &&
        collectionTable[collection as CollectionName]?.takesId && { id: this.newId(collection as CollectionName) }),
      ...(base && isUpdate && { id: base.id, version: base.version }),
      ...request,
    };
  }

  async #enqueue(
    queue: ActionQueue,
    action: Pick<StoredAction, 'operation' | 'request' | 'creates' | 'writes' | 'mentions' | 'shown' | 'call' | 'seen'>,
    { key, after = [] }: ActionOptions,
  ): Promise<Action> {
    const whole: NewAction = {
      ...action,
      key: key ?? this.newKey(),
      owner: queue.parts.owner,
      after,
      confirmedAt: this.platform.now(),
      tries: 0,
    };
    const { stored, durable, settled } = await queue.add(whole);
    return { key: stored.key, id: stored.writes[0], durable, settled };
  }

  async #openQueue(): Promise<ActionQueue> {
    const session = this.#options.owner === undefined ? await this.sessions.answered() : undefined;
    const owner = this.#options.owner ?? ownerOf(this.baseUrl, session!);
    const told = session?.keys_kept_seconds;
    const hours = this.#options.keysKeptHours ?? (told === undefined ? keysKeptHoursDefault : told / 3_600);
    return new ActionQueue({
      owner,
      transport: this.transport,
      store: this.#store,
      keysKeptMs: Math.max(0, hours * 3_600_000 - keysKeptMarginMs),
      checkOwner: () => this.checkOwner(owner),
      onSettled: (action, outcome) => {
        if (outcome.ok) this.onAnswer(action.operation, outcome.answer, outcome.seq);
      },
    });
  }

  /** Whether the session is still that of `owner`. Rejects when the server cannot be asked. */
  protected async checkOwner(owner: string): Promise<'same' | 'other_user' | 'logged_out'> {
    if (this.#options.owner !== undefined) return 'same';
    try {
      const session = await this.sessions.current({ retry: false });
      return ownerOf(this.baseUrl, session) === owner ? 'same' : 'other_user';
    } catch (error) {
      if (isInterlockError(error) && error instanceof Refusal && error.status === 401) return 'logged_out';
      throw error;
    }
  }

  /** Somebody logged in or out, perhaps in another tab. */
  async #onSession(): Promise<void> {
    this.#seq = 0;
    const before = await this.#queue?.catch(() => undefined);
    const session = await this.sessions.known().catch(() => undefined);
    const same = session && before?.parts.owner === (this.#options.owner ?? ownerOf(this.baseUrl, session));
    if (same) {
      this.onOwner(true);
      await before.sync();
    } else {
      before?.close();
      this.#queue = undefined;
      this.onOwner(false);
    }
  }

  /** For live queries: an operation was answered. */
  protected onAnswer(_operation: string, _answer: unknown, seq: number | undefined): void {
    this.raiseSeq(seq);
  }

  /** For live queries: the same user is there again, or another one, or none. */
  protected onOwner(_same: boolean): void {}
}
