// SPDX-License-Identifier: Apache-2.0
// Every component in every state, light and dark, in both languages: axe finds nothing, contrast included, and nothing
// is wider than a phone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, chromium, Gate } from '../../client/test/support/chromium.js';
import { eventually } from '../../client/test/support/people.js';
import { built, Page, setUpMsMax } from './support/screen.js';

describe.skipIf(!chromium)('the gallery', () => {
  let gate: Gate;
  let browser: Browser;

  beforeAll(async () => {
    gate = await Gate.start('http://127.0.0.1:9', await built('gallery'));
    browser = await Browser.start();
  }, setUpMsMax);
  afterAll(async () => {
    await browser?.stop();
    gate?.stop();
  });

  async function open(query: string): Promise<Page> {
    const page = new Page(await browser.open(`${gate.url}${query}`));
    await page.shows(query.includes('es') ? 'Aún no hay cambios' : 'No changes yet');
    return page;
  }

  test.each(['?theme=light', '?theme=dark', '?theme=light&show=conflict', '?theme=dark&show=conflict&language=es'])(
    '%s',
    async (query) => {
      const page = await open(query);
      // The same component is there many times, with the same name each time.
      expect(await page.violations(['landmark-unique'])).toEqual([]);
      await page.tab.close();
    },
  );

  test('on a phone', async () => {
    const page = await open('?language=es');
    const size = { width: 390, height: 844, deviceScaleFactor: 1, mobile: false };
    await browser.send('Emulation.setDeviceMetricsOverride', size, page.tab.session);
    await eventually(() => page.tab.run(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider');
    await page.tab.close();
  });

  test('no page has complained', () => {
    expect(browser.complaints).toEqual([]);
  });
});
