// SPDX-License-Identifier: Apache-2.0
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelFeed } from '../../test/support/model_feed.js';
import { seeded } from '../../test/support/seed.js';
import { TestBrowser, type TestTab } from '../../test/support/surroundings.js';
import type { Customer } from '../generated/api.js';
import { createClient, type InterlockClient } from '../interlock.js';
import type { LiveQuery } from './query.js';

class World {
  readonly browser = new TestBrowser();
  readonly feed = new ModelFeed(this.browser.clock);
  readonly clients: InterlockClient[] = [];

  open(tab: TestTab = this.browser.tab(), more = {}): InterlockClient {
    const platform = tab.platform((url) => this.feed.fetch(url), { openSocket: this.feed.openSocket, ...more });
    const client = createClient({ baseUrl: 'http://server.test', platform });
    this.clients.push(client);
    return client;
  }

  async follow(client: InterlockClient, query: object): Promise<LiveQuery<Customer>> {
    const live = client.live('customers', query);
    live.subscribe(() => {});
    await this.browser.clock.until(() => live.snapshot.status === 'live');
    return live;
  }

  /** Lets time pass until the query shows what a list would answer. */
  async agrees(live: LiveQuery<Customer>, query: Record<string, string>): Promise<void> {
    const wanted = () => this.feed.list(new URLSearchParams(query)).items.map((one) => `${one.name} ${one.version}`);
    const shown = () => live.snapshot.items.map((one) => `${one.name} ${one.version}`);
    await this.browser.clock
      .until(() => JSON.stringify(shown()) === JSON.stringify(wanted()), 300_000)
      .catch(() => {
        throw new Error(`shown: ${shown()}; listed: ${wanted()}; ${live.snapshot.status}`);
      });
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}

let world: World;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  world = new World();
});
afterEach(() => world.close());

const byName = { sort: 'name' } as const;

test('a socket that says nothing any more is given up, and what was missed comes after', async () => {
  const live = await world.follow(world.open(), byName);
  world.feed.broken = 'silent';
  for (const socket of world.feed.sockets) socket.say = () => {};
  world.feed.create('a');
  const opened = world.feed.opened;
  await world.browser.clock.until(() => world.feed.opened > opened);
  world.feed.broken = undefined;
  await world.agrees(live, byName);
});

test('a server that is away is tried again, ever more patiently', async () => {
  const live = await world.follow(world.open(), byName);
  world.feed.broken = 'refuses';
  world.feed.breakAll();
  await world.browser.clock.until(() => live.snapshot.status === 'reconnecting');
  await world.browser.clock.pass(120_000);
  world.feed.create('a');
  world.feed.broken = undefined;
  await world.agrees(live, byName);
  await world.browser.clock.until(() => live.snapshot.status === 'live');
});

test.each(['{"type":"chan', '42', 'null', '{"no":"type"}'])(
  'a broken frame %s costs a reconnect, not a change',
  async (frame) => {
    const live = await world.follow(world.open(), byName);
    for (const socket of world.feed.sockets) socket.say(frame);
    world.feed.create('a');
    await world.agrees(live, byName);
  },
);

test('a list that was never reached is asked for at once when the network is back', async () => {
  const tab = world.browser.tab();
  let offline = true;
  const fetch = (url: string) => (offline ? Promise.reject(new TypeError('no network')) : world.feed.fetch(url));
  const live = world.open(tab, { fetch }).live('customers', byName);
  live.subscribe(() => {});
  await world.browser.clock.until(() => live.snapshot.status === 'failed');
  offline = false;
  world.feed.create('a');
  const { now } = world.browser.clock;
  tab.comeOnline();
  await world.agrees(live, byName);
  expect(world.browser.clock.now).toBe(now);
});

test('past retention the list is loaded anew', async () => {
  const live = await world.follow(world.open(), byName);
  world.feed.broken = 'refuses';
  world.feed.breakAll();
  for (const name of ['a', 'b', 'c']) world.feed.create(name);
  world.feed.forget();
  const { lists } = world.feed;
  world.feed.broken = undefined;
  await world.agrees(live, byName);
  expect(world.feed.lists).toBe(lists + 1);
});

test('a subscription that the server refuses makes everybody list again', async () => {
  const live = await world.follow(world.open(), byName);
  for (const socket of world.feed.sockets) socket.say({ type: 'error', code: 'forbidden', status: 403 });
  await world.browser.clock.pass(1);
  world.feed.create('a');
  await world.agrees(live, byName);
});

test('a sequence that begins anew, as after a restored backup, is followed', async () => {
  const live = await world.follow(world.open(), byName);
  world.feed.create('a');
  await world.agrees(live, byName);
  world.feed.breakAll();
  world.feed.records.clear();
  world.feed.seq = 50;
  world.feed.keptFrom = 50;
  world.feed.log = [];
  world.feed.create('restored');
  await world.agrees(live, byName);
});

test('without WebSocket the list is asked for now and then', async () => {
  const client = world.open(world.browser.tab(), { openSocket: undefined });
  const live = client.live('customers', byName);
  live.subscribe(() => {});
  await world.browser.clock.until(() => live.snapshot.status === 'reconnecting');
  world.feed.create('a');
  await world.agrees(live, byName);
});

test('without Web Locks every tab has a socket of its own', async () => {
  const lives = [];
  for (let i = 0; i < 2; i++) {
    lives.push(await world.follow(world.open(world.browser.tab(), { locks: undefined }), byName));
  }
  world.feed.create('a');
  for (const live of lives) await world.agrees(live, byName);
  expect(world.feed.sockets.size).toBe(2);
});

test('a query is kept for a while after its last listener, and then left', async () => {
  const client = world.open();
  const live = client.live('customers', byName);
  const end = live.subscribe(() => {});
  await world.browser.clock.until(() => live.snapshot.status === 'live');
  end();
  expect(client.live('customers', byName)).toBe(live);
  await world.browser.clock.pass(20_000);
  expect(client.live('customers', byName)).not.toBe(live);
});

test('a query that is listened to again is live again, with pending actions too', async () => {
  const client = world.open();
  const live = client.live('customers', byName);
  live.subscribe(() => {})();
  await world.browser.clock.pass(20_000);
  live.subscribe(() => {});
  await world.browser.clock.until(() => live.snapshot.status === 'live');
  world.feed.create('a');
  await world.agrees(live, byName);
  world.feed.fetch = () => Promise.reject(new TypeError('fetch failed'));
  await world.browser.clock.settle(client.perform('customers/create', { name: 'b' }));
  await world.browser.clock.until(() => live.snapshot.pending.size === 1);
});

type Step =
  | { do: 'create' | 'rename' | 'move' | 'delete'; of: number; to: number }
  | { do: 'break' | 'forget' | 'heartbeat' | 'slow' | 'quick' }
  | { do: 'crash' | 'open'; tab: number; query: number }
  | { do: 'wait'; ms: number }
  | { do: 'turn'; times: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom<'create' | 'rename' | 'move' | 'delete'>('create', 'create', 'rename', 'move', 'delete'),
      of: fc.nat(20),
      to: fc.nat(9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom<'break' | 'heartbeat' | 'slow' | 'quick'>('break', 'heartbeat', 'slow', 'quick'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom<'crash' | 'open'>('crash', 'open'), tab: fc.nat(2), query: fc.nat(3) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30) }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('turn' as const), times: fc.nat(3) }) },
);

const queries: Record<string, string>[] = [
  { sort: 'name' },
  { sort: '-name', status: 'new' },
  { sort: 'name', limit: '3' },
  { status: 'new', limit: '2' },
];

function act(feed: ModelFeed, { do: what, of, to }: Extract<Step, { of: number }>): void {
  const ids = [...feed.records.keys()];
  const id = ids[of % Math.max(1, ids.length)];
  if (what === 'create' || id === undefined) feed.create(`n${to}`, of % 2 ? 'new' : 'old');
  else if (what === 'rename') feed.update(id, { name: `n${to}` });
  else if (what === 'move') feed.update(id, { status: of % 2 ? 'new' : 'old' });
  else feed.delete(id);
}

async function turns(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function run(steps: readonly Step[]): Promise<void> {
  globalThis.indexedDB = new IDBFactory();
  const here = new World();
  const { feed, browser } = here;
  const tabs: { tab: TestTab; shown: { live: LiveQuery<Customer>; query: Record<string, string> }[] }[] = [];
  const open = (index: number, query: number) => {
    const tab = tabs[index]?.tab ?? browser.tab();
    const client = here.open(tab);
    const live = client.live('customers', queries[query] as never);
    live.subscribe(() => {});
    tabs[index] = { tab, shown: [...(tabs[index]?.shown ?? []), { live, query: queries[query]! }] };
  };
  open(0, 0);
  open(1, 1);
  try {
    for (const one of steps) {
      if ('of' in one) act(feed, one);
      else if (one.do === 'break') feed.breakAll();
      else if (one.do === 'forget') feed.forget();
      else if (one.do === 'heartbeat') feed.heartbeat();
      else if (one.do === 'slow') feed.listDelay = () => new Promise((resolve) => browser.clock.timer(15, resolve));
      else if (one.do === 'quick') feed.listDelay = async () => {};
      else if (one.do === 'turn') await turns(one.times);
      else if (one.do === 'wait') await browser.clock.pass(one.ms);
      else if (one.do === 'open') open(one.tab, one.query);
      else if (one.do === 'crash') {
        tabs[one.tab]?.tab.crash();
        delete tabs[one.tab];
        open(one.tab, one.query);
      }
    }
    for (const { shown } of tabs.filter(Boolean)) for (const { live, query } of shown) await here.agrees(live, query);
  } finally {
    here.close();
  }
}

test('every tab ends up with what the list would answer, whatever happens', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 50 }), run);
  await fc.assert(property, seeded('live', 300));
});
