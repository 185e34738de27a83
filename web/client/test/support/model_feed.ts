// SPDX-License-Identifier: Apache-2.0
// A small model of lists and feed: one collection of customers, its changes in order, sockets that can break at any point.
// Filter and order are written anew here, so that the library is not held against itself.
import type { SocketLike } from '../../src/platform.js';
import type { TestClock } from './surroundings.js';

export interface ModelCustomer {
  id: string;
  version: number;
  name: string;
  status: string;
  created_at: string;
  updated_at: string;
}

interface Change {
  seq: number;
  id: string;
  before: ModelCustomer | undefined;
  after: ModelCustomer | undefined;
}

interface Subscription {
  since: number;
}

export class ModelFeed {
  readonly records = new Map<string, ModelCustomer>();
  readonly sockets = new Set<ModelSocket>();
  seq = 100;
  log: Change[] = [];
  /** Lists are answered when this resolves; what they show is what there was when they were asked, or later. */
  listDelay: () => Promise<void> = async () => {};
  /** What is before this is not kept. */
  keptFrom = 100;
  /** Sockets that do not open, or open and say nothing. */
  broken: 'refuses' | 'silent' | undefined;
  opened = 0;
  lists = 0;

  constructor(readonly clock: TestClock) {}

  create(name: string, status = 'new'): ModelCustomer {
    const id = `customer_01kdvdna02e00amycd${String(this.seq).padStart(7, '0')}`;
    return this.#write(id, { id, version: 1, name, status, created_at: this.#time(), updated_at: this.#time() })!;
  }

  update(id: string, changes: Partial<ModelCustomer>): void {
    const record = this.records.get(id)!;
    this.#write(id, { ...record, ...changes, version: record.version + 1, updated_at: this.#time() });
  }

  delete(id: string): void {
    this.#write(id, undefined);
  }

  /** Forgets the changes so far: who resumes from before now has to list again. */
  forget(): void {
    this.log = [];
    this.keptFrom = this.seq;
  }

  /** What a list would answer now. */
  list(query: URLSearchParams): { items: ModelCustomer[]; next_cursor: string | null; seq: number } {
    const status = query.getAll('status');
    const sort = query.get('sort') ?? '-updated_at';
    const field = sort.replace('-', '') as keyof ModelCustomer;
    const sign = sort.startsWith('-') ? -1 : 1;
    const key = (one: ModelCustomer) => `${one[field]}\u0000${one.id}`;
    const all = [...this.records.values()]
      .filter((one) => status.length === 0 || status.includes(one.status))
      .sort((a, b) => sign * (key(a) < key(b) ? -1 : 1));
    const cursor = query.get('cursor');
    const rest = cursor === null ? all : all.filter((one) => (sign === 1 ? key(one) > cursor : key(one) < cursor));
    const items = rest.slice(0, Number(query.get('limit') ?? 50));
    return { items, next_cursor: rest.length > items.length ? key(items.at(-1)!) : null, seq: this.seq };
  }

  fetch = async (address: string): Promise<Response> => {
    const url = new URL(address);
    if (url.pathname === '/api/sessions/current') {
      return Response.json({ user: { id: 'user_a', name: 'Ana' }, tenant: { id: 'tenant_a' } });
    }
    this.lists += 1;
    const page = this.list(url.searchParams);
    await this.listDelay();
    return Response.json(page);
  };

  readonly openSocket = (): SocketLike => new ModelSocket(this);

  /** Breaks every connection. */
  breakAll(): void {
    for (const socket of [...this.sockets]) socket.break();
  }

  heartbeat(): void {
    for (const socket of this.sockets) socket.heartbeat();
  }

  message(change: Change): object {
    const { seq, id, after } = change;
    const head = { seq, op_seq: seq, collection: 'customers', id };
    if (!after) return { type: 'gone', ...head };
    return { type: 'change', ...head, operation: 'customers/update', version: after.version, record: after, actor: {} };
  }

  #write(id: string, after: ModelCustomer | undefined): ModelCustomer | undefined {
    const change = { seq: ++this.seq, id, before: this.records.get(id), after };
    if (after) this.records.set(id, after);
    else this.records.delete(id);
    this.log.push(change);
    for (const socket of this.sockets) socket.change(change);
    return after;
  }

  #time(): string {
    return new Date(this.clock.now).toISOString().replace(
      'Z',
      String(this.seq % 1_000)
        .padStart(3, '0')
        .concat('Z'),
    );
  }
}

export class ModelSocket implements SocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  #subscription: Subscription | undefined;
  #ended = false;

  constructor(readonly feed: ModelFeed) {
    setImmediate(() => {
      if (this.#ended) return;
      if (feed.broken === 'refuses') return this.break();
      feed.opened += 1;
      feed.sockets.add(this);
      this.onopen?.({} as never);
    });
  }

  send(text: string): void {
    const message = JSON.parse(text) as { type: string; since?: number; name?: string };
    if (message.type !== 'subscribe' || message.name !== undefined || this.feed.broken === 'silent') return;
    setImmediate(() => this.#subscribe(message.since));
  }

  close(): void {
    this.#ended = true;
    this.feed.sockets.delete(this);
  }

  break(): void {
    if (this.#ended) return;
    this.close();
    this.onclose?.({ code: 1006 });
  }

  change(change: Change): void {
    if (this.#subscription) this.say(this.feed.message(change));
  }

  heartbeat(): void {
    if (this.#subscription) this.say({ type: 'heartbeat', seq: this.feed.seq });
  }

  /** Sends something, later, unless the connection breaks before. */
  say(message: object | string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    setImmediate(() => !this.#ended && this.onmessage?.({ data }));
  }

  #subscribe(since: number | undefined): void {
    if (this.#ended) return;
    const { feed } = this;
    const reset = since !== undefined && (since < feed.keptFrom || since > feed.seq);
    if (reset) this.say({ type: 'reset', seq: feed.seq });
    else if (since !== undefined) for (const one of feed.log) if (one.seq > since) this.say(feed.message(one));
    this.#subscription = { since: since ?? feed.seq };
    this.heartbeat();
  }
}
