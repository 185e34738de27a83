// SPDX-License-Identifier: Apache-2.0
// The live part of a client: its queries, who is present at which record, and the feed that all of them share.
import type { ListQuery, LiveCollectionName, Page, RecordOf } from '../calls.js';
import { operationParts, queryPairs } from '../calls.js';
import type { CoreClient } from '../client.js';
import { type FeedState, isInFeed, type LiveRecordBase, type Presence } from '../feed/messages.js';
import { FeedPort } from '../feed/port.js';
import { isRecordId } from '../ids.js';
import { userOf } from '../owner.js';
import type { ActionQueue } from '../queue/queue.js';
import { collectionOf } from './collection_of.js';
import { LiveQuery, liveLimits } from './query.js';

/** A query of lists that can be kept live. */
export type LiveListQuery<C extends LiveCollectionName> = Omit<ListQuery<C>, 'cursor'>;

/** Who looks at a record. */
export interface PresenceHandle {
  /** Says what this user does there; null: they left. */
  set(state: 'viewing' | 'editing' | null): void;
  /** Ends it, and says that the user left. */
  end(): void;
}

/** What the live part needs. */
export interface LiveClientParts {
  readonly client: CoreClient;
  checkOwner(owner: string): Promise<'same' | 'other_user' | 'logged_out'>;
}

interface Opened {
  readonly port: FeedPort;
  readonly user: string;
}

/** All live queries of one client. */
export class Live {
  readonly #queries = new Map<string, LiveQuery<LiveRecordBase>>();
  readonly #used = new Set<LiveQuery<LiveRecordBase>>();
  readonly #listeners = new Set<() => void>();
  #opened: Promise<Opened> | undefined;
  #drops = 0;
  #ended = false;
  #port: FeedPort | undefined;
  #queue: ActionQueue | undefined;
  #endQueue: () => void = () => {};

  constructor(readonly parts: LiveClientParts) {}

  /** The live query of a list; the same one for the same question. */
  query<C extends LiveCollectionName>(collection: C, query: LiveListQuery<C>): LiveQuery<RecordOf<C>> {
    if (!isInFeed(collection)) throw new TypeError(`The feed does not tell of ${collection}: list it instead.`);
    const name = JSON.stringify([collection, Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const known = this.#queries.get(name);
    if (known) return known as unknown as LiveQuery<RecordOf<C>>;
    const { client } = this.parts;
    const parts = {
      platform: client.platform,
      open: () => this.#open(),
      list: (wanted: object) =>
        client.read<Page<LiveRecordBase>>({ method: 'GET', path: `/api/${collection}`, query: queryPairs(wanted) }),
      pending: () => this.#queue?.pending ?? [],
    };
    const drop = () => {
      if (!this.#used.has(made) && this.#queries.get(name) === made) this.#queries.delete(name);
    };
    const made: LiveQuery<LiveRecordBase> = new LiveQuery(parts, collection, query, (used) => {
      if (used) this.#used.add(made);
      else if (this.#used.delete(made)) drop();
    });
    this.#queries.set(name, made);
    // One that nobody begins to listen to, as when a page is left while it is drawn, is not kept.
    client.platform.timer(liveLimits.lingerMs, drop);
    return made as unknown as LiveQuery<RecordOf<C>>;
  }

  /** Follows who is at a record; see InterlockClient.presence. */
  presence(subject: string, listener: (presence: Presence) => void): PresenceHandle {
    let ended = false;
    let stop = () => {};
    let state: 'viewing' | 'editing' | null = null;
    let port: FeedPort | undefined;
    this.#open().then(
      (opened) => {
        if (ended) return;
        port = opened.port;
        stop = port.watchPresence(subject, listener);
        if (state) port.setPresent(subject, state);
      },
      () => {}, // nobody is logged in: nobody is shown
    );
    return {
      set: (wanted) => {
        state = wanted;
        port?.setPresent(subject, wanted);
      },
      end: () => {
        ended = true;
        stop();
        port?.setPresent(subject, null);
      },
    };
  }

  /** How the feed stands. */
  get state(): FeedState {
    return this.#port?.state ?? 'connecting';
  }

  /** Calls the listener after every change of the feed's state and of the queue. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the records that an answer shows, so that nobody waits for them to come by the feed. */
  absorb(operation: string, answer: unknown): void {
    const deleted = operationParts(operation).verb === 'delete';
    for (const record of recordsIn(answer)) {
      const collection = collectionOf(record.id);
      for (const query of this.#used) if (query.collection === collection) query.absorb(record, deleted);
    }
  }

  /** The session is there again: the feed is tried at once. */
  wake(): void {
    this.#port?.wake();
  }

  /** Somebody else is logged in, or nobody: everything is asked for anew. */
  restart(): void {
    this.#drop();
    for (const query of [...this.#used]) void query.restart();
    this.#tell();
  }

  /** Ends everything. */
  close(): void {
    this.#ended = true;
    for (const query of [...this.#used]) query.close();
    this.#queries.clear();
    this.#drop();
    this.#listeners.clear();
  }

  #drop(): void {
    this.#drops += 1;
    this.#endQueue();
    this.#port?.close();
    this.#port = undefined;
    this.#queue = undefined;
    this.#opened = undefined;
  }

  #open(): Promise<Opened> {
    if (!this.#opened) {
      const opening = this.#openPort();
      this.#opened = opening;
      opening.catch(() => {
        if (this.#opened === opening) this.#opened = undefined;
      });
    }
    return this.#opened;
  }

  async #openPort(): Promise<Opened> {
    const { client, checkOwner } = this.parts;
    const drops = this.#drops;
    const queue = await client.queue();
    // Dropped meanwhile, as by a log-in: a port made now would lead unseen, and nobody could wake or close it.
    if (this.#ended) throw new Error('the client is closed');
    if (drops !== this.#drops) return this.#open();
    const { owner } = queue.parts;
    this.#queue = queue;
    this.#endQueue = queue.subscribe(() => this.#tell());
    this.#port = new FeedPort({
      platform: client.platform,
      owner,
      url: `${client.baseUrl.replace(/^http/, 'ws')}/api/feed`,
      checkSession: () => checkOwner(owner).catch(() => 'unknown' as const),
      onSeq: (seq, reset) => client.raiseSeq(seq, reset),
    });
    this.#port.subscribe(() => this.#tell());
    return { port: this.#port, user: userOf(owner) };
  }

  #tell(): void {
    for (const query of this.#used) query.show();
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The records that an answer holds: itself, or its members, as in {application, interested_service}. */
function recordsIn(answer: unknown): LiveRecordBase[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const { id, version } = answer as { id?: unknown; version?: unknown };
  if (isRecordId(id) && typeof version === 'number') return [answer as LiveRecordBase];
  return Object.values(answer).flatMap(recordsIn);
}
