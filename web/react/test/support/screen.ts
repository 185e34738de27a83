// SPDX-License-Identifier: Apache-2.0
// Pages in a real browser, used as a person does: by what is to be read, with mouse and keyboard.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { BrowserTab, Serve } from '../../../client/test/support/chromium.js';
import { eventually } from '../../../client/test/support/people.js';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page is built before its tests: seconds, on a machine that does much else a minute. */
export const setUpMsMax = 300_000;

/** Builds a page of this package; what it is made of is then served below /app/. */
export async function built(folder: string): Promise<Serve> {
  const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
  const outDir = mkdtempSync(join(tmpdir(), 'interlock-page-'));
  const files = new Map<string, string>();
  try {
    const configFile = join(root, 'vite.config.ts');
    const plain = { minify: false, modulePreload: false, reportCompressedSize: false } as const;
    await build({ root, configFile, logLevel: 'error', build: { outDir, emptyOutDir: true, ...plain } });
    for (const name of readdirSync(outDir, { recursive: true }) as string[]) {
      if (extname(name) in types) files.set(`/app/${name}`, readFileSync(join(outDir, name), 'utf8'));
    }
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  files.set('/app/', files.get('/app/index.html')!);
  return (path) => ({ type: types[extname(path)] ?? 'text/html', text: files.get(path) });
}

/** One tab, with eyes and hands. */
export class Page {
  constructor(readonly tab: BrowserTab) {}

  /** Everything that is to be read. */
  text(): Promise<string> {
    return this.tab.run(() => document.body.innerText);
  }

  async shows(text: string, ms?: number): Promise<void> {
    try {
      await eventually(async () => (await this.text()).includes(text), `"${text}"`, ms);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await this.text()}`);
    }
  }

  async showsNot(text: string): Promise<void> {
    await eventually(async () => !(await this.text()).includes(text), `no "${text}"`);
  }

  /** Clicks with the mouse on whatever has the selector, and the text if one is given; each further click is a fast one. */
  async click(selector: string, text = '', clicks = 1): Promise<void> {
    const find = async () =>
      this.tab.run(
        ([selector, text]) => {
          const all = [...document.querySelectorAll<HTMLElement>(selector!)];
          const one = all.find((each) => each.offsetParent !== null && each.innerText.includes(text!));
          if (!one) return undefined;
          one.scrollIntoView({ block: 'center' });
          const { x, y, width, height } = one.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        },
        [selector, text],
      );
    await eventually(find, `${selector} ${text}`);
    const at = await find();
    for (let clickCount = 1; clickCount <= clicks; clickCount++) {
      for (const type of ['mousePressed', 'mouseReleased']) {
        await this.#send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount });
      }
    }
  }

  /** Types where the focus is. */
  async type(text: string): Promise<void> {
    await this.#send('Input.insertText', { text });
  }

  async press(key: 'Escape' | 'Tab' | 'Enter' | ' ' | 'End', modifiers = 0): Promise<void> {
    const codes = { Escape: 27, Tab: 9, Enter: 13, ' ': 32, End: 35 };
    const common = { key, code: key === ' ' ? 'Space' : key, windowsVirtualKeyCode: codes[key], modifiers };
    const text = key === 'Enter' ? '\r' : key === ' ' ? ' ' : undefined;
    await this.#send('Input.dispatchKeyEvent', {
      type: text ? 'keyDown' : 'rawKeyDown',
      ...common,
      ...(text && { text }),
    });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  /** Replaces what an input holds. */
  async fill(selector: string, text: string): Promise<void> {
    await this.click(selector);
    await this.tab.run((selector) => document.querySelector<HTMLInputElement>(selector!)?.select(), selector);
    await this.type(text);
  }

  value(selector: string): Promise<string | undefined> {
    return this.tab.run((selector) => document.querySelector<HTMLInputElement>(selector!)?.value, selector);
  }

  /** What axe finds, contrast included. */
  async violations(without: readonly string[] = []): Promise<string[]> {
    await this.#send('Runtime.evaluate', { expression: axe });
    await this.#settled();
    return this.tab.run(async (without) => {
      const rules = Object.fromEntries(without!.map((id) => [id, { enabled: false }]));
      const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
      type Violation = { id: string; help: string; nodes: { html: string }[] };
      const { violations } = await axe.run({ rules });
      return violations.map(({ id, help, nodes }) => `${id}: ${help} ${nodes.map((node) => node.html).join(' ')}`);
    }, without);
  }

  /** Colours that are on their way to others have the contrast of neither. */
  async #settled(): Promise<void> {
    await this.tab.run(async () => {
      const ends = (one: Animation) => one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
      const running = document.getAnimations().filter(ends);
      await Promise.all(running.map((one) => one.finished.catch(() => {}))); // called off: over as well
    });
  }

  #send(method: string, parameters: object): Promise<unknown> {
    return this.tab.browser.send(method, parameters, this.tab.session);
  }
}
