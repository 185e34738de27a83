// SPDX-License-Identifier: Apache-2.0
// Every awkward string in every text field: shown as the text that it is, nothing of it runs, nothing falls apart.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, type ChromiumPage, chromium, openChromium } from '../support/chromium.js';
import { appears, button, disappears, eventually, field, has, tab } from '../support/page.js';
import { binary, logIn, owner, Program, picture, scriptErrors, TestServer } from '../support/world.js';

const path = new URL('../../../tests/data/naughty-strings.json', import.meta.url);
const all: string[] = JSON.parse(readFileSync(path, 'utf8'));
/** What people paste: markup, no place to break, two directions, marks upon marks, what templates would fill in. */
const typed = `<script>alert(1)</script><img src=x onerror=alert(2)>"'</textarea>{{7*7}}%s \u202e\u05e9\u05dc\u202c Z\u0351\u036b\u0343\u0302 \ud83d\udc68\u200d\ud83d\udc69 ${'W'.repeat(80)}`;
/** What sticks out of the window, where it can be scrolled sideways. */
const tooWide = `
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > innerWidth);
  return wide.map((it) => it.className + ': ' + it.textContent.slice(0, 80)).slice(-3);`;
/** Down by half of what is in sight; at the end from the top again. */
const scrollOn = `
  const grid = document.querySelector('.grid');
  const isEnd = grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1;
  grid.scrollTop = isEnd ? 0 : grid.scrollTop + grid.clientHeight / 2;`;
const inDialog = (place: string) => `//*[@role='dialog']${place}`;

describe.skipIf(!binary || !chromium)('an awkward string', () => {
  let server: TestServer;
  let browser: Chromium;
  let page: ChromiumPage;
  let asking: Program;
  let subject: string;
  const dialogs: string[] = [];

  beforeAll(async () => {
    server = await TestServer.start();
    asking = await Program.logIn(server.url, owner);
    subject = (await asking.post('/api/customers', { name: 'All of them' })).id;
    browser = await openChromium();
    page = await browser.page();
    page.own.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await logIn(page, server.url, owner);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  const isQuiet = async () => {
    expect(dialogs).toEqual([]);
    expect(page.complaints()).toEqual([]);
    expect(await scriptErrors(server)).toBe(0);
    expect(await page.run(tooWide)).toEqual([]);
  };

  /** Makes a record of each; answers the texts that were taken. */
  async function make(
    operation: string,
    requestOf: (text: string) => object,
    name: string,
    texts = all,
  ): Promise<string[]> {
    const results = await asking.batch(texts.map((text) => ({ operation, request: requestOf(text) })));
    const made = results.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0.8 * texts.length); // the others are empty or too long
    return made.map(({ body }) => body[name]!);
  }
  const shown = (selector: string) =>
    page.run<string[]>(
      `return [...document.querySelectorAll(${JSON.stringify(selector)})].map((it) => it.textContent)`,
    );

  async function showsAll(texts: string[], selector: string, more: string): Promise<void> {
    await eventually(async () => {
      if (await has(page, button(more))) await page.click(button(more));
      return (await shown(selector)).length >= texts.length;
    }, `${texts.length} of ${selector}`);
    expect((await shown(selector)).sort()).toEqual([...texts].sort());
    await isQuiet();
  }
  const open = (name: string) => page.goto(`${server.url}/customers/${subject}?tab=${name}`);

  it('as a comment, a task, a note or a document', async () => {
    const comments = await make('comments/create', (text) => ({ subject, text }), 'text');
    await open('comments');
    await showsAll(comments, '.il-comment-text', 'Show earlier comments');
    // The same line of a list for whatever it is: every fourth, and the widest.
    const some = all.filter((text, index) => index % 4 === 0 || text.includes('\u0e49\u0e49'));
    const tasks = await make('tasks/create', (title) => ({ subject, title }), 'title', some);
    await open('tasks');
    await showsAll(tasks, '.row-title', 'Show more');
    const notes = await make('notes/create', (text) => ({ subject, title: 'x', text }), 'text', some);
    await open('notes');
    await showsAll(notes, '.note .own-lines', 'Show more');
    await page.own.setViewportSize({ width: 390, height: 900 });
    await isQuiet();
    await page.own.setViewportSize({ width: 1280, height: 900 });
  });

  it('as the name and every other field of a customer, in the list, on the board and in the search', async () => {
    const within = (text: string, bytes: number) => (Buffer.byteLength(text) <= bytes ? text : '');
    const fields = (text: string) => ({ name: text, email: text, phone: within(text, 64), address: text });
    const names = new Set(await make('customers/create', (text) => ({ ...fields(text), tags: ['naughty'] }), 'name'));
    await make('customers/create', (text) => ({ name: 'x', tags: text === '' ? [] : [text] }), 'name');
    await page.goto(`${server.url}/customers?tag=naughty&sort=name`);
    const seen = new Set<string>();
    await eventually(async () => {
      for (const name of await shown('.grid-body-row [role=gridcell]:nth-child(2)')) seen.add(name);
      await page.run(scrollOn);
      return seen.size >= names.size;
    }, `${names.size} names`);
    expect([...seen].sort()).toEqual([...names].sort());
    await isQuiet();
    await page.goto(`${server.url}/customers?view=board&tag=naughty`);
    await appears(page, "//*[contains(@class, 'board')]");
    await isQuiet();
  });

  it('typed by hand: into a customer, a comment, a task, a note, the name of a document, a search', async () => {
    const text = typed;
    await page.goto(`${server.url}/customers`);
    await page.click(button('New customer'));
    await page.fill(inDialog(field('Name')), text);
    await page.fill(inDialog(field('Phone')), text.slice(-30));
    await page.fill(inDialog(field('Address')), text);
    await page.click(inDialog(button('Create')));
    await disappears(page, inDialog(''));
    await eventually(async () => (await shown('h1')).includes(text), `the name ${text}`);
    await page.click(tab('Comments'));
    await page.fill(field('Your comment'), text);
    await page.click(button('Comment'));
    await eventually(async () => (await shown('.il-comment-text')).includes(text), `the comment ${text}`);
    await page.click(tab('Tasks'));
    await page.click(button('Add task'));
    await page.fill(inDialog(field('What is to be done')), text);
    await page.click(inDialog(button('Create')));
    await eventually(async () => (await shown('.row-title')).includes(text), `the task ${text}`);
    await page.click(tab('Notes'));
    await page.click(button('Add note'));
    await page.fill(inDialog(field('Title')), text);
    await page.fill(inDialog(field('Text')), `${text}\n${text}`);
    await page.click(inDialog(button('Create')));
    await eventually(async () => (await shown('.note .own-lines')).includes(`${text}\n${text}`), `the note ${text}`);
    await page.click(tab('Documents'));
    await page.own.locator('input[type=file]').setInputFiles({
      name: 'plain.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('hello'),
    });
    await page.click("//button[@aria-label='Actions: plain.txt']");
    await page.click("//*[@role='menuitem'][normalize-space(.)='Edit']");
    await page.fill(inDialog(field('Name')), text);
    await page.click(inDialog(button('Save')));
    await disappears(page, inDialog(''));
    await eventually(async () => (await shown('.row-title')).includes(text), `the document ${text}`);
    await isQuiet();
    await picture(page, 'naughty');
    await page.own.setViewportSize({ width: 390, height: 900 });
    await isQuiet();
    await page.own.setViewportSize({ width: 1280, height: 900 });
    await page.own.keyboard.press('Control+k');
    await page.own.locator('[role=dialog] input').fill(text);
    await appears(page, '//*[@role="option"]');
    await isQuiet();
    await page.press('Escape');
  });
});
