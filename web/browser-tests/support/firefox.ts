// SPDX-License-Identifier: Apache-2.0
// Debian's Firefox over WebDriver BiDi.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type ElementHandle, type Page } from 'puppeteer-core';
import { isOwnComplaint } from './complaints.js';
import { eventually, type TestBrowser, type TestPage } from './page.js';

export const firefox = [process.env.FIREFOX, '/usr/bin/firefox-esr'].find((path) => path && existsSync(path));

export async function openFirefox(): Promise<TestBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'interlock-firefox-')); // as root, it takes no home but root's own
  const browser = await puppeteer.launch({
    env: { ...process.env, HOME: home },
    browser: 'firefox',
    executablePath: firefox!,
    headless: true,
    args: ['--width=1280', '--height=900'],
  });
  return {
    name: 'Firefox',
    async page() {
      const context = await browser.createBrowserContext();
      return drive(await context.newPage());
    },
    async close() {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

const at = (place: string) => `::-p-xpath(${place})`;

function drive(page: Page): TestPage {
  const complaints: string[] = [];
  const complain = (text: string) => void (isOwnComplaint(text) && complaints.push(text));
  page.on('pageerror', (error) => complain(String(error)));
  page.on('console', (message) => message.type() === 'error' && complain(message.text()));
  page.setDefaultTimeout(30_000);
  /** What is drawn anew between finding and using is found again. */
  const found = (place: string, use: (element: ElementHandle) => Promise<void>) =>
    eventually(async () => {
      await page.bringToFront(); // nothing is drawn in a page that stands behind another
      const element = await page.waitForSelector(at(place), { visible: true });
      if (element) await use(element);
      return element !== null;
    }, place);
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    click: (place) => found(place, (element) => element.click()),
    fill: (place, text) =>
      found(place, async (element) => {
        await element.click();
        await element.evaluate((input) => (input as HTMLInputElement).select());
        await page.keyboard.type(text);
      }),
    press: (key) => page.keyboard.press(key),
    run: <T>(body: string) => page.evaluate(`(() => { ${body} })()`) as Promise<T>,
    complaints: () => complaints,
    screenshot: async (file) => void (await page.screenshot({ path: file as `${string}.png` })),
    close: () => page.close(),
  };
}
