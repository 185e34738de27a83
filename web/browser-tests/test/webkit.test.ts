// SPDX-License-Identifier: Apache-2.0
// The daily round in WebKit: log in, find a customer, change it, comment.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appears, button, disappears, eventually, field, type TestBrowser, words } from '../support/page.js';
import { openWebKit, webkit } from '../support/webkit.js';
import { binary, logIn, owner, Program, picture, scriptErrors, TestServer } from '../support/world.js';

describe.skipIf(!binary || !webkit)('WebKit', () => {
  let server: TestServer;
  let browser: TestBrowser;
  beforeAll(async () => {
    server = await TestServer.start();
    browser = await openWebKit();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('logs in, changes a customer and comments (A7)', async () => {
    const asking = await Program.logIn(server.url, owner);
    const { id } = await asking.post('/api/customers', { name: 'Clara in WebKit' });
    const page = await browser.page();
    await logIn(page, server.url, owner);
    await appears(page, words('Clara in WebKit'));
    await page.goto(`${server.url}/customers/${id}`);
    await appears(page, field('Phone'));
    await page.fill(field('Phone'), '+34 444');
    await page.click(button('Save'));
    await disappears(page, button('Save'));
    await page.fill(field('Your comment'), 'from WebKit');
    await page.click(button('Comment'));
    await appears(page, words('from WebKit'));
    await eventually(async () => (await asking.comments(id))[0] === 'from WebKit', 'the comment');
    expect((await asking.get(`/api/customers/${id}`)).phone).toBe('+34 444');
    await picture(page, 'webkit');
    await page.close();
    expect(await scriptErrors(server)).toBe(0);
  });
});
