// SPDX-License-Identifier: Apache-2.0
// A browser that keeps nothing: storage that is full, switched off, or fails. It is told, and work goes on.
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, type ChromiumPage, chromium, openChromium } from '../support/chromium.js';
import { Network } from '../support/network.js';
import { appears, button, eventually, field, words } from '../support/page.js';
import { binary, logIn, owner, Program, picture, scriptErrors, TestServer } from '../support/world.js';

const indicator = (text: string) => `//button[contains(@class, 'il-indicator-button')][contains(., "${text}")]`;
const inPanel = (text: string) => `//section[contains(@class, 'il-panel')]//*[contains(text(), "${text}")]`;

/** The browser looks at its quota now and then only, and lets some more writes pass: here it does at every write. */
function refuseWrites(): void {
  IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = () => {
    throw new DOMException('The quota is exceeded', 'QuotaExceededError');
  };
}

describe.skipIf(!binary || !chromium)('a browser', () => {
  let server: TestServer;
  let browser: Chromium;
  let network: Network;
  let asking: Program;
  let page: ChromiumPage;

  beforeAll(async () => {
    server = await TestServer.start();
    network = await Network.before(server.url);
    browser = await openChromium();
    asking = await Program.logIn(server.url, owner);
  });
  afterAll(async () => {
    await browser?.close();
    network?.stop();
    await server?.stop();
  });
  afterEach(async () => {
    network.mend();
    expect(page.complaints()).toEqual([]);
    expect(await scriptErrors(server)).toBe(0);
    await page.close();
  });

  async function comment(text: string): Promise<void> {
    await page.fill(field('Your comment'), text);
    await page.click(button('Comment'));
    await appears(page, words(text));
  }
  const open = async () => {
    const { id } = await asking.post('/api/customers', { name: 'Clara' });
    await page.goto(`${network.url}/customers/${id}?tab=comments`);
    await appears(page, field('Your comment'));
    return id as string;
  };
  const arrive = (id: string, texts: string[]) =>
    eventually(async () => (await asking.comments(id)).join() === texts.join(), texts.join());

  /** The browser's own quota: nothing is left of it. */
  async function fill(): Promise<void> {
    const session = await page.own.context().newCDPSession(page.own);
    await session.send('Storage.overrideQuotaForOrigin', { origin: network.url, quotaSize: 1 });
  }

  /** Online it works as ever; without a network it is kept as long as the tab is open, and that is told. */
  async function worksAndTells(id: string, reason: string): Promise<void> {
    await comment('online');
    await arrive(id, ['online']);
    await appears(page, indicator('This browser keeps nothing'));
    network.cut();
    await comment('offline');
    await appears(page, indicator('Offline, 1 waiting'));
    await page.click(indicator('Offline'));
    await appears(page, inPanel(reason));
    await picture(page, `storage-${reason.slice(0, 12).replaceAll(' ', '-')}`);
    network.mend();
    await page.click(button('Send now'));
    await arrive(id, ['online', 'offline']);
    await page.fill(field('Phone'), '+34 1');
    await page.click(button('Save'));
    await eventually(async () => (await asking.get(`/api/customers/${id}`)).phone === '+34 1', 'the change');
  }

  const closed = 'This browser keeps nothing here (a private window?)';
  const ways: [string, string, () => void][] = [
    ['without IndexedDB', closed, () => Object.defineProperty(window, 'indexedDB', { value: undefined })],
    [
      'whose IndexedDB cannot be opened',
      closed,
      () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('A mutation operation was attempted', 'InvalidStateError');
        };
      },
    ],
  ];
  it.each(ways)('%s: told, and nothing is swallowed', async (_, reason, hinder) => {
    page = await browser.page((context: BrowserContext) => context.addInitScript(hinder));
    await logIn(page, network.url, owner);
    await worksAndTells(await open(), reason);
  });

  it('that is full: told, and nothing is swallowed', async () => {
    page = await browser.page();
    await fill();
    await logIn(page, network.url, owner);
    await worksAndTells(await open(), 'The storage of this browser is full');
  });

  it('whose storage runs full in the middle: told, and nothing is swallowed', async () => {
    page = await browser.page();
    await logIn(page, network.url, owner);
    const id = await open();
    await comment('kept');
    await arrive(id, ['kept']);
    await page.own.evaluate(refuseWrites);
    network.cut();
    const texts = Array.from({ length: 3 }, (_, i) => `${i} ${'x'.repeat(1_500)}`);
    for (const text of texts) await comment(text);
    await page.click(indicator('Offline'));
    await appears(page, inPanel('The storage of this browser is full'));
    network.mend();
    await page.click(button('Send now'));
    await arrive(id, ['kept', ...texts]);
  });
});
