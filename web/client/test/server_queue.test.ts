// SPDX-License-Identifier: Apache-2.0
// The queue against the real server: it is killed in the middle, tabs crash, and every action has its effect once.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Conflict, type Customer, type InterlockClient } from '../src/index.js';
import { eventually, Person } from './support/people.js';
import { binary, TestServer } from './support/server.js';

describe.skipIf(!binary)('the queue', () => {
  let server: TestServer;
  let ana: Person;
  let client: InterlockClient;
  let tag: string;

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    globalThis.indexedDB = new IDBFactory();
    ana = await new Person(server.url, 'staff01@demo.test').logIn();
    client = ana.open();
    tag = Math.random().toString(36).slice(2);
  });
  afterEach(() => ana.close());

  const drained = (from: InterlockClient) =>
    eventually(async () => (await from.syncOfflineQueue()).waiting === 0, 'an empty queue', 60_000);

  test('create, then comment, made while the server is away', async () => {
    await client.queue();
    await server.kill();
    const made = await client.perform('customers/create', { name: 'Ana', tags: [tag] });
    const comment = await client.perform('comments/create', { subject: made.id!, text: 'called' });
    await client.perform('customers/update', { id: made.id!, version: 0, phone: '1' });
    await client.perform('customers/update', { id: made.id!, version: 0, phone: '2' });
    await client.perform(
      'customers/set-status',
      { id: made.id!, status: 'contacted' },
      { optimistic: { status: 'contacted' } },
    );
    expect(await client.getOfflineQueue()).toHaveLength(5);
    await server.run();
    await drained(client);
    expect(await client.getOfflineQueue()).toEqual([]);
    expect(await client.customers.get(made.id!)).toMatchObject({ phone: '2', status: 'contacted', version: 4 });
    expect(await comment.settled).toMatchObject({ subject: made.id, text: 'called' });
  });

  test('the server is killed again and again under a backlog: each action has one effect, none is lost', async () => {
    await client.queue();
    const tab = ana.browser.tab();
    const second = ana.open(tab);
    const count = 300;
    const making = (async () => {
      for (let i = 0; i < count; i++) {
        const by = i % 2 && !tab.crashed ? second : client;
        await by.perform('customers/create', { name: `n${i}`, tags: [tag] });
      }
    })();
    for (let i = 0; i < 3; i++) {
      await eventually(async () => (await client.customers.list({ tags: tag, limit: 1 })).items.length > 0);
      await server.kill();
      await server.run();
      if (i === 1) tab.crash();
      void client.syncOfflineQueue();
    }
    await making;
    await drained(client);
    const names = [];
    for await (const one of client.customers.each({ tags: tag })) names.push(one.name);
    expect(names).toHaveLength(count);
    expect(new Set(names).size).toBe(count);
  });

  test('races 17: a conflict keeps the edits, and is resolved from the queue', async () => {
    const record = await client.customers.create({ name: 'Ana', phone: '1', tags: [tag] });
    await client.customers.update(record.id, { phone: '2' }, { version: 1 });
    const action = await client.perform('customers/update', { phone: '3', address: 'Here' }, { base: record });
    await action.settled.catch(() => {});
    const [item] = await client.getOfflineQueue();
    expect(item?.request).toMatchObject({ phone: '3', address: 'Here' });
    const error = item?.error;
    if (error?.kind !== 'refusal') throw new Error('a conflict was expected');
    const conflict = new Conflict((error as import('../src/index.js').Refusal).stale<Customer>()!);
    const { id, version, changes } = conflict.chooseAll('mine').resolve();
    const queue = await client.queue();
    const again = await queue.retry(action.key, { id, version, ...changes });
    expect(await again.settled).toMatchObject({ phone: '3', address: 'Here' });
    expect(await client.getOfflineQueue()).toEqual([]);
  });

  test('races 18: ten own saves in a row raise no false conflict', async () => {
    const record = await client.customers.create({ name: 'Ana' });
    const actions = [];
    for (let i = 0; i < 10; i++) {
      actions.push(await client.perform('customers/update', { name: `n${i}` } as never, { base: record }));
    }
    await Promise.all(actions.map((action) => action.settled));
    expect(await client.customers.get(record.id)).toMatchObject({ name: 'n9', version: 11 });
  });

  test('races 27: a backlog does not stall behind one refused item', async () => {
    await client.queue();
    await server.kill();
    const bad = await client.perform('customers/create', { name: 'x', status: 'no such status', tags: [tag] });
    const held = await client.perform('comments/create', { subject: bad.id!, text: 'on it' });
    for (let i = 0; i < 50; i++) await client.perform('customers/create', { name: `n${i}`, tags: [tag] });
    await server.run();
    await drained(client);
    expect((await client.customers.list({ tags: tag, limit: 100 })).items).toHaveLength(50);
    const items = await client.getOfflineQueue();
    expect(items.map((item) => [item.key, item.standing])).toEqual([
      [bad.key, 'refused'],
      [held.key, 'held'],
    ]);
    const queue = await client.queue();
    await queue.discard(bad.key);
    expect(await client.getOfflineQueue()).toEqual([]);
  });

  test('one action done twice by an impatient finger has one effect', async () => {
    const key = client.newKey();
    const request = { id: client.newId('customers'), name: 'Once', tags: [tag] };
    const twice = await Promise.allSettled([1, 2].map(() => client.perform('customers/create', request, { key })));
    expect(twice.filter((one) => one.status === 'fulfilled').length).toBeGreaterThan(0);
    await drained(client);
    expect((await client.customers.list({ tags: tag })).items).toHaveLength(1);
  });
});
