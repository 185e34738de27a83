// SPDX-License-Identifier: Apache-2.0
// What was typed and what was saved without a network: never lost by leaving a page, and always told in the top bar.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Chromium, type ChromiumPage, chromium, openChromium } from '../support/chromium.js';
import { Network } from '../support/network.js';
import { appears, button, disappears, eventually, field, has, value, words } from '../support/page.js';
import { binary, logIn, owner, Program, picture, scriptErrors, TestServer } from '../support/world.js';

const indicator = (text: string) => `//button[contains(@class, 'il-indicator-button')][contains(., "${text}")]`;
const link = (text: string) => `//a[normalize-space(.)="${text}"]`;
const heading = (text: string) => `//h1[normalize-space(.)="${text}"]`;

describe.skipIf(!binary || !chromium)('what is not saved yet', () => {
  let server: TestServer;
  let network: Network;
  let browser: Chromium;
  let page: ChromiumPage;
  let asking: Program;
  let id: string;

  beforeAll(async () => {
    server = await TestServer.start();
    browser = await openChromium();
    asking = await Program.logIn(server.url, owner);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    network = await Network.before(server.url);
    ({ id } = await asking.post('/api/customers', { name: 'Clara', phone: '1' }));
  });
  afterEach(async () => {
    expect(page.complaints()).toEqual([]);
    await page.close();
    network.stop();
    expect(await scriptErrors(server)).toBe(0);
  });

  async function open(prepare?: Parameters<Chromium['page']>[0]): Promise<void> {
    page = await browser.page(prepare);
    await logIn(page, network.url, owner);
    await page.goto(`${network.url}/customers/${id}`);
    await eventually(async () => (await value(page, field('Phone'))) === '1', 'the customer');
    await appears(page, indicator('Everything is saved'));
  }
  const phone = async () => (await asking.get(`/api/customers/${id}`)).phone;
  const leave = async () => {
    await page.click(link('Customers'));
    await appears(page, heading('Customers'));
  };

  it('saved without a network: it waits as every action does, leaving the page does not lose it', async () => {
    await open();
    network.cut();
    await page.own.context().setOffline(true);
    await page.fill(field('Phone'), '+34 1');
    await page.click(button('Save'));
    await leave();
    await appears(page, indicator('Offline, 1 waiting'), 5_000);
    await picture(page, 'drafts-offline');
    await page.own.context().setOffline(false);
    network.mend();
    await page.reload();
    await eventually(async () => (await phone()) === '+34 1', 'the change', 60_000);
    await appears(page, indicator('Everything is saved'));
  });

  it('saved on a line that breaks: it is done once, and a later edit of the same field meets no conflict', async () => {
    await open();
    let lost = 0;
    network.losesAnswerTo = (request) => request.startsWith('PATCH /api/customers/') && lost++ < 1;
    await page.fill(field('Phone'), '+34 2');
    await page.click(button('Save'));
    await disappears(page, button('Save'));
    await page.fill(field('Phone'), '+34 3');
    await page.click(button('Save'));
    await disappears(page, button('Save'));
    await eventually(async () => (await phone()) === '+34 3', 'the change', 60_000);
    await appears(page, indicator('Everything is saved'));
    expect(lost).toBeGreaterThan(1);
    expect((await asking.get(`/api/customers/${id}/history`)).items.length).toBe(3);
  });

  it('changed by somebody else meanwhile: it is set aside, to be compared', async () => {
    await open();
    await page.own.context().setOffline(true);
    await page.fill(field('Phone'), '+34 4');
    await page.click(button('Save'));
    await appears(page, indicator('Offline, 1 waiting'), 5_000);
    const { version } = await asking.get(`/api/customers/${id}`);
    await asking.patch(`/api/customers/${id}`, { version, phone: '+34 9' });
    await page.own.context().setOffline(false);
    await appears(page, indicator('1 need you'));
    await page.click(indicator('1 need you'));
    await page.click(button('Compare changes'));
    await page.click("//dialog//label[starts-with(normalize-space(.), 'Mine')]");
    await page.click(`//dialog${button('Save')}`);
    await eventually(async () => (await phone()) === '+34 4', 'the choice');
    await appears(page, indicator('Everything is saved'));
  });

  it('typed and not saved: the top bar says so, on every page, until it is saved or discarded', async () => {
    await open();
    await page.fill(field('Phone'), '+34 5');
    await appears(page, indicator('Not saved yet'));
    await picture(page, 'drafts-typed');
    await leave();
    await appears(page, words('Your changes are kept as a draft'));
    await picture(page, 'drafts-left');
    await page.reload();
    await appears(page, indicator('Not saved yet'));
    await page.click(indicator('Not saved yet'));
    await picture(page, 'drafts-panel');
    await page.click(button('Open the record'));
    await appears(page, words('Your unsaved changes from before are here again.'));
    expect(await value(page, field('Phone'))).toBe('+34 5');
    await page.click(button('Discard changes'));
    await appears(page, indicator('Everything is saved'));
    expect(await phone()).toBe('1');
  });

  it('in a browser that keeps nothing, leaving asks first', async () => {
    await open((context) =>
      context.addInitScript(
        `Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); };`,
      ),
    );
    await page.fill(field('Phone'), '+34 6');
    await appears(page, indicator('Not saved yet'));
    await page.click(link('Customers'));
    await appears(page, words('Leave without saving?'));
    await picture(page, 'drafts-ask');
    await page.click(button('Stay here'));
    await disappears(page, words('Leave without saving?'));
    expect(await value(page, field('Phone'))).toBe('+34 6');
    const asked = page.own.waitForEvent('dialog').then(async (dialog) => {
      await dialog.dismiss();
      return dialog.type();
    });
    await page.own.reload({ timeout: 3_000 }).catch(() => {}); // it stays
    expect(await asked).toBe('beforeunload');
    await page.click(link('Customers'));
    await page.click(button('Leave'));
    await appears(page, heading('Customers'));
    await appears(page, indicator('Everything is saved'));
    expect(await phone()).toBe('1');
  });

  it('the loss of the network is told at once', async () => {
    await open();
    await page.own.context().setOffline(true);
    await appears(page, indicator('Offline'), 1_000);
    await page.own.context().setOffline(false);
    await appears(page, indicator('Everything is saved'));
    // The browser knows nothing of this one.
    network.cut();
    await appears(page, indicator('Reconnecting'), 2_000);
    network.mend();
    await appears(page, indicator('Everything is saved'), 60_000);
    expect(await has(page, button('Save'))).toBe(false);
  });
});
