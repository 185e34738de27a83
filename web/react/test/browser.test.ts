// SPDX-License-Identifier: Apache-2.0
// The page of the guides in a real browser, in front of the real server.
import 'fake-indexeddb/auto';
import type { Customer, InterlockClient } from '@interlock/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Browser, chromium, Gate } from '../../client/test/support/chromium.js';
import { eventually, Person } from '../../client/test/support/people.js';
import { binary, TestServer } from '../../client/test/support/server.js';
import { built, Page, setUpMsMax } from './support/screen.js';

// What the page knows.
declare const client: InterlockClient;

const phone = 'form label:nth-of-type(1) input';
const address = 'form label:nth-of-type(2) input';

describe.skipIf(!binary || !chromium)('in a browser', () => {
  let server: TestServer;
  let gate: Gate;
  let browser: Browser;
  let other: InterlockClient;
  let person: Person;
  let customer: Customer;

  beforeAll(async () => {
    server = await TestServer.start();
    gate = await Gate.start(server.url, await built('test/page'));
    browser = await Browser.start();
    const tab = await browser.open(gate.url);
    await tab.run(() => client.sessions.logIn({ email: 'staff01@demo.test', password: 'demo-password' }));
    await tab.close();
    person = await new Person(server.url, 'staff02@demo.test').logIn();
    other = person.open();
  }, setUpMsMax);
  afterAll(async () => {
    person?.close();
    await browser?.stop();
    gate?.stop();
    await server?.stop();
  });
  beforeEach(async () => {
    gate.open = true;
    gate.blocks = () => false;
    customer = await other.customers.create({ name: `Ana ${Math.random().toString(36).slice(2)}`, phone: '1' });
  });

  async function open(): Promise<Page> {
    const page = new Page(await browser.open(`${gate.url}?id=${customer.id}`));
    await page.shows(customer.name);
    await eventually(() => page.tab.run(() => client.feedState === 'open'), 'the feed');
    return page;
  }

  const stored = () => other.customers.get(customer.id);
  const focused = (page: Page) => page.tab.run(() => document.activeElement?.textContent);

  test.each([2, 10])('%d rapid clicks with the mouse are one action, and the focus stays', async (clicks) => {
    const page = await open();
    await page.click('button', 'Mark as contacted', clicks);
    await page.shows('Contacted');
    await eventually(() => page.tab.run(() => document.querySelector('#status')?.textContent === 'contacted'));
    expect(await focused(page)).toContain('ontacted');
    const { items } = await other.customers.history(customer.id);
    expect(items.map((entry) => entry.operation)).toEqual(['customers/set-status', 'customers/create']);
    await page.tab.close();
  });

  test('races 17, 19: a conflict is compared field by field; mine, theirs and something else; nothing is lost', async () => {
    const page = await open();
    await page.fill(phone, '2');
    await page.fill(address, 'Here');
    await other.customers.update(customer, { phone: '9' });
    await page.shows('Version 2'); // in the history; the field that was touched stays as typed
    expect(await page.value(phone)).toBe('2');
    await page.click('button', 'Save');
    await page.shows('Two changes to the same record');
    expect(await page.violations()).toEqual([]);
    await page.press('Escape');
    await page.showsNot('Two changes to the same record');
    expect(await page.value(phone)).toBe('2');
    expect(await page.value(address)).toBe('Here');
    await page.click('button', 'Save');
    await page.click('dialog label', 'Something else');
    await page.fill('dialog input[type="text"]', '2 or 9');
    await page.click('dialog button', 'Save');
    await page.showsNot('Two changes to the same record');
    expect(await stored()).toMatchObject({ phone: '2 or 9', address: 'Here', version: 3 });
    await page.showsNot('Not saved yet');
    await page.tab.close();
  });

  test('races 18: own saves one after the other raise no conflict', async () => {
    const page = await open();
    for (const [i, value] of ['2', '3', '4'].entries()) {
      await page.fill(phone, value);
      await page.click('button', 'Save');
      await eventually(async () => (await stored()).version === i + 2, `version ${i + 2}`);
    }
    expect(await stored()).toMatchObject({ phone: '4', version: 4 });
    expect(await page.text()).not.toContain('Two changes');
    await page.showsNot('Not saved yet');
    await page.tab.close();
  });

  test('races 17: drafts of form and comment outlive a crash of the tab; a comment that arrives leaves the caret alone', async () => {
    const first = await open();
    await first.fill(phone, '2');
    await first.click('textarea');
    await first.type('half a sentence');
    await first.tab.run(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(4, 6));
    await other.comments.create({ subject: customer.id, text: 'theirs' });
    await first.shows('theirs');
    const caret = await first.tab.run(() => {
      const { selectionStart, selectionEnd, value } = document.activeElement as HTMLTextAreaElement;
      return [selectionStart, selectionEnd, value];
    });
    expect(caret).toEqual([4, 6, 'half a sentence']);
    first.tab.crash();
    const page = await open();
    await page.shows('Not saved yet: from before this page was loaded');
    expect(await page.value(phone)).toBe('2');
    expect(await page.value('textarea')).toBe('half a sentence');
    await page.click('textarea');
    await page.press('Enter', 2);
    await eventually(
      async () => (await other.comments.list({ subject: customer.id })).items.length === 2,
      'the comment',
    );
    await page.click('button', 'Save');
    await eventually(async () => (await stored()).phone === '2', 'the phone');
    await page.showsNot('Not saved yet');
    await page.tab.close();
  });

  test('without a network: queued and shown as such in two tabs, over a reload; once done, done in both', async () => {
    const [first, second] = [await open(), await open()];
    gate.shut();
    await first.click('button', 'Mark as contacted');
    await first.shows('Waiting for the network');
    await first.click('textarea');
    await first.type('called');
    await first.press('Enter', 2);
    await first.shows('Not confirmed yet');
    for (const page of [first, second]) {
      await page.shows('contacted (pending)');
      await page.shows('Offline, 2 waiting');
    }
    await first.tab.reload();
    await first.shows('Offline, 2 waiting');
    await first.click('.il-indicator-button');
    await first.shows('Change status');
    gate.open = true;
    await first.click('button', 'Send now');
    for (const page of [first, second]) {
      await page.shows('Everything is saved', 60_000);
      await page.showsNot('(pending)');
      await page.shows('called');
    }
    expect(await stored()).toMatchObject({ status: 'contacted', version: 2 });
    for (const page of [first, second]) await page.tab.close();
  }, 120_000);

  test('who edits is shown, and the right to edit is taken over', async () => {
    const page = await open();
    const there = other.presence(customer.id, () => {});
    there.set('editing');
    const lost: unknown[] = [];
    await other.leases.hold(customer.id, { onLost: (error) => lost.push(error) });
    await page.shows('is editing');
    await page.fill(phone, '2');
    await page.shows('has this record for editing');
    await page.click('button', 'Take over');
    await page.shows('You have this record for editing');
    const me = await page.tab.run(async () => (await client.sessions.current()).user.id);
    const held = async () => (await other.leases.list({ subject: customer.id })).items[0]?.user;
    expect(await held()).toBe(me);
    // Given back with the last change, and taken anew with the next one, in whatever order the network has it.
    await page.fill(phone, '1');
    await page.fill(phone, '3');
    await page.shows('You have this record for editing');
    await eventually(async () => (await held()) === me, 'the lease');
    there.end();
    await page.showsNot('is editing');
    await page.tab.close();
  });

  test('who waits for the right to edit has it as soon as the other one is done', async () => {
    const page = await open();
    const held = await other.leases.hold(customer.id);
    await page.fill(phone, '2');
    await page.shows('has this record for editing');
    await held.release();
    await page.shows('You have this record for editing');
    await page.showsNot('has this record for editing');
    await page.tab.close();
  });

  test('deleted while it is edited: said so, and nothing that was typed is lost', async () => {
    const page = await open();
    await page.fill(phone, '2');
    gate.blocks = (path) => path.includes('/history');
    await other.customers.delete(customer);
    await page.shows('This customer was deleted, or you may not see it any more.');
    await other.customers.restore(customer.id);
    await page.shows('Not saved yet');
    await eventually(async () => (await page.value(phone)) === '2', 'what was typed');
    await page.tab.close();
  });

  test('the session ends in mid-edit: log in is the way on, and the form keeps what was typed', async () => {
    const page = await open();
    await page.fill(phone, '2');
    await page.tab.run(() => client.call({ method: 'DELETE', path: '/api/sessions/current' }));
    await page.click('button', 'Save');
    await page.shows('You are logged out');
    await page.tab.run(() => client.sessions.logIn({ email: 'staff01@demo.test', password: 'demo-password' }));
    expect(await page.value(phone)).toBe('2');
    await page.click('button', 'Save');
    await eventually(async () => (await stored()).phone === '2', 'the phone');
    await page.tab.close();
  });

  test('the language changes without a reload', async () => {
    const page = await open();
    await page.tab.run(() => localStorage.clear()); // what was typed above and not saved
    await page.tab.reload();
    await page.shows('Everything is saved');
    await page.click('button', 'Español');
    await page.shows('Todo está guardado');
    await page.shows('Historial');
    expect(await page.violations()).toEqual([]);
    await page.tab.close();
  });

  test('no page has complained', () => {
    expect(browser.complaints).toEqual([]);
  });
});
