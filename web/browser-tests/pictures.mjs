// SPDX-License-Identifier: Apache-2.0
// Takes the pictures in docs/images from a server with fresh demo data: npm run pictures --workspace browser-tests -- URL
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const url = process.argv[2] ?? 'http://127.0.0.1:8080';
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'],
});

async function person(email, more = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...more });
  const answer = await context.request.post(`${url}/api/sessions`, { data: { email, password: 'demo-password' } });
  if (!answer.ok()) throw new Error(`log-in of ${email}: ${answer.status()}`);
  return context.newPage();
}

async function take(page, name) {
  await page.waitForLoadState('networkidle').catch(() => {}); // a feed may never be idle
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
}

async function first(page, path) {
  const answer = await page.context().request.get(`${url}${path}`);
  return (await answer.json()).items[0];
}

async function customers() {
  const page = await person('admin@demo.test');
  await page.goto(`${url}/customers`);
  await page.waitForSelector('.grid-body-row');
  await take(page, 'customers');
  await page.goto(`${url}/customers?view=board`);
  await page.getByText('Drag a card').waitFor();
  await take(page, 'board');
  const dark = await person('staff01@demo.test', { colorScheme: 'dark' });
  await dark.goto(`${url}/customers`);
  await dark.waitForSelector('.grid-body-row');
  await take(dark, 'customers-dark');
}

async function conflict() {
  const [ana, ben] = [await person('admin@demo.test'), await person('staff01@demo.test')];
  const { id } = await first(ana, '/api/customers?status=contacted&limit=1');
  for (const page of [ana, ben]) {
    await page.goto(`${url}/customers/${id}`);
    await page.waitForSelector('input[type=tel]');
  }
  await ben.fill('input[type=tel]', '+34 91 555 0142');
  await ana.fill('input[type=tel]', '+34 91 555 0177');
  await ana.getByRole('button', { name: 'Save' }).click();
  await ana.getByLabel('Your comment').fill('Called back, wants an offer by Friday.');
  await ana.getByRole('button', { name: 'Comment', exact: true }).click();
  await ben.getByText('Called back').waitFor();
  await take(ben, 'customer');
  await ben.getByRole('button', { name: 'Save' }).click();
  await ben.locator('dialog').waitFor();
  await take(ben, 'conflict');
}

mkdirSync(folder, { recursive: true });
try {
  await customers();
  await conflict();
} finally {
  await browser.close();
}
