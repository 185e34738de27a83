// SPDX-License-Identifier: Apache-2.0
// The console in Chromium, for P13: node benchmarks/console.mjs http://HOST:PORT. One line of JSON.
//   load_ms       navigation to the list that can be used, with nothing in the browser's cache; each repetition
//   script_bytes  compressed, of everything that the list loads
//   screen_ms     from sending a change to the frame in which another person's page shows it; each change
//   frames        how long each frame took while 10,000 rows are scrolled
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../web/console/package.json', import.meta.url))('playwright-core');
const url = process.argv[2];
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
const loads = 7;
const changes = 200;
const pauseMs = 50;
const scrollMs = 5_000;

const json = { 'Content-Type': 'application/json' };
const now = () => performance.timeOrigin + performance.now();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function call(token, method, path, body, headers = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { ...json, Authorization: `Bearer ${token}`, 'Idempotency-Key': randomUUID(), ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function token(email) {
  const body = JSON.stringify({ email, password: 'demo-password' });
  const answer = await fetch(`${url}/api/sessions`, { method: 'POST', headers: json, body });
  return (await answer.json()).token;
}

/** A browser's own cache, cookies and storage, logged in. */
async function person(browser, email) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.request.post(`${url}/api/sessions`, { data: { email, password: 'demo-password' } });
  return context;
}

const row = '.grid-body-row';

async function coldLoad(browser) {
  const context = await person(browser, 'staff01@demo.test');
  const page = await context.newPage();
  await page.goto(`${url}/customers`, { waitUntil: 'commit' });
  await page.waitForSelector(row);
  // Interactive: the list's rows are there and a frame with them has been drawn.
  const ms = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(performance.now()))));
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await context.close();
  return { ms, bytes };
}

async function changesToScreen(browser) {
  const writer = await token('staff02@demo.test');
  let customer = await call(writer, 'POST', '/api/customers', { name: 'Clara', phone: 'none' });
  const context = await person(browser, 'staff01@demo.test');
  const page = await context.newPage();
  await page.goto(`${url}/customers/${customer.id}`);
  await page.waitForSelector('input[type=tel]');
  await page.evaluate(() => {
    const seen = (globalThis.seen = {});
    const look = () => {
      const shown = document.querySelector('input[type=tel]')?.value;
      if (shown) seen[shown] ??= performance.timeOrigin + performance.now();
      requestAnimationFrame(look);
    };
    look();
  });
  const sent = {};
  for (let i = 0; i < changes; ++i) {
    const phone = `+34 ${i}`;
    sent[phone] = now();
    const version = { 'If-Match': String(customer.version) };
    customer = await call(writer, 'PATCH', `/api/customers/${customer.id}`, { phone }, version);
    await wait(pauseMs);
  }
  await page.waitForFunction((last) => globalThis.seen[last], `+34 ${changes - 1}`);
  const seen = await page.evaluate(() => globalThis.seen);
  await context.close();
  return Object.keys(sent).map((phone) => (seen[phone] ?? Number.POSITIVE_INFINITY) - sent[phone]);
}

async function scroll(browser) {
  const context = await person(browser, 'staff01@demo.test');
  const page = await context.newPage();
  await page.goto(`${url}/customers`);
  await page.waitForSelector(row);
  await page.mouse.move(640, 500);
  await page.evaluate(() => {
    const frames = (globalThis.frames = []);
    let last = performance.now();
    const frame = (at) => {
      frames.push(at - last);
      last = at;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const end = Date.now() + scrollMs;
  while (Date.now() < end) {
    await page.mouse.wheel(0, 300);
    await wait(16);
  }
  const frames = await page.evaluate(() => globalThis.frames.slice(1));
  await context.close();
  return frames;
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
try {
  const cold = [];
  for (let i = 0; i < loads; ++i) cold.push(await coldLoad(browser));
  const screen_ms = await changesToScreen(browser);
  const frames = await scroll(browser);
  const load_ms = cold.map(({ ms }) => ms);
  process.stdout.write(`${JSON.stringify({ load_ms, script_bytes: cold[0].bytes, screen_ms, frames })}\n`);
} finally {
  await browser.close();
}
