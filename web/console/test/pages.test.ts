// SPDX-License-Identifier: Apache-2.0
// Every page in a browser against the real server: it shows what it should, in light and dark, at a desk and on a phone,
// axe-core finds nothing serious, and no script complains.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, TestServer } from '../../client/test/support/server';
import { chromium, type Look, Person, startBrowser } from './support/people';

const looks: readonly [string, Look][] = [
  ['light', {}],
  ['dark', { dark: true }],
  ['on a phone', { phone: true }],
];

const pages: readonly [path: string, heading: string, shown: RegExp][] = [
  ['/customers', 'Customers', /loaded, more below/],
  ['/customers?view=board', 'Customers', /Contacted/],
  ['/customers?view=trash', 'Deleted customers', /The trash is empty/],
  ['/customers?q=nobodyiscalledthis', 'Customers', /No customers fit/],
  ['/users', 'Users', /owner@demo.test/],
  ['/tokens', 'API tokens', /No tokens yet/],
  ['/settings', 'Settings', /Statuses of customers/],
  ['/audit', 'Audit trail', /Belongs to/],
  ['/operations', 'Operations', /Lanes open/],
  ['/account', 'My account', /Log out everywhere/],
];

/** Lists whose first line leads to a record's own page. */
const agencyLists = ['/services', '/applications', '/partners', '/products', '/users'];

describe.skipIf(!binary || !chromium)('pages', () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await TestServer.start();
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  describe.each(looks)('%s', (_name, look) => {
    let ana: Person;
    let clara: Person;
    beforeAll(async () => {
      ana = await Person.open(browser, server.url, 'owner@demo.test', look);
      clara = await Person.open(browser, server.url, 'owner@agency.test', look);
    });
    afterAll(async () => {
      await ana?.close();
      await clara?.close();
    });

    test.each(pages)('%s', async (path, heading, shown) => {
      const page = await ana.go(path, heading);
      await page.getByText(shown).first().waitFor();
      await ana.isFine();
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wider, 'the page scrolls sideways').toBeLessThanOrEqual(0);
    });

    test('the page of a customer, with each tab', async () => {
      const page = await ana.go('/customers', 'Customers');
      await page
        .getByRole('row')
        .nth(look.phone ? 0 : 1)
        .click();
      for (const tab of ['Comments', 'Timeline', 'History']) {
        await page.getByRole('tab', { name: tab }).click();
        await page.getByRole('tabpanel').waitFor();
        await ana.isFine();
      }
    });

    test('of an agency: /work', async () => {
      const page = await clara.go('/work', /./);
      await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
      await clara.isFine();
    });

    test.each(agencyLists)('of an agency: %s, and a record of it', async (path) => {
      const page = await clara.go(path, /./);
      const first = page.locator(`main a[href^="${path}/"]`).first();
      await first.waitFor();
      await clara.isFine();
      await first.click();
      await page.getByRole('tab').first().waitFor();
      await clara.isFine();
    });

    test('the search', async () => {
      const page = await ana.go('/account', 'My account');
      // Whoever knows the way waits for nothing.
      await page.keyboard.press('Control+k');
      await page.keyboard.type('settings');
      expect(await page.getByRole('combobox').inputValue()).toBe('settings');
      await page.getByRole('option', { name: 'Settings' }).waitFor();
      await ana.isFine();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    });

    test('the log-in', async () => {
      const stranger = await Person.open(browser, server.url, undefined, look);
      const page = await stranger.go('/users', 'Log in');
      await page.getByRole('button', { name: 'Viewer' }).first().waitFor();
      await stranger.isFine();
      await stranger.close();
    });

    test('an address that leads nowhere, and a customer who is not there', async () => {
      await ana.page.goto('/nowhere');
      await ana.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await ana.isFine();
      await ana.page.goto('/customers/customer_00000000000000000000000001');
      await ana.page.getByRole('heading', { name: 'There is no such customer' }).waitFor();
      await ana.isFine();
      // Cut or mangled on its way: nobody can decode it.
      await ana.page.goto('/customers/%zz');
      await ana.page.getByRole('heading', { name: 'There is no such customer' }).waitFor();
      await ana.page.goto('/%');
      await ana.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await ana.isFine();
    });
  });

  test('what a viewer may not do is not offered', async () => {
    const vera = await Person.open(browser, server.url, 'viewer@demo.test');
    const page = await vera.go('/customers', 'Customers');
    await page.getByText(/loaded, more below/).waitFor();
    expect(await page.getByRole('button', { name: 'New customer' }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit trail' }).count()).toBe(0);
    await vera.close();
  });

  test('a page that one may not see says so, and who can help', async () => {
    const luz = await Person.open(browser, server.url, 'staff01@demo.test');
    for (const [path, heading] of [
      ['/audit', 'Audit trail'],
      ['/settings', 'Settings'],
      ['/operations', 'Operations'],
    ] as const) {
      const page = await luz.go(path, heading);
      await page.getByRole('heading', { name: 'You may not see this page' }).waitFor();
      await page
        .getByText(/^Your role is Staff, and this page needs more rights\. Ask (?!an administrator).+\.$/)
        .waitFor();
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
      await luz.isFine();
    }
    await luz.page.getByRole('main').getByRole('link', { name: 'Customers' }).click();
    await luz.page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    await luz.close();
  });

  test('rights that somebody changes hold at once, without a reload', async () => {
    const [admin, luz] = [
      await Person.open(browser, server.url, 'admin@demo.test'),
      await Person.open(browser, server.url, 'staff09@demo.test'),
    ];
    const page = await luz.go('/customers', 'Customers');
    await page.getByRole('button', { name: 'New customer' }).waitFor();
    const { user } = await (await luz.context.request.get('/api/sessions/current')).json();
    const give = async (role: string) => {
      const { version } = await (await admin.context.request.get(`/api/users/${user.id}`)).json();
      const headers = { 'Idempotency-Key': `role-${role}` };
      const answer = await admin.context.request.patch(`/api/users/${user.id}`, { data: { version, role }, headers });
      expect(answer.status(), await answer.text()).toBe(200);
    };
    await give('viewer');
    await page.getByRole('button', { name: 'New customer' }).waitFor({ state: 'detached' });
    await page.goto('/audit');
    await page.getByRole('heading', { name: 'You may not see this page' }).waitFor();
    await give('admin');
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('link', { name: 'Audit trail' }).waitFor();
    await admin.close();
    await luz.close();
  });

  test('a page that was not opened before the network went says so, and takes nothing else with it', async () => {
    const olga = await Person.open(browser, server.url, 'owner@agency.test');
    const page = await olga.go('/customers', 'Clients');
    await olga.context.setOffline(true);
    await page.getByRole('link', { name: 'Products' }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    await olga.isFine();
    await page.getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor();
    await page.getByRole('link', { name: 'Products' }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    await olga.context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Products' }).waitFor();
    await olga.close();
  });

  test('a guest is told of nothing that guests cannot do', async () => {
    const gus = await Person.open(browser, server.url, 'guest@demo.test');
    const page = await gus.go('/customers', 'Customers');
    await page.getByText('Customers that you may see appear here.').waitFor();
    expect(await page.getByText(/Add the first one/).count()).toBe(0);
    await gus.isFine();
    await gus.go('/users', 'Users');
    await page.getByText(/Your role is Guest.* Ask an administrator of your company/).waitFor();
    await gus.close();
  });

  test('the customers of a user: offered last, and not of guests; the filter names who it is', async () => {
    const ana = await Person.open(browser, server.url, 'owner@demo.test');
    const page = await ana.go('/users', 'Users');
    const menuOf = async (text: string) => {
      await page.getByLabel('Search in users').fill(text);
      const row = page.getByRole('row').filter({ hasText: text });
      await row.waitFor();
      await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
      await row.getByRole('button', { name: /^Actions: / }).click();
      await page.getByRole('menu').waitFor();
      return page.getByRole('menuitem').allInnerTexts();
    };
    expect(await menuOf('guest@')).not.toContain('Show their customers');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect((await menuOf('viewer@')).at(-1)).toBe('Show their customers');
    const name = await page.getByRole('row').filter({ hasText: 'viewer@' }).locator('.row-title').innerText();
    await page.getByRole('menuitem', { name: 'Show their customers' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    const filter = page
      .getByRole('combobox', { name: 'Assigned to' })
      .or(page.getByRole('textbox', { name: 'Assigned to' }));
    expect(await filter.first().inputValue()).toBe(name);
    await ana.close();
  });

  test('the audit trail tells changes in words: people, records, states, nothing', async () => {
    const ana = await Person.open(browser, server.url, 'owner@demo.test');
    const headers = { 'Idempotency-Key': `audit-${Math.random()}` };
    const send = async (path: string, data: object) => {
      const answer = await ana.context.request.post(path, {
        data,
        headers: { ...headers, 'Idempotency-Key': `${path}-1` },
      });
      expect(answer.ok(), await answer.text()).toBe(true);
      return answer.json();
    };
    const me = (await (await ana.context.request.get('/api/sessions/current')).json()).user;
    const one = await send('/api/customers', { name: 'Audited', assigned_to: me.id });
    await send('/api/customers/set-status', { id: one.id, status: 'contacted', expected_status: 'new' });
    await send('/api/customers/update', { id: one.id, version: 2, assigned_to: null, phone: '1' });
    await send('/api/comments', { subject: one.id, text: 'hello' });
    const called = await send('/api/activities', { subject: one.id, kind: 'call', text: 'called' });
    await send('/api/activities/pin', { id: called.id });
    const page = await ana.go('/audit', 'Audit trail');
    const row = (n: number) => page.getByRole('row').nth(n);
    await row(1).getByText('Pinned: before: nonow: yes').waitFor();
    await row(2).getByText('Kind: Call').waitFor();
    await row(3).getByRole('link', { name: 'Audited' }).waitFor();
    await row(4).getByText(`Assigned to: before: ${me.name}now: —nothing`).waitFor();
    await row(5).getByText('Status: before: Newnow: Contacted').waitFor();
    await row(5).getByRole('link', { name: 'Audited' }).waitFor();
    for (const raw of [/user_[0-9a-z]{26}/, /assigned_to/, /T\d\d:\d\d:\d\d/])
      expect(await page.getByRole('table').innerText()).not.toMatch(raw);
    await ana.isFine();
    await row(5).getByRole('link', { name: 'Audited' }).click();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('tabpanel').getByText('Contacted').waitFor();
    await ana.close();
  });

  test('in Spanish', async () => {
    const luz = await Person.open(browser, server.url, 'staff01@demo.test', { language: 'es-ES' });
    const page = await luz.go('/customers', 'Customers');
    await page.getByRole('button', { name: /menu of/ }).click();
    await page.getByRole('menuitem', { name: 'Español' }).click();
    await page.getByRole('heading', { level: 1, name: 'Clientes' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Clientes' }).waitFor();
    await luz.isFine();
    await luz.close();
  });
});
