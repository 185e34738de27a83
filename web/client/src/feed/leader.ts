// SPDX-License-Identifier: Apache-2.0
// The tab that holds the socket for all tabs. It subscribes to what any of them wants, passes on what comes, and resumes
// where it was after every interruption.
//
// No gap: `#reached` says for each collection how far everybody who joined has come; a new socket subscribes from the
// lowest of these and of what new tabs ask for, and tabs pass over what they have already. A tab joins a collection only
// when everything after its sequence is certain to reach it: from the ring of recent changes, or from a new socket that
// began at or before it. The old socket goes on until the new one is open.
import { type Platform, randomFraction } from '../platform.js';
import type { Bus } from '../tabs/bus.js';
import { feedLimits, Link, type Subscription } from './link.js';
import {
  concerns,
  type FeedChange,
  type FeedState,
  type Presence,
  type ServerMessage,
  type TabMessage,
  type Want,
} from './messages.js';

/** What a leader needs. */
export interface LeaderParts {
  readonly platform: Platform;
  readonly bus: Bus<TabMessage>;
  readonly url: string;
  /** After a socket that did not open: whether the session is still there. */
  checkSession(): Promise<'same' | 'other_user' | 'logged_out' | 'unknown'>;
}

interface Joining {
  readonly tab: string;
  readonly collection: string;
  readonly since: number;
}

/** The lock that tells whether a tab lives. */
export const tabLock = (tab: string) => `interlock-tab:${tab}`;

const isEnd = ({ type }: ServerMessage) => type === 'closed' || type === 'error';

const nothing: Subscription = { collections: [], since: undefined };

/** The one tab that speaks to the server. Lives from its election until its tab ends. */
export class Leader {
  readonly #wants = new Map<string, Want>();
  readonly #reached = new Map<string, number>();
  readonly #ringFrom = new Map<string, number>();
  readonly #presences = new Map<string, Presence>();
  #ring: FeedChange[] = [];
  #joining: Joining[] = [];
  #link: Link | undefined;
  #next: Link | undefined;
  #failures = 0;
  /** After a failure nothing is tried for a while, whoever asks for what. */
  #backingOff = false;
  #stopTimer: () => void = () => {};
  #stopListening: () => void;
  #ended = false;
  readonly #stopping = new AbortController();
  #state: FeedState = 'connecting';

  constructor(readonly parts: LeaderParts) {
    this.#stopListening = parts.bus.listen((message) => this.#hear(message));
    parts.bus.post({ kind: 'lead' });
  }

  /** Gives the lead up. */
  stop(): void {
    this.#ended = true;
    this.#stopping.abort();
    this.#stopTimer();
    this.#stopListening();
    this.#link?.close();
    this.#next?.close();
  }

  /** Tries at once. */
  wake(): void {
    this.#failures = 0;
    this.#backingOff = false;
    if (!this.#link?.opened) this.#connectSoon(0);
  }

  #hear(message: TabMessage): void {
    if (message.kind === 'want') this.#takeWant(message.tab, message.want);
    if (message.kind === 'leave') this.#takeWant(message.tab, undefined);
  }

  #takeWant(tab: string, want: Want | undefined): void {
    const before = this.#presentStates();
    const had = this.#wants.get(tab);
    if (want) this.#wants.set(tab, want);
    else this.#wants.delete(tab);
    this.#joining = this.#joining.filter((one) => one.tab !== tab || one.collection in (want?.collections ?? {}));
    for (const [collection, { since, asked }] of Object.entries(want?.collections ?? {})) {
      if (had?.collections[collection]?.asked !== asked) this.#join({ tab, collection, since });
    }
    if (want && !had) this.#dropWhenGone(tab);
    if (want) this.#tellNewcomer(want, had);
    this.#announce(before);
    this.#link?.watch([...this.#watched()]);
    if (this.#needsNewLink()) this.#connectSoon(feedLimits.gatherMs);
  }

  /** A tab holds a lock of its own as long as it lives. */
  #dropWhenGone(tab: string): void {
    const { locks } = this.parts.platform;
    const gone = async () => this.#takeWant(tab, undefined);
    locks?.request(tabLock(tab), { signal: this.#stopping.signal }, gone).catch(() => {}); // this leader has stopped
  }

  /** What the tab asks for and others have already. */
  #tellNewcomer(want: Want, had: Want | undefined): void {
    if (!had) this.parts.bus.post({ kind: 'state', state: this.#state });
    for (const subject of want.presence) {
      const presence = had?.presence.includes(subject) ? undefined : this.#presences.get(subject);
      if (presence) this.parts.bus.post({ kind: 'presence', presence });
    }
    const watched = this.#watched();
    for (const subject of this.#presences.keys()) if (!watched.has(subject)) this.#presences.delete(subject);
  }

  /** The records at which any tab shows who is there. */
  #watched(): Set<string> {
    return new Set([...this.#wants.values()].flatMap((want) => want.presence));
  }

  /** Lets a tab join from the ring, or at the opening of the next socket. */
  #join(one: Joining): void {
    const { tab, collection, since } = one;
    const live = this.#link?.opened && this.#link.subscription.collections.includes(collection);
    const from = this.#ringFrom.get(collection);
    this.#joining = this.#joining.filter((other) => other.tab !== tab || other.collection !== collection);
    if (live && from !== undefined && since >= from) {
      const changes = this.#ring.filter((change) => concerns(change, collection) && change.seq > since);
      this.parts.bus.post({ kind: 'joined', tab, collection, since, changes });
    } else {
      this.#joining.push(one);
    }
  }

  #needsNewLink(): boolean {
    const { collections } = (this.#next ?? this.#link)?.subscription ?? nothing;
    const watches = this.#next || this.#link || this.#watched().size === 0;
    const since = this.#next?.subscription.since;
    const joins = this.#joining.every(
      (one) => this.#next && collections.includes(one.collection) && since !== undefined && since <= one.since,
    );
    return !watches || !joins;
  }

  #connectSoon(ms: number): void {
    if (this.#backingOff) return;
    this.#stopTimer();
    this.#stopTimer = this.parts.platform.timer(ms, () => this.#connect());
  }

  #connectAfterFailure(): void {
    this.#failures += 1;
    this.#backingOff = false;
    this.#connectSoon(this.#delay());
    this.#backingOff = true;
  }

  #connect(): void {
    this.#backingOff = false;
    if (this.#ended) return;
    const subscription = this.#subscription();
    if (subscription.collections.length === 0 && this.#watched().size === 0) {
      if (!this.#link) this.#setState('connecting');
      return;
    }
    this.#next?.close();
    this.#next = new Link(this.parts.platform, this.parts.url, subscription, {
      onOpen: (link) => this.#onOpen(link),
      onMessage: (link, message) => this.#onMessage(link, message),
      onClose: (link) => void this.#onClose(link),
    });
    if (!this.#link?.opened) this.#setState(this.#state === 'open' ? 'reconnecting' : this.#state);
  }

  /** Everything that any tab wants, and what was followed before: a page that comes back finds it running. */
  #subscription(): Subscription {
    const collections = new Set([...this.#reached.keys(), ...this.#joining.map((one) => one.collection)]);
    const sinces = [...this.#reached.values(), ...this.#joining.map((one) => one.since)];
    return {
      collections: [...collections],
      since: sinces.length > 0 ? Math.min(...sinces) : undefined,
    };
  }

  #onOpen(link: Link): void {
    this.#link?.close();
    this.#link = link;
    this.#next = undefined;
    link.watch([...this.#watched()]);
    for (const [subject, state] of this.#presentStates()) link.present(subject, state);
    const { collections, since } = link.subscription;
    for (const collection of collections) {
      if (since === undefined) continue;
      // What this socket sends again is in the ring already, or will be: it begins anew.
      this.#ringFrom.set(collection, since);
      this.#reached.set(collection, Math.max(since, this.#reached.get(collection) ?? since));
    }
    this.#ring = [];
    this.#setState('open');
    const joining = this.#joining.filter(
      (one) => since !== undefined && collections.includes(one.collection) && since <= one.since,
    );
    this.#joining = this.#joining.filter((one) => !joining.includes(one));
    for (const one of joining) this.parts.bus.post({ kind: 'joined', ...one, changes: [] });
    if (this.#needsNewLink()) this.#connectSoon(feedLimits.gatherMs);
  }

  #onMessage(link: Link, message: ServerMessage): void {
    if (link !== this.#link) return;
    const { bus } = this.parts;
    // How far the one has come that tells who is where says nothing about the one that tells changes.
    const isOwn = message.subscription === undefined;
    if (!isOwn && !isEnd(message)) this.#failures = 0;
    if (!isOwn && !isEnd(message) && message.type !== 'presence') return;
    const { collections } = link.subscription;
    switch (message.type) {
      case 'change':
      case 'gone':
      case 'back':
        this.#failures = 0;
        this.#keep(message, collections);
        bus.post({ kind: 'change', change: message });
        break;
      case 'heartbeat':
        this.#failures = 0;
        for (const name of collections) this.#reached.set(name, Math.max(message.seq, this.#reached.get(name) ?? 0));
        bus.post({ kind: 'reached', collections, seq: message.seq });
        break;
      case 'reset':
        this.#startFrom(collections, message.seq);
        bus.post({ kind: 'reset', collections, seq: message.seq });
        break;
      case 'presence': {
        const { type: _type, subscription: _subscription, ...presence } = message;
        this.#presences.set(presence.subject, presence);
        bus.post({ kind: 'presence', presence });
        break;
      }
      case 'closed':
      case 'error':
        if (message.code === 'unauthenticated') this.#doubt(link);
        // That somebody cannot be shown at a record is nobody else's loss.
        else if (isOwn && message.field !== 'subject') this.#refused(link);
        break;
    }
  }

  #keep(change: FeedChange, collections: readonly string[]): void {
    this.#ring.push(change);
    for (const name of collections) {
      if (concerns(change, name)) this.#reached.set(name, Math.max(change.seq, this.#reached.get(name) ?? 0));
    }
    if (this.#ring.length <= feedLimits.ringChangesMax) return;
    for (const old of this.#ring.splice(0, feedLimits.ringChangesMax / 2)) {
      for (const name of collections) if (concerns(old, name)) this.#ringFrom.set(name, old.seq);
    }
  }

  /** The tenant's sequence begins anew, or what lies between is not kept any more. */
  #startFrom(collections: readonly string[], seq: number): void {
    this.#ring = [];
    for (const collection of collections) {
      this.#reached.set(collection, seq);
      this.#ringFrom.set(collection, seq);
    }
  }

  /** The subscription was refused, as when a right was taken away: everybody lists again, and finds out what is theirs. */
  #refused(link: Link): void {
    const { collections } = link.subscription;
    for (const collection of collections) this.#reached.delete(collection);
    this.#link = undefined;
    link.close();
    this.parts.bus.post({ kind: 'reset', collections, seq: undefined });
    this.#setState('reconnecting');
    this.#connectAfterFailure();
  }

  /** Somebody was disabled, perhaps: their session stands no more, though the socket does. */
  #doubt(link: Link): void {
    link.close();
    void this.#onClose(link, true);
  }

  async #onClose(link: Link, inDoubt = !link.opened): Promise<void> {
    if (link === this.#next) this.#next = undefined;
    if (link === this.#link) this.#link = undefined;
    if (this.#ended) return;
    if (!this.#link) this.#setState('reconnecting');
    const session = inDoubt ? await this.parts.checkSession() : 'same';
    if (this.#ended || this.#next) return;
    if (session === 'logged_out' || session === 'other_user') this.#setState('logged_out');
    else this.#connectAfterFailure();
  }

  #delay(): number {
    const all = feedLimits.reconnectMs;
    const usual = all[Math.min(this.#failures, all.length) - 1] ?? all[0];
    return usual * (0.5 + randomFraction(this.parts.platform) / 2);
  }

  #presentStates(): Map<string, 'viewing' | 'editing'> {
    const states = new Map<string, 'viewing' | 'editing'>();
    for (const { present } of this.#wants.values()) {
      for (const [subject, state] of Object.entries(present)) {
        if (states.get(subject) !== 'editing') states.set(subject, state);
      }
    }
    return states;
  }

  #announce(before: ReadonlyMap<string, 'viewing' | 'editing'>): void {
    const now = this.#presentStates();
    for (const [subject, state] of now) if (before.get(subject) !== state) this.#link?.present(subject, state);
    for (const subject of before.keys()) if (!now.has(subject)) this.#link?.present(subject, null);
  }

  #setState(state: FeedState): void {
    this.#state = state;
    this.parts.bus.post({ kind: 'state', state });
  }
}
