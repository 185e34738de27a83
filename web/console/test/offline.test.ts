// SPDX-License-Identifier: Apache-2.0
// What is on screen while there is no network.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, TestServer } from '../../client/test/support/server';
import { chromium, Person, startBrowser } from './support/people';

describe.skipIf(!binary || !chromium)('without a network', () => {
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

  test('a list that was not open here says so at once, and comes by itself with the network', async () => {
    const olga = await Person.open(browser, server.url, 'owner@agency.test');
    const page = await olga.go('/products', 'Products');
    await page.locator('main a[href^="/products/"]').first().waitFor();
    const name = await page.locator('main a[href^="/products/"]').first().innerText();
    await olga.context.setOffline(true);
    await page.getByLabel('Search in products').fill(name);
    await page.getByRole('heading', { name: 'Not loaded on this device yet' }).waitFor();
    expect(await page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
    expect(await page.getByRole('alert').count()).toBe(0);
    await olga.isFine();
    await olga.context.setOffline(false);
    await page.locator('main a[href^="/products/"]').filter({ hasText: name }).waitFor();
    await olga.close();
  });

  test('a page stays as calm once every try has failed', async () => {
    const olga = await Person.open(browser, server.url, 'owner@demo.test');
    const page = await olga.go('/customers', 'Customers');
    await page.getByText(/loaded, more below/).waitFor();
    await olga.context.setOffline(true);
    let tries = 0;
    page.on('requestfailed', (request) => {
      tries += Number(/api\/customers\?.*q=a/.test(request.url()));
    });
    await page.getByRole('textbox', { name: /^Search in/ }).fill('a');
    await page.getByRole('heading', { name: 'Not loaded on this device yet' }).waitFor();
    await expect.poll(() => tries, { timeout: 30_000 }).toBeGreaterThanOrEqual(5);
    await page.getByRole('heading', { name: 'Not loaded on this device yet' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await olga.context.setOffline(false);
    await page.getByRole('row').nth(1).waitFor();
    await olga.close();
  });
});
