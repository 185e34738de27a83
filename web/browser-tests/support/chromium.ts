// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium.
import { existsSync } from 'node:fs';
import { type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { isOwnComplaint } from './complaints.js';
import type { TestBrowser, TestPage } from './page.js';

export const chromium = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));

/** With what only this browser can do for tests: a clock that jumps, scripts before the page's own, storage that is full. */
export interface ChromiumPage extends TestPage {
  readonly own: Page;
}

export interface Chromium extends TestBrowser {
  page(prepare?: (context: BrowserContext) => Promise<unknown>): Promise<ChromiumPage>;
}

export async function openChromium(): Promise<Chromium> {
  const browser = await playwright.launch({
    executablePath: chromium!,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return {
    name: 'Chromium',
    async page(prepare) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      await prepare?.(context);
      const page = await context.newPage();
      const complaints: string[] = [];
      const complain = (text: string) => void (isOwnComplaint(text) && complaints.push(text));
      page.on('pageerror', (error) => complain(error.message));
      page.on('console', (message) => message.type() === 'error' && complain(message.text()));
      page.setDefaultTimeout(30_000);
      return {
        own: page,
        goto: async (url) => void (await page.goto(url)),
        reload: async () => void (await page.reload()),
        click: (place) => page.locator(`xpath=${place}`).first().click(),
        fill: (place, text) => page.locator(`xpath=${place}`).first().fill(text),
        press: (key) => page.keyboard.press(key),
        run: <T>(body: string) => page.evaluate(`(() => { ${body} })()`) as Promise<T>,
        complaints: () => complaints,
        screenshot: async (file) => void (await page.screenshot({ path: file })),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
