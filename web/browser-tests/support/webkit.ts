// SPDX-License-Identifier: Apache-2.0
// Debian's WebKitGTK by its driver, which speaks W3C WebDriver; a screen is made for it by Xvfb.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { freePort } from '../../client/test/support/server.js';
import { eventually, type TestBrowser, type TestPage } from './page.js';

const driver = '/usr/bin/WebKitWebDriver';
const screen = '/usr/bin/Xvfb';
export const webkit = existsSync(driver) && existsSync(screen) ? driver : undefined;

const elementKey = 'element-6066-11e4-a52e-4f735466cecf'; // W3C WebDriver, section 12.1
const keys = { Enter: '\uE007', Tab: '\uE004', Escape: '\uE00C' };

/** Xvfb chooses its display's number itself and tells it. */
async function openScreen(): Promise<{ process: ChildProcess; display: string }> {
  const process = spawn(screen, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(process.stdio[3] as NodeJS.ReadableStream, 'data');
  return { process, display: `:${String(number).trim()}` };
}

export async function openWebKit(): Promise<TestBrowser> {
  const { process: screenProcess, display } = await openScreen();
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', GDK_BACKEND: 'x11' };
  const driverProcess = spawn(driver, [`--port=${port}`], { stdio: 'ignore', env });
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body ? JSON.stringify(body) : null });
    const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  };
  await eventually(async () => (await call<{ ready: boolean }>('GET', '/status')).ready, 'the driver of WebKit');
  return {
    name: 'WebKit',
    async page() {
      const wanted = { alwaysMatch: { 'webkitgtk:browserOptions': { args: ['--automation'] } } };
      const { sessionId } = await call<{ sessionId: string }>('POST', '/session', { capabilities: wanted });
      return drive((method, path, body) => call(method, `/session/${sessionId}${path}`, body));
    },
    async close() {
      for (const each of [driverProcess, screenProcess]) {
        const ended = once(each, 'exit');
        each.kill();
        await ended;
      }
    },
  };
}

type Call = <T>(method: string, path: string, body?: object) => Promise<T>;

function drive(call: Call): TestPage {
  const find = async (place: string): Promise<string> => {
    let found: Record<string, string> = {};
    await eventually(async () => {
      found = await call('POST', '/element', { using: 'xpath', value: place });
      return true;
    }, place);
    return `/element/${found[elementKey]}`;
  };
  return {
    goto: async (url) => void (await call('POST', '/url', { url })),
    reload: async () => void (await call('POST', '/refresh', {})),
    async click(place) {
      // What is drawn anew between finding and clicking is found again.
      await eventually(async () => {
        await call('POST', `${await find(place)}/click`, {});
        return true;
      }, `click ${place}`);
    },
    async fill(place, text) {
      const element = await find(place);
      await call('POST', `${element}/clear`, {});
      await call('POST', `${element}/value`, { text });
    },
    async press(key) {
      const actions = [
        { type: 'keyDown', value: keys[key] },
        { type: 'keyUp', value: keys[key] },
      ];
      await call('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
    },
    run: (body) => call('POST', '/execute/sync', { script: body, args: [] }),
    complaints: () => [], // the driver tells none; script errors are counted by the server
    async screenshot(file) {
      writeFileSync(file, Buffer.from(await call<string>('GET', '/screenshot'), 'base64'));
    },
    close: async () => void (await call('DELETE', '')),
  };
}
