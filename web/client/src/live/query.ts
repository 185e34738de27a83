// SPDX-License-Identifier: Apache-2.0
// A list that stays right: loaded once, then kept by the feed from the list's own sequence on, with the user's unanswered
// actions on top. Made for stores of a framework: `subscribe` and an immutable `snapshot`.
import type { Page } from '../calls.js';
import { type InterlockError, isInterlockError, Refusal } from '../errors.js';
import { type FeedChange, type LiveRecordBase, throughField } from '../feed/messages.js';
import type { FeedPort, Following } from '../feed/port.js';
import { type Platform, timerOrOnline } from '../platform.js';
import type { StoredAction } from '../queue/action.js';
import { collectionOf } from './collection_of.js';
import { type MatchQuery, resolveMe } from './matching.js';
import { overlay } from './overlay.js';
import { Window } from './window.js';

/** How a live query stands. */
export type LiveStatus =
  | 'loading'
  /** Every change shows as it happens. */
  | 'live'
  /** What is shown may be old; it mends itself. */
  | 'reconnecting'
  /** The server refused the list, or it could not be loaded: see `error`. */
  | 'failed';

/** What a live query shows at one moment. */
export interface LiveSnapshot<R> {
  readonly status: LiveStatus;
  readonly items: readonly R[];
  /** Ids of records that show something which the server has not confirmed yet. */
  readonly pending: ReadonlySet<string>;
  readonly hasMore: boolean;
  readonly error?: InterlockError;
}

/** What a live query needs of its client. */
export interface LiveParts {
  readonly platform: Platform;
  /** The feed of whoever is logged in. Rejects if nobody is. */
  open(): Promise<{ readonly port: FeedPort; readonly user: string }>;
  /** Pages of the list, at least as new as what this client has seen. */
  list(query: MatchQuery): Promise<Page<LiveRecordBase>>;
  /** Actions that are not answered yet. */
  pending(): readonly StoredAction[];
}

/** Bounds of live queries. */
export const liveLimits = {
  itemsDefault: 50,
  retryMs: 10_000,
  /** A search, or a list of deleted records, is asked for anew this long after something changed. */
  refreshMs: 300,
  /** How long a query is kept up to date after its last listener left. */
  lingerMs: 10_000,
} as const;

/** A live list. Begins with its first listener, ends some time after its last one. */
export class LiveQuery<R extends LiveRecordBase> {
  readonly #listeners = new Set<() => void>();
  #window: Window<R>;
  /** The query with `me` resolved. */
  #query: MatchQuery;
  #port: FeedPort | undefined;
  /** Changes that came while a page was under way; undefined: none is. */
  #held: FeedChange[] | undefined;
  #following: Following | undefined;
  #snapshot: LiveSnapshot<R>;
  #started = false;
  #loaded = false;
  #wanted: number;
  #error: InterlockError | undefined;
  #stopRetry: () => void = () => {};
  #stopRefresh: () => void = () => {};
  #stopLinger: () => void = () => {};
  #generation = 0;

  constructor(
    readonly parts: LiveParts,
    readonly collection: string,
    readonly query: MatchQuery,
    /** Told when it begins to be kept up to date, and when it ceases to be. */
    readonly onUse: (used: boolean) => void = () => {},
  ) {
    this.#query = query;
    this.#wanted = Number(query.limit ?? liveLimits.itemsDefault);
    this.#window = new Window<R>(collection, query);
    this.#snapshot = { status: 'loading', items: [], pending: new Set(), hasMore: false };
  }

  /** What is to be shown now; the same object until something changes. */
  get snapshot(): LiveSnapshot<R> {
    return this.#snapshot;
  }

  /** Calls the listener after every change; the first one starts the query, the last one to leave ends it soon after. */
  subscribe(listener: () => void): () => void {
    this.#stopLinger();
    this.#listeners.add(listener);
    if (!this.#started) void this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stopLinger = this.parts.platform.timer(liveLimits.lingerMs, () => this.#stop());
    };
  }

  /** Loads the list anew. */
  async refresh(): Promise<void> {
    if (this.#following) await this.#load();
    else if (this.#started) await this.#start();
  }

  /** Begins from nothing: somebody else is logged in. */
  async restart(): Promise<void> {
    if (!this.#started) return;
    this.#stop(false);
    this.#window = new Window<R>(this.collection, this.query);
    this.#error = undefined;
    await this.#start();
  }

  /** Shows one more page. */
  async fetchMore(): Promise<void> {
    this.#wanted += Number(this.query.limit ?? liveLimits.itemsDefault);
    await this.#topUp();
    this.show();
  }

  /** Resolves when the first page is there; rejects if the server refuses the list. */
  async ready(): Promise<LiveSnapshot<R>> {
    await new Promise<void>((resolve) => {
      let end = () => {};
      const look = () => {
        if (this.#snapshot.status === 'loading') return;
        end();
        resolve();
      };
      end = this.subscribe(look);
      look();
    });
    if (this.#snapshot.status === 'failed' && this.#snapshot.error) throw this.#snapshot.error;
    return this.#snapshot;
  }

  /** An answer showed a record, or the end of one: it is not waited for to come by the feed too. */
  absorb(record: LiveRecordBase, deleted: boolean): void {
    const { deleted: showsDeleted, q } = this.query;
    if (!this.#loaded || showsDeleted) return;
    // Whether it would be found only the server can tell.
    if (q && !this.#window.has(record.id)) return;
    if (deleted ? this.#window.remove(record.id, record.version) : this.#window.put(record as R)) this.show();
  }

  /** Makes the snapshot anew: records, actions or the connection have changed. */
  show(): void {
    const { items, pending } = this.#overlaid();
    const hasMore = items.length > this.#wanted || this.#window.hasMore;
    const error = this.#error && { error: this.#error };
    this.#snapshot = { status: this.#status(), items: items.slice(0, this.#wanted), pending, hasMore, ...error };
    for (const listener of [...this.#listeners]) listener();
  }

  /** Ends it at once. */
  close(): void {
    this.#listeners.clear();
    this.#stopLinger();
    this.#stop();
  }

  #overlaid() {
    const actions = this.query.deleted ? [] : this.parts.pending();
    return overlay(this.collection, this.#query, this.#window.records, actions, this.#window.compare);
  }

  #status(): LiveStatus {
    if (this.#error && (!this.#loaded || this.#error instanceof Refusal)) return 'failed';
    if (!this.#loaded) return 'loading';
    return this.#port?.state === 'open' ? 'live' : 'reconnecting';
  }

  async #start(): Promise<void> {
    this.#started = true;
    this.onUse(true);
    const generation = this.#generation;
    this.show();
    // The list does not wait for the feed: what happens between the two, the feed tells from the list's sequence on.
    const first = this.parts.list(this.query);
    first.catch(() => {}); // looked at when the feed is there
    try {
      const { port, user } = await this.parts.open();
      if (generation !== this.#generation) return;
      this.#port = port;
      this.#query = resolveMe(this.query, user);
      this.#window = new Window<R>(this.collection, this.#query);
      const onChange = (change: FeedChange) => this.#onChange(change);
      this.#following = port.follow(this.collection, { onChange, onReset: () => void this.#load() });
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#fail(error, () => void this.#start());
      return this.show();
    }
    await this.#load(first);
  }

  #stop(forGood = true): void {
    this.#generation += 1;
    this.#stopRetry();
    this.#stopRefresh();
    this.#following?.end();
    this.#following = undefined;
    this.#started = false;
    this.#loaded = false;
    if (forGood) this.onUse(false);
  }

  async #load(first?: Promise<Page<LiveRecordBase>>): Promise<void> {
    this.#stopRetry();
    await this.#page(undefined, first);
  }

  /** The next page, where what is loaded does not fill what is shown. */
  async #topUp(): Promise<void> {
    const { cursor } = this.#window;
    const short = this.#window.records.length < this.#wanted;
    if (this.#loaded && short && cursor !== null && !this.#held) await this.#page(cursor);
  }

  async #page(cursor: string | undefined, asked?: Promise<Page<LiveRecordBase>>): Promise<void> {
    const generation = cursor === undefined ? ++this.#generation : this.#generation;
    this.#held = [];
    try {
      const query = { ...this.query, ...(cursor !== undefined && { cursor }) };
      const page = (await (asked ?? this.parts.list(query))) as Page<R>;
      if (generation !== this.#generation) return;
      if (cursor === undefined) {
        this.#window.load(page);
        this.#following?.cover(page.seq);
      } else {
        this.#window.append(page);
      }
      for (const change of this.#held ?? []) if (!this.#isUnsure(change)) this.#take(change);
      this.#loaded = true;
      this.#error = undefined;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#fail(error, () => void this.#load());
    }
    this.#held = undefined;
    // Without a socket the list is asked for now and then instead.
    if (this.#port?.state === 'unsupported') this.#retry(() => void this.#load());
    this.show();
    void this.#topUp();
  }

  #fail(error: unknown, again: () => void): void {
    if (!isInterlockError(error)) throw error;
    this.#error = error;
    if (error instanceof Refusal && !error.retryable) this.#loaded = false;
    else this.#retry(again);
  }

  #retry(again: () => void): void {
    this.#stopRetry();
    this.#stopRetry = timerOrOnline(this.parts.platform, liveLimits.retryMs, again);
  }

  #onChange(change: FeedChange): void {
    this.#held?.push(change);
    if (!this.#loaded) return;
    if (this.query.q || this.query.deleted) this.#refreshSoon();
    if (this.#isUnsure(change) || !this.#take(change)) return;
    this.show();
    void this.#topUp();
  }

  /** Only the server can tell whether the change belongs to this list. */
  #isUnsure(change: FeedChange): boolean {
    const enters = change.type === 'change' && !this.#window.has(change.id);
    return Boolean(this.query.deleted || (this.query.q && enters));
  }

  /** True if something is different now. */
  #take(change: FeedChange): boolean {
    const own = change.collection === this.collection && change.type !== 'back' && this.#window.take(change);
    const through = throughField(this.collection);
    if (!change.dependants || !through) return own;
    if (change.dependants === 'back') this.#refreshSoon();
    const dropped = change.dependants === 'gone' && this.#window.dropThrough(through, change.id);
    // What hangs on something that itself hung on the record: only a new list tells.
    const subjectOf = (record: R) => String((record as Readonly<Record<string, unknown>>)[through]);
    if (this.#window.records.some((record) => throughField(collectionOf(subjectOf(record)) ?? ''))) this.#refreshSoon();
    return own || dropped;
  }

  #refreshSoon(): void {
    this.#stopRefresh();
    this.#stopRefresh = this.parts.platform.timer(liveLimits.refreshMs, () => void this.#load());
  }
}
