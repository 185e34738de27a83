// SPDX-License-Identifier: Apache-2.0
// Addresses of what is not there: of another company, never made, deleted, garbled. A page says so, with a way back.
import { beforeAll, describe, expect, it } from 'vitest';
import { owner as agencyOwner } from '../support/agency.js';
import { chromium } from '../support/chromium.js';
import { appears, button, count, has, words } from '../support/page.js';
import { PageStage } from '../support/stage.js';
import { binary, Program, picture } from '../support/world.js';

const link = (name: string) => `//a[normalize-space(.)="${name}"]`;

describe.skipIf(!binary || !chromium)('an address', () => {
  const stage = new PageStage();
  let others: string;
  let deleted: string;

  beforeAll(async () => {
    const agency = await Program.logIn(stage.server.url, agencyOwner);
    others = (await agency.post('/api/customers', { name: 'Of another company' })).id;
    const [settings] = (await stage.asking.get('/api/settings')).items;
    await stage.asking.patch(`/api/settings/${settings.id}`, {
      version: settings.version,
      modules: ['crm', 'catalogue', 'agency'],
    });
    const { id, version } = await stage.asking.post('/api/customers', { name: 'Soon gone' });
    deleted = id;
    await stage.asking.delete(`/api/customers/${id}`, { version });
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
    await stage.page.goto(`${stage.server.url}/customers/${id()}?tab=nonsense`);
    await appears(stage.page, words('There is no such customer'));
    expect(await has(stage.page, words('Of another company'))).toBe(false);
    expect(await stage.page.run('return document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await stage.page.click(link('To the list'));
    await appears(stage.page, "//h1[normalize-space(.)='Customers']");
    await appears(stage.page, '//*[@role="row"]');
  });

  it.each(['services', 'applications', 'partners', 'products'])('of one of the %s: the same', async (kind) => {
    await stage.page.goto(`${stage.server.url}/${kind}/nonsense`);
    await appears(stage.page, words('This is not here'));
    expect(await count(stage.page, link('To the list'))).toBe(1);
  });

  it('of a user: the same', async () => {
    await stage.page.goto(`${stage.server.url}/users/nonsense`);
    await appears(stage.page, words('This is not here'));
    expect(await has(stage.page, button('Try again'))).toBe(false);
  });

  it('of no page, and of a list with nonsense behind it', async () => {
    await stage.page.goto(`${stage.server.url}/no/such/page`);
    await appears(stage.page, words('There is no such page'));
    await picture(stage.page, 'no-such-page');
    await stage.page.click(link('To the start page'));
    await appears(stage.page, "//h1[normalize-space(.)='Customers']");
    await stage.page.goto(
      `${stage.server.url}/customers?view=nonsense&status=%3Cb%3E&sort=-password&q=%22%5B%7B&assigned=%3Ci%3E`,
    );
    await appears(stage.page, "//h1[normalize-space(.)='Customers']");
    await appears(stage.page, words('No customers fit'));
    await stage.page.click(button('Clear the filters'));
    await appears(stage.page, '//*[@role="row"]');
  });
});
