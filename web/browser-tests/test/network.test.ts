// SPDX-License-Identifier: Apache-2.0
// A bad network, an impatient hand, a server that dies: what was done is done once, and the page goes on.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromium, openChromium } from '../support/chromium.js';
import { Network, slow3G } from '../support/network.js';
import { appears, button, eventually, field, type TestBrowser, type TestPage, words } from '../support/page.js';
import { binary, clickTenTimes, logIn, owner, Program, scriptErrors, TestServer } from '../support/world.js';

describe.skipIf(!binary || !chromium)('a network that is bad', () => {
  let server: TestServer;
  let network: Network;
  let browser: TestBrowser;
  let page: TestPage;
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
    page = await browser.page();
    await logIn(page, network.url, owner);
    ({ id } = await asking.post('/api/customers', { name: 'Clara' }));
    await page.goto(`${network.url}/customers/${id}`);
    await appears(page, field('Your comment'));
  });
  afterEach(async () => {
    expect(page.complaints()).toEqual([]);
    await page.close();
    network.stop();
    expect(await scriptErrors(server)).toBe(0);
  });

  async function comment(text: string): Promise<void> {
    await page.fill(field('Your comment'), text);
    await page.click(button('Comment'));
    await appears(page, words(text));
  }
  const arrive = (texts: string[]) =>
    eventually(async () => (await asking.comments(id)).length >= texts.length, `${texts.length} comments`, 60_000).then(
      async () => expect(await asking.comments(id)).toEqual(texts),
    );

  it('slow as Slow 3G: ten rapid clicks make one change (A6, B5)', async () => {
    network.slowness = slow3G;
    await page.fill(field('Phone'), '+34 333');
    await clickTenTimes(page, button('Save'));
    await eventually(async () => (await asking.get(`/api/customers/${id}`)).phone === '+34 333', 'the change', 60_000);
    await page.fill(field('Your comment'), 'once');
    await clickTenTimes(page, button('Comment'));
    await arrive(['once']);
    network.slowness = undefined;
    await comment('and again');
    await arrive(['once', 'and again']);
    expect((await asking.get(`/api/customers/${id}/history`)).items.length).toBe(2);
  });

  it('that loses the answer: the action is asked for again and done once', async () => {
    let lost = 0;
    network.losesAnswerTo = (request) =>
      request.startsWith('POST /api/') && request.includes('lost on the way') && lost++ < 2;
    await comment('lost on the way');
    await arrive(['lost on the way']);
    expect(lost).toBeGreaterThan(1);
  });

  it('that is cut: what is done meanwhile is kept, and goes out in order when it is back', async () => {
    network.cut();
    const texts = ['one', 'two', 'three'];
    for (const text of texts) await comment(text);
    expect(await asking.comments(id)).toEqual([]);
    network.mend();
    await arrive(texts);
  });

  it('that is cut and a tab that is loaded anew with a full queue', async () => {
    network.cut();
    const texts = Array.from({ length: 5 }, (_, i) => `kept ${i}`);
    for (const text of texts) await comment(text);
    network.mend();
    await page.reload();
    await arrive(texts);
    for (const text of texts) await appears(page, words(text));
  });

  it('a server that is killed in the middle and started again', async () => {
    await comment('before');
    await arrive(['before']);
    await server.kill();
    await comment('while it was gone');
    await server.run();
    asking = await Program.logIn(server.url, owner);
    await arrive(['before', 'while it was gone']);
  });
});
