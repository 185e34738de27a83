// SPDX-License-Identifier: Apache-2.0
// What was typed and what was saved without a network: never lost by leaving a page, and always told in the top bar.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Chromium, chromium } from '../support/chromium.js';
import { appears, button, disappears, eventually, field, has, value, words } from '../support/page.js';
import { NetworkStage } from '../support/stage.js';
import { binary, picture } from '../support/world.js';

const indicator = (text: string) => `//button[contains(@class, 'il-indicator-button')][contains(., "${text}")]`;
const link = (text: string) => `//a[normalize-space(.)="${text}"]`;
const heading = (text: string) => `//h1[normalize-space(.)="${text}"]`;

describe.skipIf(!binary || !chromium)('what is not saved yet', () => {
  const stage = new NetworkStage();
  let id: string;

  beforeEach(async () => {
    ({ id } = await stage.asking.post('/api/customers', { name: 'Clara', phone: '1' }));
  });

  async function open(prepare?: Parameters<Chromium['page']>[0]): Promise<void> {
    await stage.open(prepare);
    await stage.page.goto(`${stage.network.url}/customers/${id}`);
    await eventually(async () => (await value(stage.page, field('Phone'))) === '1', 'the customer');
    await appears(stage.page, indicator('Everything is saved'));
  }
  const phone = async () => (await stage.asking.get(`/api/customers/${id}`)).phone;
  const leave = async () => {
    await stage.page.click(link('Customers'));
    await appears(stage.page, heading('Customers'));
  };

  it('saved without a network: it waits as every action does, leaving the page does not lose it', async () => {
    await open();
    stage.network.cut();
    await stage.page.own.context().setOffline(true);
    await stage.page.fill(field('Phone'), '+34 1');
    await stage.page.click(button('Save'));
    await leave();
    await appears(stage.page, indicator('Offline, 1 waiting'), 5_000);
    await picture(stage.page, 'drafts-offline');
    await stage.page.own.context().setOffline(false);
    stage.network.mend();
    await stage.page.reload();
    await eventually(async () => (await phone()) === '+34 1', 'the change', 60_000);
    await appears(stage.page, indicator('Everything is saved'));
  });

  it('saved on a line that breaks: it is done once, and a later edit of the same field meets no conflict', async () => {
    await open();
    let lost = 0;
    stage.network.losesAnswerTo = (request) => request.startsWith('PATCH /api/customers/') && lost++ < 1;
    await stage.page.fill(field('Phone'), '+34 2');
    await stage.page.click(button('Save'));
    await disappears(stage.page, button('Save'));
    await stage.page.fill(field('Phone'), '+34 3');
    await stage.page.click(button('Save'));
    await disappears(stage.page, button('Save'));
    await eventually(async () => (await phone()) === '+34 3', 'the change', 60_000);
    await appears(stage.page, indicator('Everything is saved'));
    expect(lost).toBeGreaterThan(1);
    expect((await stage.asking.get(`/api/customers/${id}/history`)).items.length).toBe(3);
  });

  it('changed by somebody else meanwhile: it is set aside, to be compared', async () => {
    await open();
    await stage.page.own.context().setOffline(true);
    await stage.page.fill(field('Phone'), '+34 4');
    await stage.page.click(button('Save'));
    await appears(stage.page, indicator('Offline, 1 waiting'), 5_000);
    const { version } = await stage.asking.get(`/api/customers/${id}`);
    await stage.asking.patch(`/api/customers/${id}`, { version, phone: '+34 9' });
    await stage.page.own.context().setOffline(false);
    await appears(stage.page, indicator('1 need you'));
    await stage.page.click(indicator('1 need you'));
    await stage.page.click(button('Compare changes'));
    await stage.page.click("//dialog//label[starts-with(normalize-space(.), 'Mine')]");
    await stage.page.click(`//dialog${button('Save')}`);
    await eventually(async () => (await phone()) === '+34 4', 'the choice');
    await appears(stage.page, indicator('Everything is saved'));
  });

  it('typed and not saved: the top bar says so, on every page, until it is saved or discarded', async () => {
    await open();
    await stage.page.fill(field('Phone'), '+34 5');
    await appears(stage.page, indicator('Not saved yet'));
    await picture(stage.page, 'drafts-typed');
    await leave();
    await appears(stage.page, words('Your changes are kept as a draft'));
    await picture(stage.page, 'drafts-left');
    await stage.page.reload();
    await appears(stage.page, indicator('Not saved yet'));
    await stage.page.click(indicator('Not saved yet'));
    await picture(stage.page, 'drafts-panel');
    await stage.page.click(button('Open the record'));
    await appears(stage.page, words('Your unsaved changes from before are here again.'));
    expect(await value(stage.page, field('Phone'))).toBe('+34 5');
    await stage.page.click(button('Discard changes'));
    await appears(stage.page, indicator('Everything is saved'));
    expect(await phone()).toBe('1');
  });

  it('in a browser that keeps nothing, leaving asks first', async () => {
    await open((context) =>
      context.addInitScript(
        `Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); };`,
      ),
    );
    await stage.page.fill(field('Phone'), '+34 6');
    await appears(stage.page, indicator('Not saved yet'));
    await stage.page.click(link('Customers'));
    await appears(stage.page, words('Leave without saving?'));
    await picture(stage.page, 'drafts-ask');
    await stage.page.click(button('Stay here'));
    await disappears(stage.page, words('Leave without saving?'));
    expect(await value(stage.page, field('Phone'))).toBe('+34 6');
    const asked = stage.page.own.waitForEvent('dialog').then(async (dialog) => {
      await dialog.dismiss();
      return dialog.type();
    });
    await stage.page.own.reload({ timeout: 3_000 }).catch(() => {}); // it stays
    expect(await asked).toBe('beforeunload');
    await stage.page.click(link('Customers'));
    await stage.page.click(button('Leave'));
    await appears(stage.page, heading('Customers'));
    await appears(stage.page, indicator('Everything is saved'));
    expect(await phone()).toBe('1');
  });

  it('the loss of the network is told at once', async () => {
    await open();
    await stage.page.own.context().setOffline(true);
    await appears(stage.page, indicator('Offline'), 1_000);
    await stage.page.own.context().setOffline(false);
    await appears(stage.page, indicator('Everything is saved'));
    // The browser knows nothing of this one.
    stage.network.cut();
    await appears(stage.page, indicator('Reconnecting'), 2_000);
    stage.network.mend();
    await appears(stage.page, indicator('Everything is saved'), 60_000);
    expect(await has(stage.page, button('Save'))).toBe(false);
  });
});
