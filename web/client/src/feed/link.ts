// SPDX-License-Identifier: Apache-2.0
// One WebSocket, from its opening to its end. What it follows is one subscription without a name, as old as the socket. Who
// is at records is another one with a name, which its messages carry: it is replaced without a new socket.
import type { Platform, SocketLike } from '../platform.js';
import type { ServerMessage } from './messages.js';

/** Bounds of the feed. */
export const feedLimits = {
  /** The server's heartbeat comes every 15 s: after this much silence the socket is dead. */
  silenceMsMax: 40_000,
  openMsMax: 20_000,
  reconnectMs: [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
  /** How long wants are collected before they make a new subscription. */
  gatherMs: 20,
  ringChangesMax: 2_000,
} as const;

/** What a socket asks for. */
export interface Subscription {
  readonly collections: readonly string[];
  readonly since: number | undefined;
}

/** What a socket tells. */
export interface LinkEvents {
  /** The subscription was sent: whatever comes from here on belongs to it. */
  onOpen(link: Link): void;
  onMessage(link: Link, message: ServerMessage): void;
  /** The end, once; not after close(). */
  onClose(link: Link): void;
}

/** One socket. Opens when it is made; ended by close(), by the server or by silence. */
export class Link {
  readonly #socket: SocketLike;
  #stopTimer: () => void = () => {};
  #ended = false;
  #watched: readonly string[] = [];
  #watches = 0;
  opened = false;

  constructor(
    readonly platform: Platform,
    url: string,
    readonly subscription: Subscription,
    readonly events: LinkEvents,
  ) {
    this.#socket = platform.openSocket!(url);
    this.#expectWithin(feedLimits.openMsMax);
    this.#socket.onopen = () => this.#onOpen();
    this.#socket.onmessage = (event) => this.#onMessage(event.data);
    this.#socket.onclose = () => this.#end();
    this.#socket.onerror = () => this.#end();
  }

  /** Says that the user is at a record, or with null that they left it. */
  present(subject: string, state: 'viewing' | 'editing' | null): void {
    if (this.opened && !this.#ended) this.#send({ type: 'presence', subject, state: state ?? '' });
  }

  /** From here on it tells who is at these records, and at no others; at once for each of them. */
  watch(subjects: readonly string[]): void {
    const isSame = subjects.length === this.#watched.length && subjects.every((one) => this.#watched.includes(one));
    // A socket without any subscription would be silent, and taken for dead.
    const isLast = subjects.length === 0 && this.subscription.collections.length === 0;
    if (!this.opened || this.#ended || isSame || isLast) return;
    const before = this.#watched.length > 0 ? this.#watchName : undefined;
    this.#watched = subjects;
    this.#watches += 1;
    // The new one first: nothing is missed of a record that is in both.
    if (subjects.length > 0) {
      this.#send({ type: 'subscribe', name: this.#watchName, collections: [], presence: subjects });
    }
    if (before) this.#send({ type: 'unsubscribe', name: before });
  }

  get #watchName(): string {
    return `presence-${this.#watches}`;
  }

  /** Ends it without a word to anybody. */
  close(): void {
    this.#ended = true;
    this.#stopTimer();
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    // Node's `ws` tells of an end before the opening by an error, which without a listener would end the program.
    this.#socket.onerror = () => {};
    try {
      this.#socket.close();
    } catch {
      // closed before it was open: it is closed either way
    }
  }

  #onOpen(): void {
    this.opened = true;
    const { collections, since } = this.subscription;
    if (collections.length > 0) {
      this.#send({ type: 'subscribe', collections, ...(since !== undefined && { since }) });
    }
    this.#expectWithin(feedLimits.silenceMsMax);
    this.events.onOpen(this);
  }

  #onMessage(data: unknown): void {
    this.#expectWithin(feedLimits.silenceMsMax);
    const message = readMessage(data);
    // A broken frame: what it was cannot be told, so everything since the last good one is asked for again.
    if (message) this.events.onMessage(this, message);
    else this.#end();
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #expectWithin(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.platform.timer(ms, () => this.#end());
  }

  #end(): void {
    if (this.#ended) return;
    this.close();
    this.events.onClose(this);
  }
}

function readMessage(data: unknown): ServerMessage | undefined {
  try {
    const message = JSON.parse(String(data)) as ServerMessage;
    return typeof message?.type === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
