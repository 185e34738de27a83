// SPDX-License-Identifier: Apache-2.0
// The library in a real browser: its own IndexedDB, Web Locks, BroadcastChannel, cookie and socket.
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type * as Library from '../src/index.js';
import { Browser, type BrowserTab, chromium, Gate } from './support/chromium.js';
import { eventually, Person } from './support/people.js';
import { binary, TestServer } from './support/server.js';

// What the page knows.
declare const client: Library.InterlockClient;
declare const names: () => string[];

describe.skipIf(!binary || !chromium)('in a browser', () => {
  let server: TestServer;
  let gate: Gate;
  let browser: Browser;
  let tag: string;

  beforeAll(async () => {
    server = await TestServer.start();
    gate = await Gate.start(server.url);
    browser = await Browser.start();
    const tab = await browser.open(gate.url);
    await tab.run(() => client.sessions.logIn({ email: 'staff01@demo.test', password: 'demo-password' }));
    await tab.close();
  }, 300_000);
  afterAll(async () => {
    await browser?.stop();
    gate?.stop();
    await server?.stop();
  });
  beforeEach(() => {
    tag = Math.random().toString(36).slice(2);
    gate.open = true;
  });

  /** A page that shows the customers of this test. */
  async function open(): Promise<BrowserTab> {
    const tab = await browser.open(gate.url);
    await show(tab);
    return tab;
  }

  async function show(tab: BrowserTab): Promise<void> {
    await tab.run(async (wanted) => {
      const live = client.live('customers', { tags: wanted, sort: 'name' });
      live.subscribe(() => {});
      Object.assign(globalThis, { names: () => live.snapshot.items.map((one) => one.name) });
      await live.ready();
    }, tag);
    await eventually(() => tab.run(() => client.feedState === 'open'), 'the feed');
  }

  const shows = (tab: BrowserTab, expected: string[]) =>
    eventually(async () => JSON.stringify(await tab.run(() => names())) === JSON.stringify(expected), String(expected));

  const perform = (tab: BrowserTab, name: string) =>
    tab.run(
      async ([name, tag]) => {
        const made = await client.perform('customers/create', { name: name!, tags: [tag!] });
        const comment = await client.perform('comments/create', { subject: made.id!, text: 'called' });
        return made.durable && comment.durable;
      },
      [name, tag],
    );

  const queued = (tab: BrowserTab) => tab.run(async () => (await client.getOfflineQueue()).length);

  test('two tabs, one socket: each shows at once what the other does', async () => {
    const [first, second] = [await open(), await open()];
    expect(await perform(first, 'a')).toBe(true);
    for (const tab of [first, second]) await shows(tab, ['a']);
    await perform(second, 'b');
    for (const tab of [first, second]) await shows(tab, ['a', 'b']);
    expect(gate.feeds).toBe(1);
    await first.close();
    await perform(second, 'c');
    await shows(second, ['a', 'b', 'c']);
    await eventually(() => gate.feeds === 1, 'one socket');
    await second.close();
  });

  test('made without a network, the page reloaded, its tab closed: another tab sends it', async () => {
    const [first, second] = [await open(), await open()];
    gate.shut();
    for (const name of ['a', 'b', 'c']) await perform(first, name);
    await shows(first, ['a', 'b', 'c']);
    await shows(second, ['a', 'b', 'c']);
    await first.reload();
    expect(await queued(first)).toBe(6);
    await first.close();
    gate.open = true;
    await second.run(() => client.syncOfflineQueue());
    await eventually(async () => (await queued(second)) === 0, 'an empty queue', 60_000);
    await shows(second, ['a', 'b', 'c']);
    const late = await open();
    await shows(late, ['a', 'b', 'c']);
    await late.close();
    await second.close();
  });

  test('the tab that sends crashes: another goes on, and everything happens once', async () => {
    const [first, second] = [await open(), await open()];
    for (let i = 0; i < 20; i++) await perform(first, `n${String(i).padStart(2, '0')}`);
    first.crash();
    await eventually(async () => (await queued(second)) === 0, 'an empty queue', 60_000);
    await shows(
      second,
      Array.from({ length: 20 }, (_, i) => `n${String(i).padStart(2, '0')}`),
    );
    await second.close();
  });

  test('1,000 actions wait, outlive a reload, and go out', async () => {
    const tab = await open();
    gate.shut();
    await tab.run(async (tag) => {
      for (let i = 0; i < 1_000; i++) await client.perform('customers/create', { name: `n${i}`, tags: [tag!] });
    }, tag);
    await tab.reload();
    expect(await queued(tab)).toBe(1_000);
    gate.open = true;
    await tab.run(() => client.syncOfflineQueue());
    await eventually(async () => (await queued(tab)) === 0, 'an empty queue', 60_000);
    const count = await tab.run(async (tag) => {
      let found = 0;
      for await (const _ of client.customers.each({ tags: tag! })) found += 1;
      return found;
    }, tag);
    expect(count).toBe(1_000);
    await tab.close();
  }, 120_000);

  test('what another person does comes by the feed', async () => {
    const tab = await open();
    const other = (await new Person(server.url, 'staff02@demo.test').logIn()).open();
    await other.customers.create({ name: 'theirs', tags: [tag] });
    await shows(tab, ['theirs']);
    other.close();
    await tab.close();
  });

  test('another user logs in: what the first one did waits, and goes out under their own name alone', async () => {
    const first = await open();
    gate.blocks = (path) => path.startsWith('/api/customers');
    await perform(first, 'mine');
    const second = await browser.open(gate.url);
    await second.run(() => client.sessions.logIn({ email: 'staff02@demo.test', password: 'demo-password' }));
    await eventually(async () => (await queued(first)) === 0, 'the other user’s queue, which is empty');
    gate.blocks = () => false;
    for (const tab of [first, second]) await tab.run(() => client.syncOfflineQueue());
    await shows(first, []);
    await second.run(() => client.sessions.logIn({ email: 'staff01@demo.test', password: 'demo-password' }));
    await shows(first, ['mine']);
    await eventually(async () => (await queued(first)) === 0, 'an empty queue');
    const by = await first.run(async (tag) => {
      const [made] = (await client.customers.list({ tags: tag! })).items;
      return made?.created_by === (await client.sessions.current()).user.id;
    }, tag);
    expect(by).toBe(true);
    for (const tab of [first, second]) await tab.close();
  });

  test('a full storage is told, and what is done then goes out all the same', async () => {
    const tab = await open();
    const origin = new URL(gate.url).origin;
    await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000 }, tab.session);
    gate.blocks = (path) => path.startsWith('/api/customers');
    let made = 0;
    // The browser looks at the room that is left now and then only.
    const isFull = async () => {
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return tab.run(
        async ([name, tag]) => {
          const request = { name: name!, address: 'x'.repeat(900), tags: [tag!] };
          return !(await client.perform('customers/create', request)).durable;
        },
        [`n${made}`, tag],
      );
    };
    await eventually(isFull, 'a full storage', 60_000);
    expect(await tab.run(async () => (await client.queue()).status.storage?.reason)).toBe('full');
    gate.blocks = () => false;
    await tab.run(() => client.syncOfflineQueue());
    await eventually(async () => (await queued(tab)) === 0, 'an empty queue', 60_000);
    const count = await tab.run(async (tag) => {
      let found = 0;
      for await (const _ of client.customers.each({ tags: tag! })) found += 1;
      return found;
    }, tag);
    expect(count).toBe(made);
    await browser.send('Storage.overrideQuotaForOrigin', { origin }, tab.session);
    await tab.close();
  }, 120_000);

  test('no page has complained', () => {
    expect(browser.complaints).toEqual([]);
  });
});
