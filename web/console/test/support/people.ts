// SPDX-License-Identifier: Apache-2.0
// People in browsers of their own. Whatever a page's script complains of fails the test that saw it.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium as engine, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** The browser's program; undefined: tests that need one are left out. */
export const chromium = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const password = 'demo-password';
const phone = { width: 390, height: 844 };
const desk = { width: 1280, height: 800 };

/** What a browser logs of answers that were meant. */
const meant = /Failed to load resource|WebSocket connection to/;

/** Run in every document before its own scripts: colours that fade in are not what anybody reads. */
function stayStill(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [sheet];
}

export function startBrowser(): Promise<Browser> {
  return engine.launch({ executablePath: chromium!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Look {
  readonly dark?: boolean;
  readonly phone?: boolean;
  readonly language?: string;
  /** Of the machine that the browser runs on. */
  readonly timeZone?: string;
}

/** One person's browser window. */
export class Person {
  readonly faults: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !meant.test(message.text())) this.faults.push(message.text());
    });
  }

  /** Somebody logged in, or nobody. */
  static async open(browser: Browser, url: string, email?: string, look: Look = {}): Promise<Person> {
    const context = await browser.newContext({
      baseURL: url,
      colorScheme: look.dark ? 'dark' : 'light',
      viewport: look.phone ? phone : desk,
      locale: look.language ?? 'en-GB',
      ...(look.timeZone && { timezoneId: look.timeZone }),
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(15_000);
    await context.addInitScript(stayStill);
    if (email) {
      const answer = await context.request.post('/api/sessions', { data: { email, password } });
      expect(answer.status(), `the log-in of ${email}`).toBe(201);
    }
    return new Person(context, await context.newPage());
  }

  /** Opens an address and waits for what names the page. */
  async go(path: string, heading: string | RegExp): Promise<Page> {
    await this.page.goto(path);
    await this.page.getByRole('heading', { level: 1, name: heading }).waitFor();
    return this.page;
  }

  /** Nothing serious for axe-core, and no fault of a script. */
  async isFine(): Promise<void> {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => {
      const { violations } = await (
        window as never as { axe: { run(on: Document, how: object): Promise<Found> } }
      ).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'],
        rules: { 'label-content-name-mismatch': { enabled: true } },
      });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    });
    expect(found).toEqual([]);
    expect(this.faults).toEqual([]);
  }

  async close(): Promise<void> {
    await this.context.close();
    expect(this.faults).toEqual([]);
  }
}

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
