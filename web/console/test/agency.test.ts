// SPDX-License-Identifier: Apache-2.0
// What an agency reads of its services and applications.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, TestServer } from '../../client/test/support/server';
import { chromium, Person, startBrowser } from './support/people';

describe.skipIf(!binary || !chromium)('of an agency', () => {
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

  test('audit trail and history call services and applications by product and customer; days are told in words', async () => {
    const olga = await Person.open(browser, server.url, 'owner@agency.test');
    const send = async (path: string, data: object) => {
      const headers = { 'Idempotency-Key': `names-${path}` };
      const answer = await olga.context.request.post(path, { data, headers });
      expect(answer.ok(), await answer.text()).toBe(true);
      return answer.json();
    };
    const customer = await send('/api/customers', { name: 'Named Client' });
    const partner = await send('/api/partners', { name: 'Named School' });
    const product = await send('/api/products', { name: 'Named Course', partner: partner.id });
    const wish = { customer: customer.id, product: product.id, expected_start: '2027-02-03' };
    const service = await send('/api/interested-services', wish);
    await send('/api/interested-services/convert', { id: service.id });
    const page = await olga.go('/audit', 'Audit trail');
    const title = 'Named Course · Named Client';
    await page.getByRole('table').getByRole('link', { name: title }).nth(1).waitFor();
    expect(await page.getByText('Application: Application').count()).toBe(0);
    await page.goto(`/services/${service.id}?tab=history`);
    await page.getByRole('tabpanel').getByText(title).waitFor();
    await page
      .locator('.record-side')
      .getByText(/^(3 Feb 2027|Feb 3, 2027)$/)
      .waitFor();
    await olga.isFine();
    await olga.close();
  });

  test('tabs that do not fit scroll, and the keyboard brings each into sight', async () => {
    const olga = await Person.open(browser, server.url, 'owner@agency.test', { phone: true });
    const page = await olga.go('/customers', 'Clients');
    await page.getByRole('row').first().click();
    const tabs = page.getByRole('tab');
    await tabs.first().waitFor();
    expect(await page.locator('.tabs-list').evaluate((list) => getComputedStyle(list).backgroundAttachment)).toBe(
      'local, local, scroll, scroll',
    );
    await tabs.first().focus();
    await page.keyboard.press('End');
    const last = await tabs.last().boundingBox();
    expect(last!.x + last!.width).toBeLessThanOrEqual(390);
    await olga.close();
  });
});
