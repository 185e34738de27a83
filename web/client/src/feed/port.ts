// SPDX-License-Identifier: Apache-2.0
// One tab's access to the feed, wherever the socket is. Changes of a collection come in their order, each once; what is
// missed while the socket is away comes afterwards; where that cannot be, followers are told to list again.
import { newKey } from '../ids.js';
import type { Platform } from '../platform.js';
import { Bus } from '../tabs/bus.js';
import { standForElection } from '../tabs/election.js';
import { Leader, type LeaderParts, tabLock } from './leader.js';
import { concerns, type FeedChange, type FeedState, type Presence, type TabMessage, type Want } from './messages.js';

/** Who follows a collection. */
export interface Follower {
  onChange(change: FeedChange): void;
  /** List again: what was missed cannot be sent. Followed on from `seq`; without it `cover` has to be called again. */
  onReset(seq: number | undefined): void;
}

/** A follower's hold on a collection. */
export interface Following {
  /** Everything after this comes to the follower already; undefined: nothing does yet. */
  readonly from: number | undefined;
  /** Makes sure that everything after `seq` comes. */
  cover(seq: number): void;
  end(): void;
}

interface Followed {
  readonly followers: Set<Follower>;
  /** Everything up to here came. */
  cursor: number | undefined;
  /** Since when nothing was missed; undefined while a join is under way. */
  joinedFrom: number | undefined;
  /** What was asked of the leader last. */
  since: number | undefined;
  asked: number;
}

/** What a port needs. */
export interface PortParts extends Omit<LeaderParts, 'bus'> {
  readonly owner: string;
  /** Told of every sequence that the feed shows; with `reset` it may be lower than before. */
  onSeq(seq: number, reset: boolean): void;
}

const leaveMs = 60_000;

/** One per tab and owner; its tab may or may not be the leading one. */
export class FeedPort {
  readonly tab: string;
  readonly #bus: Bus<TabMessage>;
  readonly #collections = new Map<string, Followed>();
  readonly #present = new Map<string, 'viewing' | 'editing'>();
  readonly #watchers = new Map<string, Set<(presence: Presence) => void>>();
  readonly #presences = new Map<string, Presence>();
  readonly #listeners = new Set<() => void>();
  readonly #ends: (() => void)[] = [];
  #leader: Leader | undefined;
  #wantPosted = false;
  state: FeedState;

  constructor(readonly parts: PortParts) {
    const { platform, owner } = parts;
    this.tab = newKey(platform);
    this.state = platform.openSocket ? 'connecting' : 'unsupported';
    // Without locks nobody could be chosen to lead: then every tab has its own socket, and speaks to nobody.
    const shared: Pick<Platform, 'openChannel'> = platform.locks ? platform : {};
    this.#bus = new Bus(shared, `interlock-feed:${owner}`);
    this.#ends.push(this.#bus.listen((message) => this.#hear(message)));
    const living = new Promise<void>((resolve) => this.#ends.push(resolve));
    platform.locks?.request(tabLock(this.tab), {}, () => living).catch(() => {}); // costs only a late tidying up
    if (!platform.openSocket) return;
    const lead = () => {
      this.#leader = new Leader({ ...parts, bus: this.#bus });
    };
    this.#ends.push(standForElection(platform, `interlock-feed:${owner}`, { onElected: lead, onLost: () => {} }));
    this.#ends.push(platform.onOnline(() => this.wake()));
  }

  /** Follows a collection; the follower hears nothing before everything it hears is complete. */
  follow(collection: string, follower: Follower): Following {
    const followed = this.#followed(collection);
    followed.followers.add(follower);
    const from = followed.joinedFrom === undefined ? undefined : followed.cursor;
    return {
      from,
      cover: (seq) => this.#cover(followed, seq, from),
      end: () => {
        followed.followers.delete(follower);
        this.parts.platform.timer(leaveMs, () => this.#leaveIfUnused(collection));
      },
    };
  }

  /** Calls the listener with the presence at a record, now and after every change; the function it answers ends that. */
  watchPresence(subject: string, listener: (presence: Presence) => void): () => void {
    const watchers = this.#watchers.get(subject) ?? new Set();
    this.#watchers.set(subject, watchers.add(listener));
    this.#postWant();
    listener(this.#presences.get(subject) ?? { subject, users: [], lease: null });
    return () => {
      watchers.delete(listener);
      if (watchers.size > 0 || this.#watchers.get(subject) !== watchers) return;
      this.#watchers.delete(subject);
      this.#presences.delete(subject);
      this.#postWant();
    };
  }

  /** Shows others that this tab's user is at a record; null: not any more. */
  setPresent(subject: string, state: 'viewing' | 'editing' | null): void {
    if (state) this.#present.set(subject, state);
    else this.#present.delete(subject);
    this.#postWant();
  }

  /** Calls the listener after every change of `state`; the function it answers ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tries at once: the network is back, or somebody logged in. */
  wake(): void {
    this.#leader?.wake();
  }

  /** Leaves: other tabs go on, one of them leads. */
  close(): void {
    this.#bus.post({ kind: 'leave', tab: this.tab });
    this.#leader?.stop();
    for (const end of this.#ends) end();
    this.#bus.close();
    this.#collections.clear();
    this.#listeners.clear();
  }

  #followed(collection: string): Followed {
    const known = this.#collections.get(collection);
    if (known) return known;
    const followed: Followed = {
      followers: new Set(),
      cursor: undefined,
      joinedFrom: undefined,
      since: undefined,
      asked: 0,
    };
    this.#collections.set(collection, followed);
    return followed;
  }

  /** `from`: what the asking follower had from the beginning. */
  #cover(followed: Followed, seq: number, from: number | undefined): void {
    const had = from ?? followed.joinedFrom ?? followed.cursor;
    if (followed.cursor !== undefined && had !== undefined && had <= seq) return;
    followed.cursor = Math.min(seq, followed.cursor ?? seq);
    this.#ask(followed);
  }

  /** Asks to join from where this tab is; until then nothing of the collection is taken. */
  #ask(followed: Followed): void {
    followed.joinedFrom = undefined;
    followed.since = followed.cursor;
    followed.asked += 1;
    this.#postWant();
  }

  #leaveIfUnused(collection: string): void {
    if (this.#collections.get(collection)?.followers.size !== 0) return;
    this.#collections.delete(collection);
    this.#postWant();
  }

  #postWant(): void {
    if (this.#wantPosted) return;
    this.#wantPosted = true;
    queueMicrotask(() => {
      this.#wantPosted = false;
      this.#bus.post({ kind: 'want', tab: this.tab, want: this.#want() });
    });
  }

  #want(): Want {
    const collections: Record<string, { since: number; asked: number }> = {};
    for (const [name, { since, asked }] of this.#collections) {
      if (since !== undefined) collections[name] = { since, asked };
    }
    return { collections, presence: [...this.#watchers.keys()], present: Object.fromEntries(this.#present) };
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case 'lead':
        // The new leader knows nothing: whatever it sends first need not follow on what came last.
        for (const followed of this.#collections.values()) this.#ask(followed);
        this.#postWant();
        break;
      case 'joined':
        if (message.tab === this.tab) this.#join(message.collection, message.since, message.changes);
        break;
      case 'change':
        this.#take(message.change);
        break;
      case 'reached':
        for (const collection of message.collections) this.#reach(collection, message.seq);
        break;
      case 'reset':
        this.#reset(message.collections, message.seq);
        break;
      case 'presence':
        this.#takePresence(message.presence);
        break;
      case 'state':
        this.state = message.state;
        for (const listener of [...this.#listeners]) listener();
        break;
    }
  }

  #takePresence(presence: Presence): void {
    const watchers = this.#watchers.get(presence.subject);
    if (!watchers) return;
    this.#presences.set(presence.subject, presence);
    for (const listener of [...watchers]) listener(presence);
  }

  #join(collection: string, since: number, changes: readonly FeedChange[]): void {
    const followed = this.#collections.get(collection);
    // An answer to an earlier want: the later one will have its own.
    if (!followed || followed.joinedFrom !== undefined || followed.since !== since) return;
    followed.joinedFrom = since;
    for (const change of changes) this.#takeFor(followed, change);
  }

  #take(change: FeedChange): void {
    for (const [collection, followed] of this.#collections) {
      if (concerns(change, collection)) this.#takeFor(followed, change);
    }
  }

  #takeFor(followed: Followed, change: FeedChange): void {
    if (followed.joinedFrom === undefined || change.seq <= followed.cursor!) return;
    followed.cursor = change.seq;
    this.parts.onSeq(change.seq, false);
    for (const follower of [...followed.followers]) follower.onChange(change);
  }

  #reach(collection: string, seq: number): void {
    const followed = this.#collections.get(collection);
    if (followed?.joinedFrom !== undefined && followed.cursor! < seq) followed.cursor = seq;
  }

  #reset(collections: readonly string[], seq: number | undefined): void {
    if (seq !== undefined) this.parts.onSeq(seq, true);
    for (const collection of collections) {
      const followed = this.#collections.get(collection);
      if (!followed) continue;
      followed.cursor = seq;
      followed.joinedFrom = seq;
      for (const follower of [...followed.followers]) follower.onReset(seq);
    }
  }
}
