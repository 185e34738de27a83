// SPDX-License-Identifier: Apache-2.0
// Two people change the same field of one customer, side by side: nothing is overwritten, and who comes second chooses.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, openChromium } from '../support/chromium.js';
import { firefox, openFirefox } from '../support/firefox.js';
import {
  appears,
  button,
  disappears,
  eventually,
  field,
  type TestBrowser,
  tab,
  value,
  words,
} from '../support/page.js';
import { binary, logIn, owner, Program, picture, scriptErrors, staff, TestServer } from '../support/world.js';

const browsers = [
  { name: 'Chromium', program: chromium, open: openChromium },
  { name: 'Firefox', program: firefox, open: openFirefox },
];

describe.skipIf(!binary)('a conflict', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  describe.each(browsers)('in $name', ({ name, program, open }) => {
    let browser: TestBrowser;
    beforeAll(async () => {
      if (program) browser = await open();
    });
    afterAll(() => browser?.close());

    it.skipIf(!program)('is resolved by clicking, seen by both, and loses nothing (B2, B3, B8)', async () => {
      const asking = await Program.logIn(server.url, owner);
      const { id } = await asking.post('/api/customers', { name: `Clara in ${name}`, phone: '1' });
      const first = await browser.page();
      const second = await browser.page();
      await logIn(first, server.url, owner);
      await logIn(second, server.url, staff);
      for (const page of [first, second]) {
        await page.goto(`${server.url}/customers/${id}`);
        await eventually(async () => (await value(page, field('Phone'))) === '1', 'the customer');
      }

      await second.fill(field('Phone'), '+34 222');
      await second.fill(field('Address'), 'Calle Mayor 2');
      await first.fill(field('Phone'), '+34 111');
      await first.click(button('Save'));
      await disappears(first, button('Save'));
      await appears(second, words('+34 111')); // the other's change is told while one types
      expect(await value(second, field('Phone'))).toBe('+34 222');

      await second.click(button('Save'));
      await appears(second, words('Two changes to the same record'));
      await picture(second, `conflict-${name.toLowerCase()}`);
      await second.click("//dialog//label[starts-with(normalize-space(.), 'Mine')]");
      await second.click(`//dialog${button('Save')}`);
      await disappears(second, words('Two changes to the same record'));
      await eventually(async () => (await value(first, field('Phone'))) === '+34 222', 'the choice, at the other one');
      expect(await value(first, field('Address'))).toBe('Calle Mayor 2');

      const { items } = await asking.get(`/api/customers/${id}/history`);
      const phones = items.map(({ changes }: { changes: { phone?: { to: string } } }) => changes.phone?.to);
      expect(phones).toEqual(['+34 222', '+34 111', '1']);
      await first.click(tab('History'));
      await appears(first, words('+34 111'));

      for (const page of [first, second]) {
        expect(page.complaints()).toEqual([]);
        await page.close();
      }
      expect(await scriptErrors(server)).toBe(0);
    });
  });
});
