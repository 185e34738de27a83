// SPDX-License-Identifier: Apache-2.0
// Nothing is cut off, hangs over or stands askew: at a desk and on a phone, with names as long as they come.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, TestServer } from '../../client/test/support/server';
import { chromium, Person, startBrowser } from './support/people';

describe.skipIf(!binary || !chromium)('layout', () => {
  let server: TestServer;
  let browser: Browser;
  let desk: Person;
  let phone: Person;

  beforeAll(async () => {
    server = await TestServer.start();
    browser = await startBrowser();
    desk = await Person.open(browser, server.url, 'owner@agency.test');
    phone = await Person.open(browser, server.url, 'owner@agency.test', { phone: true });
  }, 120_000);
  afterAll(async () => {
    await desk?.close();
    await phone?.close();
    await browser?.close();
    await server?.stop();
  });

  /** Texts of elements of which not everything is seen. */
  const cut = (elements: Locator) =>
    elements.evaluateAll((all) =>
      all
        .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
        .map((one) => one.textContent),
    );
  const top = async (element: Locator) => (await element.boundingBox())!.y;
  const rows = async (page: Page) => {
    await page.locator('.row').first().waitFor();
    return page.locator('.row');
  };

  test('the company’s name is there as a whole', async () => {
    for (const person of [desk, phone]) {
      const page = await person.go('/account', 'My account');
      const name = page.locator('.tenant-name');
      await name.waitFor();
      expect(await cut(name)).toEqual([]);
    }
  });

  test('users on a phone: role, state and menu are on the screen', async () => {
    const page = await phone.go('/users', 'Users');
    for (const row of await (await rows(page)).all()) {
      const menu = (await row.getByRole('button', { name: /^Actions: / }).boundingBox())!;
      expect(menu.x + menu.width).toBeLessThanOrEqual(390);
      expect(await row.innerText()).toMatch(/Owner|Administrator|Staff|Viewer|Guest/);
    }
    await phone.isFine();
  });

  test('the audit trail on a phone: what changed is on the screen', async () => {
    const page = await phone.go('/audit', 'Audit trail');
    const row = (await rows(page)).first();
    await row.getByText(/\w+: /).first().waitFor();
    const wide = await page.locator('.list-card').evaluate((list) => list.scrollWidth - list.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await phone.isFine();
  });

  test('no dot parts a fact from nothing', async () => {
    const page = await desk.go('/applications', 'Applications');
    await rows(page);
    expect(
      await page.locator('.row-facts > span').evaluateAll((all) => all.filter((one) => !one.textContent).length),
    ).toBe(0);
  });

  test('fields beside each other begin at one height, whatever is said about them', async () => {
    const page = await desk.go('/applications', 'Applications');
    await page.locator('main a[href^="/applications/"]').first().click();
    await page.getByRole('tab', { name: 'Tasks' }).click();
    await page.getByRole('button', { name: 'Add task' }).first().click();
    const dialog = page.getByRole('dialog');
    const [due, remind] = [dialog.getByLabel('Due'), dialog.getByLabel('Remind on')];
    expect(await top(due)).toBe(await top(remind));
    await desk.isFine();
    await page.keyboard.press('Escape');
  });

  test('tags are whole; those for which there is no room are counted, and told', async () => {
    const page = await desk.go('/customers', 'Clients');
    await page.locator('.tag').first().waitFor();
    expect(await cut(page.locator('.grid .tag:not(.tag-more)'))).toEqual([]);
    const row = page
      .locator('.grid-body-row')
      .filter({ has: page.locator('.tag') })
      .first();
    await row.hover();
    const grounds = await row.evaluate((one) =>
      [one, one.querySelector('.tag')!].map((each) => getComputedStyle(each).backgroundColor),
    );
    expect(grounds[0]).not.toBe(grounds[1]);
    const more = page.locator('.grid .tag-more').first();
    expect(await more.getAttribute('title')).toMatch(/^\S+/);
    await page.goto('/customers?view=board');
    await page.locator('.board-card .tag').first().waitFor();
    expect(await cut(page.locator('.board-card .tag'))).toEqual([]);
  });

  test('what became of a conversion is told', async () => {
    const page = await desk.go('/services', 'Services');
    await page.getByRole('button', { name: 'Convert' }).first().click();
    await page.getByRole('status').filter({ hasText: 'The service has become an application' }).waitFor();
    await desk.isFine();
  });
});
