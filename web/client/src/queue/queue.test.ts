// SPDX-License-Identifier: Apache-2.0
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelServer } from '../../test/support/model_server.js';
import { TestBrowser, type TestTab } from '../../test/support/surroundings.js';
import { CoreClient } from '../client.js';
import type { Refusal } from '../errors.js';
import type { Platform } from '../platform.js';

let server: ModelServer;
let browser: TestBrowser;
let clients: CoreClient[];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = new ModelServer();
  browser = new TestBrowser();
  clients = [];
});

afterEach(() => {
  for (const client of clients) client.close();
});

function open(tab: TestTab = browser.tab(), more: Partial<Platform> = {}): CoreClient {
  const client = new CoreClient({ baseUrl: 'http://server.test', platform: tab.platform(server.fetch, more) });
  clients.push(client);
  return client;
}

const settle = <T>(promise: Promise<T>) => browser.clock.settle(promise);
const queueOf = (client: CoreClient) => settle(client.getOfflineQueue());
const standings = async (client: CoreClient) => (await queueOf(client)).map((item) => item.standing);
const empty = (client: CoreClient) => browser.clock.until(async () => (await client.getOfflineQueue()).length === 0);
const operations = () =>
  server.effects.map((effect) => `${effect.operation} ${effect.request.name ?? effect.request.text}`);

/** A customer that is there before the test begins. */
async function customer(client: CoreClient, name = 'Ana') {
  const action = await settle(client.perform('customers/create', { name }));
  return settle(action.settled);
}

test('an action is sent, and its promise has the answer', async () => {
  const client = open();
  const action = await settle(client.perform('customers/create', { name: 'Ana' }));
  expect(action.durable).toBe(true);
  expect(await settle(action.settled)).toMatchObject({ id: action.id, name: 'Ana', version: 1 });
  expect(await queueOf(client)).toEqual([]);
});

test('create, then comment works without a network, and goes out in order when it is back', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  const made = await settle(client.perform('customers/create', { name: 'Ana' }));
  await settle(client.perform('comments/create', { subject: made.id!, text: 'called' }));
  await settle(client.perform('customers/update', { id: made.id!, version: 0, name: 'Ana B' }));
  expect(await standings(client)).toEqual(['ready', 'waiting', 'waiting']);
  server.down = false;
  await empty(client);
  expect(operations()).toEqual(['customers/create Ana', 'comments/create called', 'customers/update Ana B']);
});

test('a second own save raises no false conflict', async () => {
  const client = open();
  const record = await customer(client);
  server.down = true;
  for (const name of ['B', 'C', 'D']) await settle(client.perform('customers/update', { name }, { base: record }));
  server.down = false;
  await empty(client);
  expect(server.records.get(record.id)).toMatchObject({ name: 'D', version: 4 });
});

test('a second own save does not run over what somebody else changed in between', async () => {
  const client = open();
  const record = await customer(client);
  server.down = true;
  await settle(client.perform('customers/update', { phone: '1' }, { base: record }));
  await settle(client.perform('customers/update', { name: 'Mine' }, { base: record }));
  // The server merges the first change with somebody else's.
  server.records.set(record.id, { ...server.records.get(record.id)!, name: 'Theirs', version: 1 });
  server.faults = (path, body) => {
    if (path.includes(record.id) && 'phone' in body) server.records.get(record.id)!.version = 1;
    return undefined;
  };
  const before = server.effects.length;
  server.down = false;
  await browser.clock.until(() => server.effects.length > before);
  await settle(client.syncOfflineQueue());
  expect(server.records.get(record.id)?.phone).toBe('1');
});

test('what one refusal builds on is set aside, and the rest of the backlog goes on', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  const bad = await settle(client.perform('customers/create', { name: 'bad' }));
  await settle(client.perform('comments/create', { subject: bad.id!, text: 'on it' }));
  for (let i = 0; i < 20; i++) await settle(client.perform('customers/create', { name: `n${i}` }));
  server.down = false;
  await browser.clock.until(() => server.effects.length === 20);
  await settle(client.syncOfflineQueue());
  const items = await queueOf(client);
  expect(items.map((item) => item.standing)).toEqual(['refused', 'held']);
  expect(items[1]?.heldBy).toBe(bad.key);
  expect((items[0]!.error as Refusal).code).toBe('not_unique');
  await expect(bad.settled).rejects.toMatchObject({ code: 'not_unique' });
});

test('a refused action goes out again with another request and key, and frees what it held', async () => {
  const client = open();
  const bad = await settle(client.perform('customers/create', { name: 'bad' }));
  await settle(bad.settled.catch(() => {}));
  await settle(client.perform('comments/create', { subject: bad.id!, text: 'on it' }));
  expect(await standings(client)).toEqual(['refused', 'held']);
  const queue = await settle(client.queue());
  const again = await settle(queue.retry(bad.key, { id: bad.id, name: 'good' }));
  expect(again.key).not.toBe(bad.key);
  expect(await settle(again.settled)).toMatchObject({ name: 'good' });
  await empty(client);
  expect(operations()).toEqual(['customers/create good', 'comments/create on it']);
});

test('a refusal that left the key unused is retried with the same key', async () => {
  const client = open();
  const action = await settle(client.perform('customers/create', { name: '' }));
  await settle(action.settled.catch(() => {}));
  const queue = await settle(client.queue());
  expect((await settle(queue.retry(action.key))).key).toBe(action.key);
});

test('after the last action was discarded without a network, the next one goes out by itself', async () => {
  const client = open();
  const record = await customer(client);
  server.down = true;
  const left = await settle(client.perform('customers/update', { phone: '1' }, { base: record }));
  const queue = await settle(client.queue());
  await browser.clock.until(() => queue.status.state === 'offline');
  await settle(queue.discard(left.key));
  await browser.clock.until(() => queue.status.state === 'idle');
  server.down = false;
  const next = await settle(client.perform('customers/update', { phone: '2' }, { base: record }));
  expect(await settle(next.settled)).toMatchObject({ phone: '2' });
});

test('storage that cannot be opened is told, and keeps no action from being sent or discarded', async () => {
  const refuse = () => {
    throw new DOMException('not in a private window', 'InvalidStateError');
  };
  globalThis.indexedDB.open = refuse;
  const client = open();
  const queue = await settle(client.queue());
  await browser.clock.until(() => queue.status.storage?.reason === 'unavailable');
  expect(await customer(client)).toMatchObject({ name: 'Ana' });
  const bad = await settle(client.perform('customers/create', { name: 'bad' }));
  await settle(bad.settled.catch(() => {}));
  expect((await settle(queue.discard(bad.key))).map((item) => item.operation)).toEqual(['customers/create']);
  expect(await queueOf(client)).toEqual([]);
});

test('a server that does not answer is another thing than a network that is away, and what was sent is told', async () => {
  const client = open();
  const record = await customer(client);
  server.faults = (path) => (path === '/api/comments' ? 'never' : undefined);
  await settle(client.perform('comments/create', { subject: record.id, text: 'hello' }));
  const queue = await settle(client.queue());
  await browser.clock.until(() => queue.status.state === 'unanswered');
  await browser.clock.until(() => queue.known[0]?.tries === 1);
  server.faults = [];
  await empty(client);
  expect(operations()).toEqual(['customers/create Ana', 'comments/create hello']);
});

test('discarding a refused create drops what needs it, and tells what was dropped', async () => {
  const client = open();
  const bad = await settle(client.perform('customers/create', { name: 'bad' }));
  await settle(bad.settled.catch(() => {}));
  const comment = await settle(client.perform('comments/create', { subject: bad.id!, text: 'on it' }));
  const queue = await settle(client.queue());
  const dropped = await settle(queue.discard(bad.key));
  expect(dropped.map((item) => item.operation)).toEqual(['customers/create', 'comments/create']);
  await expect(comment.settled).rejects.toMatchObject({ kind: 'discarded' });
  expect(await queueOf(client)).toEqual([]);
});

test('the same key again is the same action', async () => {
  const client = open();
  const request = { id: client.newId('customers'), name: 'Once' };
  const key = client.newKey();
  const perform = () => client.perform('customers/create', request, { key });
  const twice = await settle(Promise.all([perform(), perform()]));
  const answers = await settle(Promise.all([...twice, await settle(perform())].map((action) => action.settled)));
  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
  expect(server.effects).toHaveLength(1);
  expect((await settle(client.queue())).status.storage).toBeUndefined();
});

test('one tab sends for all, and every tab is told', async () => {
  const [first, second] = [open(), open()];
  await settle(Promise.all([first.queue(), second.queue()]));
  const actions = [];
  for (const client of [first, second, first, second]) {
    actions.push(await settle(client.perform('customers/create', { name: 'Ana' })));
  }
  await settle(Promise.all(actions.map((action) => action.settled)));
  expect(server.effects).toHaveLength(4);
  expect(new Set(server.effects.map((effect) => effect.key)).size).toBe(4);
  expect(server.calls.filter((call) => call.method === 'POST')).toHaveLength(4);
  await empty(first);
  await empty(second);
});

test('when the sending tab crashes another goes on, with the same keys', async () => {
  const tab = browser.tab();
  const [first, second] = [open(tab), open()];
  await settle(Promise.all([first.queue(), second.queue()]));
  server.faults = (path) => (path === '/api/customers' ? 'never' : undefined);
  await settle(first.perform('customers/create', { name: 'Ana' }));
  await browser.clock.until(() => server.calls.some((call) => call.method === 'POST'));
  tab.crash();
  server.faults = [];
  await empty(second);
  const keys = server.calls.filter((call) => call.method === 'POST').map((call) => call.key);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(server.effects).toHaveLength(1);
});

test('a queue survives the browser, and begins where it stood without a network', async () => {
  const tab = browser.tab();
  const first = open(tab);
  await settle(first.sessions.current());
  server.down = true;
  for (let i = 0; i < 5; i++) await settle(first.perform('customers/create', { name: `n${i}` }));
  tab.crash();
  const second = open();
  expect(await queueOf(second)).toHaveLength(5);
  server.down = false;
  await empty(second);
  expect(operations()).toEqual([0, 1, 2, 3, 4].map((i) => `customers/create n${i}`));
});

test('nothing goes out in another user’s session, and all of it when the user is back', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  await settle(client.perform('customers/create', { name: 'Ana' }));
  server.down = false;
  server.user = 'user_b';
  const status = await settle(client.syncOfflineQueue());
  expect(status).toMatchObject({ state: 'other_user', waiting: 1 });
  const other = open();
  expect(await queueOf(other)).toEqual([]);
  expect(server.effects).toEqual([]);
  server.user = 'user_a';
  await settle(client.syncOfflineQueue());
  expect(server.effects).toHaveLength(1);
});

test('a session that ended keeps the actions waiting', async () => {
  const client = open();
  await settle(client.queue());
  server.loggedIn = false;
  await settle(client.perform('customers/create', { name: 'Ana' }));
  await browser.clock.until(async () => (await client.queue()).status.state === 'logged_out');
  server.loggedIn = true;
  expect(await settle(client.syncOfflineQueue())).toMatchObject({ state: 'idle', waiting: 0 });
  expect(server.effects).toHaveLength(1);
});

test('what is older than the server keeps keys is not sent by itself', async () => {
  const client = open();
  await settle(client.queue());
  server.down = true;
  const action = await settle(client.perform('customers/create', { name: 'Ana' }));
  browser.clock.now += 7 * 24 * 3_600_000;
  server.down = false;
  expect(await settle(client.syncOfflineQueue())).toMatchObject({ held: 1, waiting: 0 });
  expect(await standings(client)).toEqual(['too_old']);
  expect(server.effects).toEqual([]);
  const queue = await settle(client.queue());
  const again = await settle(queue.retry(action.key));
  await settle(again.settled);
  expect(server.effects).toHaveLength(1);
});

test('a log-in page of the network settles nothing', async () => {
  const client = open();
  await settle(client.queue());
  server.faults = () => 'html';
  await settle(client.perform('customers/create', { name: 'Ana' }));
  await browser.clock.until(async () => (await client.queue()).status.state === 'unexpected');
  expect(await standings(client)).toEqual(['ready']);
  server.faults = [];
  await empty(client);
  expect(server.effects).toHaveLength(1);
});

test('an action that makes the server fail is set aside in the end', async () => {
  const client = open();
  await settle(client.queue());
  server.faults = (_path, body) => (body.name === 'poison' ? 'failed' : undefined);
  await settle(client.perform('customers/create', { name: 'poison' }));
  await settle(client.perform('customers/create', { name: 'Ana' }));
  await browser.clock.until(async () => (await client.getOfflineQueue())[0]?.standing === 'refused');
  await browser.clock.until(() => server.effects.length === 1);
  expect(operations()).toEqual(['customers/create Ana']);
});

test('a private window is told, and its actions are sent all the same', async () => {
  const client = open(browser.tab(), { indexedDB: undefined as never });
  const action = await settle(client.perform('customers/create', { name: 'Ana' }));
  expect(action.durable).toBe(false);
  expect((await settle(client.queue())).status.storage).toMatchObject({ kind: 'storage', reason: 'unavailable' });
  await settle(action.settled);
  expect(server.effects).toHaveLength(1);
});

test('a full storage is told, and the action is sent from memory behind the others', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  const made = await settle(client.perform('customers/create', { name: 'Ana' }));
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  const comment = await settle(client.perform('comments/create', { subject: made.id!, text: 'called' }));
  IDBObjectStore.prototype.add = add;
  expect(comment.durable).toBe(false);
  expect((await settle(client.queue())).status.storage).toMatchObject({ reason: 'full' });
  server.down = false;
  await settle(comment.settled);
  expect(operations()).toEqual(['customers/create Ana', 'comments/create called']);
});

test('a storage that is full while a backlog waits does not keep it from going out', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  for (let i = 0; i < 10; i++) await settle(client.perform('customers/create', { name: `n${i}` }));
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  server.down = false;
  await empty(client);
  IDBObjectStore.prototype.put = put;
  expect(server.effects).toHaveLength(10);
});

test('what goes out by itself cannot be sent anew beside it', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  const action = await settle(client.perform('customers/create', { name: 'Ana' }));
  const queue = await settle(client.queue());
  await expect(settle(queue.retry(action.key, { name: 'Eva' }))).rejects.toThrow(RangeError);
});

test('without Web Locks one tab sends at a time, by a lease', async () => {
  const noLocks = { locks: undefined as never };
  const tab = browser.tab();
  const [first, second] = [open(tab, noLocks), open(browser.tab(), noLocks)];
  await settle(Promise.all([first.queue(), second.queue()]));
  const action = await settle(second.perform('customers/create', { name: 'Ana' }));
  await settle(action.settled);
  tab.crash();
  const later = await settle(second.perform('customers/create', { name: 'Eva' }));
  await settle(later.settled);
  expect(server.effects).toHaveLength(2);
  expect(server.calls.filter((call) => call.method === 'POST')).toHaveLength(2);
});

test('1,000 actions made without a network go out once, each record’s in order', async () => {
  const client = open();
  await settle(client.sessions.current());
  server.down = true;
  const ids: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    const subject = ids[i % 100]!;
    const create = () => client.perform('customers/create', { name: `n${i}` });
    const comment = () => client.perform('comments/create', { subject, text: String(i) });
    const action: Promise<{ id: string | undefined }> = i < 100 ? create() : comment();
    ids.push((await settle(action)).id!);
  }
  expect(await queueOf(client)).toHaveLength(1_000);
  server.down = false;
  await browser.clock.until(() => server.effects.length === 1_000);
  await empty(client);
  expect(server.effects).toHaveLength(1_000);
  for (const id of ids.slice(0, 100)) {
    const texts = server.effects
      .filter((effect) => effect.request.subject === id)
      .map((one) => Number(one.request.text));
    expect(texts).toEqual([...texts].sort((a, b) => a - b));
  }
});

test('a server that knows only HTTP and keys is enough', async () => {
  const client = new CoreClient({
    baseUrl: 'http://other.test',
    owner: 'me',
    platform: browser.tab().platform(server.fetch),
  });
  clients.push(client);
  const call = { method: 'POST', path: '/api/customers', body: { id: 'x1', name: 'Ana' }, about: ['x1'] } as const;
  const action = await settle(client.performCall(call));
  expect(await settle(action.settled)).toMatchObject({ name: 'Ana' });
  await settle(client.call({ method: 'POST', path: '/api/customers', body: { id: 'x2', name: 'Eva' } }));
  expect(server.calls.map((one) => one.path)).toEqual(['/api/customers', '/api/customers']);
  for (const { key, headers } of server.calls) {
    expect(key).toBeTruthy();
    expect([...headers.keys()].filter((name) => name.startsWith('interlock'))).toEqual([]);
  }
});
