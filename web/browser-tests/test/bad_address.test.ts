// SPDX-License-Identifier: Apache-2.0
// Addresses of what is not there: of another company, never made, deleted, garbled. A page says so, with a way back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { owner as agencyOwner } from '../support/agency.js';
import { type Chromium, type ChromiumPage, chromium, openChromium } from '../support/chromium.js';
import { appears, button, count, has, words } from '../support/page.js';
import { binary, logIn, owner, Program, picture, scriptErrors, TestServer } from '../support/world.js';

const link = (name: string) => `//a[normalize-space(.)="${name}"]`;

describe.skipIf(!binary || !chromium)('an address', () => {
  let server: TestServer;
  let browser: Chromium;
  let page: ChromiumPage;
  let others: string;
  let deleted: string;

  beforeAll(async () => {
    server = await TestServer.start();
    const agency = await Program.logIn(server.url, agencyOwner);
    others = (await agency.post('/api/customers', { name: 'Of another company' })).id;
    const own = await Program.logIn(server.url, owner);
    const { id, version } = await own.post('/api/customers', { name: 'Soon gone' });
    deleted = id;
    await own.delete(`/api/customers/${id}`, { version });
    browser = await openChromium();
    page = await browser.page();
    await logIn(page, server.url, owner);
  });
  afterAll(async () => {
    expect(page.complaints()).toEqual([]);
    expect(await scriptErrors(server)).toBe(0);
    await browser?.close();
    await server?.stop();
  });

  const ids: [string, () => string][] = [
    ['of another company', () => others],
    ['that was deleted', () => deleted],
    ['that never was', () => 'customer_00000000000000000000000000'],
    ['of another kind', () => others.replace('customer_', 'product_')],
    ['that is no id', () => 'nonsense'],
    ['with a script', () => encodeURIComponent('<script>alert(1)</script>')],
    ['with a question', () => encodeURIComponent('x?a=b&c=d#e')],
    ['that is very long', () => 'x'.repeat(4_000)],
    ['with right-to-left letters', () => encodeURIComponent('\u202e\u05d0\u05d1')],
  ];

  it.each(ids)('of a customer %s: it is not there, nothing of it is shown, and the way back works', async (_, id) => {
    await page.goto(`${server.url}/customers/${id()}?tab=nonsense`);
    await appears(page, words('There is no such customer'));
    expect(await has(page, words('Of another company'))).toBe(false);
    expect(await page.run('return document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.click(link('To the list'));
    await appears(page, "//h1[normalize-space(.)='Customers']");
    await appears(page, '//*[@role="row"]');
  });

  it.each(['services', 'applications', 'partners', 'products'])('of one of the %s: the same', async (kind) => {
    await page.goto(`${server.url}/${kind}/nonsense`);
    await appears(page, words('This is not here'));
    expect(await count(page, link('To the list'))).toBe(1);
  });

  it('of a user: the same', async () => {
    await page.goto(`${server.url}/users/nonsense`);
    await appears(page, words('This is not here'));
    expect(await has(page, button('Try again'))).toBe(false);
  });

  it('of no page, and of a list with nonsense behind it', async () => {
    await page.goto(`${server.url}/no/such/page`);
    await appears(page, words('There is no such page'));
    await picture(page, 'no-such-page');
    await page.click(link('To the start page'));
    await appears(page, "//h1[normalize-space(.)='Customers']");
    await page.goto(`${server.url}/customers?view=nonsense&status=%3Cb%3E&sort=-password&q=%22%5B%7B&assigned=%3Ci%3E`);
    await appears(page, "//h1[normalize-space(.)='Customers']");
    await appears(page, words('No customers fit'));
    await page.click(button('Clear the filters'));
    await appears(page, '//*[@role="row"]');
  });
});
