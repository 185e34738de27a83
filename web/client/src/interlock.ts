// SPDX-License-Identifier: Apache-2.0
// The whole client: calls of every collection, the queue of actions, live queries, presence and leases.
import type { CollectionName, LiveCollectionName, RecordOf } from './calls.js';
import { type ClientOptions, CoreClient } from './client.js';
import { CollectionCalls } from './collection.js';
import type { FeedState, Presence } from './feed/messages.js';
import { FileCalls } from './files.js';
import { collectionTable } from './generated/api.js';
import { LeaseCalls } from './leases.js';
import { Live, type LiveListQuery, type PresenceHandle } from './live/live.js';
import type { LiveQuery } from './live/query.js';

/** The calls of all collections: `client.customers`, `client['api-tokens']`. */
export type AllCollections = {
  readonly [C in CollectionName]: C extends 'leases' ? LeaseCalls : C extends 'files' ? FileCalls : CollectionCalls<C>;
};

class FullClient extends CoreClient {
  readonly #live: Live;

  constructor(options: ClientOptions = {}) {
    super(options);
    this.#live = new Live({ client: this, checkOwner: (owner) => this.checkOwner(owner) });
    const leases = new LeaseCalls(this, this.platform);
    const calls = Object.keys(collectionTable).map((name) => [name, new CollectionCalls(name as CollectionName, this)]);
    const files = new FileCalls(this, (call, options) => this.call(call, options));
    Object.assign(this, Object.fromEntries(calls), { leases, files });
  }

  /** The calls of a collection whose name is not known beforehand. */
  collection<C extends CollectionName>(name: C): AllCollections[C] {
    return (this as unknown as AllCollections)[name];
  }

  /**
   * A list that stays right: `subscribe` to it and show its `snapshot`. Changes of others come by the feed, the user's own
   * show as pending until they are answered, and are taken back if they are refused. Throws a TypeError for a collection
   * that the feed does not tell of, such as `leases`.
   */
  live<C extends LiveCollectionName>(
    collection: C,
    query: LiveListQuery<C> = {} as LiveListQuery<C>,
  ): LiveQuery<RecordOf<C>> {
    return this.#live.query(collection, query);
  }

  /** One record that stays right: a live query of one item, or of none once it is deleted or out of sight. */
  liveRecord<C extends LiveCollectionName>(collection: C, id: string): LiveQuery<RecordOf<C>> {
    return this.#live.query(collection, { id, limit: 1 } as unknown as LiveListQuery<C>);
  }

  /** Calls the listener with who is at a record and who holds its lease; `set` shows others what this user does there. */
  presence(subject: string, listener: (presence: Presence) => void): PresenceHandle {
    return this.#live.presence(subject, listener);
  }

  /** How the feed stands. */
  get feedState(): FeedState {
    return this.#live.state;
  }

  /** Calls the listener after every change of the feed's state and of the queue; the function it answers ends that. */
  subscribe(listener: () => void): () => void {
    return this.#live.subscribe(listener);
  }

  override close(): void {
    (this as unknown as AllCollections).leases.close();
    this.#live.close();
    super.close();
  }

  protected override onAnswer(operation: string, answer: unknown, seq: number | undefined): void {
    super.onAnswer(operation, answer, seq);
    this.#live.absorb(operation, answer);
  }

  protected override onOwner(same: boolean): void {
    super.onOwner(same);
    if (same) this.#live.wake();
    else this.#live.restart();
  }
}

/** A client of one server. */
export type InterlockClient = FullClient & AllCollections;

/** Makes a client; `close` it when it is not needed any more. */
export function createClient(options: ClientOptions = {}): InterlockClient {
  return new FullClient(options) as InterlockClient;
}
