// SPDX-License-Identifier: Apache-2.0
// Live queries against the real server: nothing is missed between list and feed, over a reconnect, over a change of the
// leading tab, or when a record leaves a filter; what is shown is what the list would answer.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Customer,
  createClient,
  type InterlockClient,
  type LiveQuery,
  type LiveSnapshot,
  type Presence,
  type SocketLike,
} from '../src/index.js';
import { eventually, Person } from './support/people.js';
import { binary, TestServer } from './support/server.js';

describe.skipIf(!binary)('live queries', () => {
  let server: TestServer;
  let ana: Person;
  let ben: Person;
  let client: InterlockClient;
  let other: InterlockClient;
  let tag: string;
  const ends: (() => void)[] = [];

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    globalThis.indexedDB = new IDBFactory();
    ana = await new Person(server.url, 'staff01@demo.test').logIn();
    ben = await new Person(server.url, 'staff02@demo.test').logIn();
    client = ana.open();
    other = ben.open();
    tag = Math.random().toString(36).slice(2);
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    ana.close();
    ben.close();
  });

  /** Starts a live query and waits until it is live. */
  async function follow(from: InterlockClient, query: object): Promise<LiveQuery<Customer>> {
    const live = from.live('customers', query);
    ends.push(live.subscribe(() => {}));
    await eventually(() => live.snapshot.status === 'live', 'live');
    return live;
  }

  const names = (live: LiveQuery<Customer>) => live.snapshot.items.map((one) => one.name);
  const shows = (live: LiveQuery<Customer>, expected: string[]) =>
    eventually(() => JSON.stringify(names(live)) === JSON.stringify(expected), `${expected} (shown: ${names(live)})`);

  test('what others do is shown as the list has it: enters, moves, leaves', async () => {
    const live = await follow(client, { tags: tag, status: 'new', sort: 'name' });
    const b = await other.customers.create({ name: 'b', tags: [tag] });
    await other.customers.create({ name: 'c', tags: [tag] });
    await other.customers.create({ name: 'elsewhere' });
    await shows(live, ['b', 'c']);
    const moved = await other.customers.update(b.id, { name: 'd' }, { version: b.version });
    await shows(live, ['c', 'd']);
    await other.operation('customers/set-status', { id: moved.id, status: 'contacted' });
    await shows(live, ['c']);
    await other.customers.delete(live.snapshot.items[0]!.id, { version: 1 });
    await shows(live, []);
  });

  test('races 26: nothing is missed between list and subscription', async () => {
    let going = true;
    let made = 0;
    const writing = (async () => {
      while (going) await other.customers.create({ name: `n${made++}`, tags: [tag] });
    })();
    await eventually(() => made > 5);
    const live = await follow(client, { tags: tag, limit: 1_000, sort: 'id' });
    await eventually(() => live.snapshot.items.length > made / 2 && made > 60);
    going = false;
    await writing;
    await eventually(() => live.snapshot.items.length === made, `${made} shown, not ${live.snapshot.items.length}`);
    expect(new Set(live.snapshot.items.map((one) => one.id)).size).toBe(made);
  });

  test('races 26: nothing is missed over a broken socket, nor over a restart of the server', async () => {
    const live = await follow(client, { tags: tag, sort: 'name' });
    await other.customers.create({ name: 'a', tags: [tag] });
    await shows(live, ['a']);
    ana.sockets.at(-1)!.terminate();
    await other.customers.create({ name: 'b', tags: [tag] });
    await shows(live, ['a', 'b']);
    await server.kill();
    await eventually(() => live.snapshot.status === 'reconnecting', 'reconnecting');
    expect(names(live)).toEqual(['a', 'b']);
    await server.run();
    await other.customers.create({ name: 'c', tags: [tag] });
    await shows(live, ['a', 'b', 'c']);
    await eventually(() => live.snapshot.status === 'live', 'live', 40_000);
  });

  test('races 26: a record that leaves the filter is gone, and comes back whole', async () => {
    const live = await follow(client, { tags: tag });
    const record = await other.customers.create({ name: 'a', tags: [tag] });
    await shows(live, ['a']);
    const without = await other.customers.update(record.id, { tags: [] }, { version: 1 });
    await shows(live, []);
    await other.customers.update(record.id, { tags: [tag], name: 'back' }, { version: without.version });
    await shows(live, ['back']);
  });

  test('all tabs of a browser share one socket, and another tab takes over when one crashes', async () => {
    const tab = ana.browser.tab();
    client.close();
    const [first, second, third] = [ana.open(tab), ana.open(), ana.open()];
    const lives = [];
    for (const one of [first, second, third]) lives.push(await follow(one, { tags: tag, sort: 'name' }));
    await other.customers.create({ name: 'a', tags: [tag] });
    for (const live of lives) await shows(live, ['a']);
    expect(ana.sockets.filter((socket) => socket.readyState === socket.OPEN)).toHaveLength(1);
    tab.crash();
    for (const socket of ana.sockets) socket.terminate();
    await other.customers.create({ name: 'b', tags: [tag] });
    for (const live of lives.slice(1)) await shows(live, ['a', 'b']);
    const late = await follow(ana.open(), { tags: tag, sort: 'name' });
    await other.customers.create({ name: 'c', tags: [tag] });
    for (const live of [...lives.slice(1), late]) await shows(live, ['a', 'b', 'c']);
    expect(ana.sockets.filter((socket) => socket.readyState === socket.OPEN)).toHaveLength(1);
  });

  test('another collection is followed beside the first, and neither misses anything', async () => {
    const live = await follow(client, { tags: tag, sort: 'name' });
    const record = await other.customers.create({ name: 'a', tags: [tag] });
    const comments = client.live('comments', { subject: record.id, sort: 'created_at' });
    ends.push(comments.subscribe(() => {}));
    for (let i = 0; i < 10; i++) {
      await other.comments.create({ subject: record.id, text: String(i) });
      await other.customers.create({ name: `b${i}`, tags: [tag] });
    }
    await eventually(() => comments.snapshot.items.length === 10, 'ten comments');
    expect(comments.snapshot.items.map((one) => one.text)).toEqual([...Array(10).keys()].map(String));
    await eventually(() => live.snapshot.items.length === 11, 'eleven customers');
  });

  test('what hangs on a record goes with it and comes back with it, even for those who do not follow the record', async () => {
    const record = await other.customers.create({ name: 'a' });
    const activity = await other.activities.create({ subject: record.id, text: 'visit' });
    await other.comments.create({ subject: record.id, text: 'about a' });
    await other.comments.create({ subject: activity.id, text: 'about the visit' });
    const tenMinutes = new Date(Date.now() - 600_000).toISOString();
    const live = client.live('comments', { 'created_at.min': tenMinutes, sort: '-created_at', limit: 2 });
    ends.push(live.subscribe(() => {}));
    const texts = () => live.snapshot.items.map((one) => one.text);
    await eventually(() => live.snapshot.status === 'live' && texts().includes('about the visit'), 'both');
    const deleted = await other.customers.delete(record.id, { version: 1 });
    await eventually(() => !texts().some((text) => text.startsWith('about')), 'neither');
    expect(deleted.version).toBe(2);
    await other.customers.restore(record.id);
    await eventually(() => texts().join() === 'about the visit,about a', 'both again');
  });

  test('a page shows as many as it was asked for, fills up from behind, and grows on demand', async () => {
    const made = [];
    for (let i = 0; i < 9; i++) made.push(await other.customers.create({ name: `n${i}`, tags: [tag] }));
    const live = await follow(client, { tags: tag, sort: 'name', limit: 3 });
    expect(names(live)).toEqual(['n0', 'n1', 'n2']);
    expect(live.snapshot.hasMore).toBe(true);
    await other.customers.delete(made[1]!.id, { version: 1 });
    await shows(live, ['n0', 'n2', 'n3']);
    await live.fetchMore();
    await shows(live, ['n0', 'n2', 'n3', 'n4', 'n5', 'n6']);
    await other.customers.create({ name: 'n10', tags: [tag] });
    await shows(live, ['n0', 'n10', 'n2', 'n3', 'n4', 'n5']);
    await live.fetchMore();
    await eventually(() => !live.snapshot.hasMore && live.snapshot.items.length === 9, 'all nine');
  });

  test('an own change shows as pending at once, stays when it is answered, and is taken back when it is refused', async () => {
    const live = await follow(client, { tags: tag, sort: 'name' });
    const seen: LiveSnapshot<Customer>[] = [];
    ends.push(live.subscribe(() => seen.push(live.snapshot)));
    const action = await client.perform('customers/create', { name: 'a', tags: [tag] });
    const record = await action.settled;
    expect(seen.some((snapshot) => snapshot.pending.has(record.id))).toBe(true);
    await eventually(() => live.snapshot.pending.size === 0 && names(live).join() === 'a');
    const first = seen.findIndex((snapshot) => snapshot.items.length === 1);
    expect(seen.slice(first).every((snapshot) => snapshot.items.length === 1)).toBe(true);

    await other.customers.update(record.id, { name: 'theirs' }, { version: 1 });
    const refused = await client.perform('customers/update', { id: record.id, version: 1, name: 'mine' });
    await refused.settled.catch(() => {});
    await shows(live, ['theirs']);
    expect(seen.some((snapshot) => snapshot.pending.has(record.id) && snapshot.items[0]?.name === 'mine')).toBe(true);
    expect((await client.getOfflineQueue())[0]).toMatchObject({
      standing: 'refused',
      error: { code: 'stale_version' },
    });
  });

  test('a client that is closed while its socket is opening ends quietly, though `ws` calls that an error', async () => {
    const opened: WebSocket[] = [];
    const openSocket = (url: string) => {
      const socket = new WebSocket(url);
      opened.push(socket);
      queueMicrotask(() => early.close());
      return socket as unknown as SocketLike;
    };
    const early = ana.open(undefined, { openSocket });
    ends.push(early.live('customers', {}).subscribe(() => {}));
    await eventually(() => opened[0]?.readyState === WebSocket.CLOSED, 'the end of the socket');
  });

  test('what the feed does not tell of is refused at once, by name', () => {
    expect(() => client.live('leases' as 'customers')).toThrow('The feed does not tell of leases');
  });

  test('"assigned to me" is the user of the session', async () => {
    const me = (await client.sessions.current()).user.id;
    const live = await follow(client, { tags: tag, assigned_to: 'me' });
    await other.customers.create({ name: 'not mine', tags: [tag] });
    await other.customers.create({ name: 'mine', tags: [tag], assigned_to: me });
    await shows(live, ['mine']);
  });

  test('a search follows what is found', async () => {
    const live = await follow(client, { q: tag });
    const record = await other.customers.create({ name: `Ana ${tag}` });
    await shows(live, [`Ana ${tag}`]);
    await other.customers.update(record.id, { name: 'Nobody' }, { version: 1 });
    await shows(live, []);
  });

  test('one record, until it is gone', async () => {
    const record = await other.customers.create({ name: 'a' });
    const live = client.liveRecord('customers', record.id);
    await live.ready();
    ends.push(live.subscribe(() => {}));
    await other.customers.update(record.id, { phone: '1' }, { version: 1 });
    await eventually(() => live.snapshot.items[0]?.phone === '1');
    await other.customers.delete(record.id, { version: 2 });
    await eventually(() => live.snapshot.items.length === 0);
  });

  test('who edits a record is shown to others, with its lease, until they leave', async () => {
    const record = await other.customers.create({ name: 'a' });
    let seen: Presence | undefined;
    const mine = client.presence(record.id, (presence) => {
      seen = presence;
    });
    mine.set('viewing');
    const theirs = other.presence(record.id, () => {});
    theirs.set('editing');
    await eventually(() => seen?.users.some((user) => user.state === 'editing'), 'editing');
    const lease = await other.leases.hold(record.id);
    await eventually(() => seen?.lease?.holder === lease.lease.user, 'the lease');
    await lease.release();
    theirs.end();
    await eventually(() => seen?.lease === null && seen.users.every((user) => user.state !== 'editing'), 'left');
    mine.end();
  });

  test('who was there before is shown to whoever comes later', async () => {
    const record = await other.customers.create({ name: 'a' });
    const theirs = other.presence(record.id, () => {});
    theirs.set('editing');
    await other.leases.hold(record.id);
    await eventually(async () => other.feedState === 'open');
    let seen: Presence | undefined;
    client.presence(record.id, (presence) => {
      seen = presence;
    });
    await eventually(() => seen?.users.length === 1 && seen.lease !== null, 'who is there', 5_000);
  });

  test('a session that ends keeps what is shown and what is done, until its user is back', async () => {
    const who = { email: 'staff03@demo.test', password: 'demo-password' };
    let mine: InterlockClient;
    const openSocket = (url: string) => {
      const headers = { Authorization: `Bearer ${mine.sessions.token}` };
      return new WebSocket(url, { headers }) as unknown as SocketLike;
    };
    const platform = ana.browser.tab().platform((url, init) => fetch(url, init), { openSocket });
    mine = createClient({ baseUrl: server.url, platform });
    ends.push(() => mine.close());
    await mine.sessions.logIn(who);
    const live = await follow(mine, { tags: tag, sort: 'name' });
    await other.customers.create({ name: 'a', tags: [tag] });
    await shows(live, ['a']);
    await mine.call({ method: 'DELETE', path: '/api/sessions' });
    await eventually(() => mine.feedState === 'logged_out', 'logged out');
    const action = await mine.perform('customers/create', { name: 'b', tags: [tag] });
    await shows(live, ['a', 'b']);
    await eventually(async () => (await mine.queue()).status.state === 'logged_out', 'a queue that waits');
    await other.customers.create({ name: 'c', tags: [tag] });
    await mine.sessions.logIn(who);
    await action.settled;
    await shows(live, ['a', 'b', 'c']);
    await eventually(() => live.snapshot.status === 'live' && live.snapshot.pending.size === 0);
  });

  test('a list that the server refuses is told', async () => {
    const viewer = await new Person(server.url, 'guest@demo.test').logIn();
    const live = viewer.open().live('users', {});
    await expect(live.ready()).rejects.toMatchObject({ kind: 'refusal', code: 'forbidden' });
    viewer.close();
  });
});
