// SPDX-License-Identifier: Apache-2.0
// A server that does not answer, answers late, or answers with something else: the page says what it knows, the way on
// works, and what was done is done once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patiently, type Strange, strangeAnswers } from '../support/bad_server.js';
import { type Chromium, type ChromiumPage, chromium, openChromium } from '../support/chromium.js';
import { Network } from '../support/network.js';
import { appears, button, count, disappears, eventually, field, has, words } from '../support/page.js';
import { binary, logIn, owner, Program, password, picture, scriptErrors, TestServer } from '../support/world.js';

const inDialog = (place: string) => `//*[@role='dialog']${place}`;
const indicator = (text: string) => `//button[contains(@class, 'il-indicator-button')][contains(., "${text}")]`;
const inPanel = (text: string) => `//section[contains(@class, 'il-panel')]//*[contains(text(), "${text}")]`;
const saved = indicator('Everything is saved');

describe.skipIf(!binary || !chromium)('a server', () => {
  let server: TestServer;
  let browser: Chromium;
  let network: Network;
  let page: ChromiumPage;
  let asking: Program;
  let id: string;
  let made = 0;

  beforeAll(async () => {
    server = await TestServer.start();
    browser = await openChromium();
    network = await Network.before(server.url);
    asking = await Program.logIn(server.url, owner);
    page = await browser.page((context) => context.clock.install());
    await logIn(page, network.url, owner);
  });
  afterAll(async () => {
    await browser?.close();
    network?.stop();
    await server?.stop();
  });
  beforeEach(async () => {
    ({ id } = await asking.post('/api/customers', { name: `Clara ${++made}` }));
  });
  afterEach(async () => {
    network.release();
    network.answers = () => undefined;
    network.garbles = () => undefined;
    expect(page.complaints()).toEqual([]);
    expect(await scriptErrors(server)).toBe(0);
  });

  async function open(tab = 'comments'): Promise<void> {
    await page.goto(`${network.url}/customers/${id}?tab=${tab}`);
    await appears(page, `//h1[contains(., 'Clara')]`);
    await patiently(page, saved);
  }
  const held = (n = 1) => eventually(async () => network.held >= n, 'an answer that is held');

  async function comment(text: string): Promise<void> {
    await page.fill(field('Your comment'), text);
    await page.click(button('Comment'));
    await appears(page, words(text));
  }
  const comments = () => asking.comments(id);
  const isSaved = async (texts: string[]) => {
    // The page may say so still from before the last one.
    await eventually(async () => {
      if ((await comments()).length >= texts.length && (await has(page, saved))) return true;
      await page.own.clock.fastForward(4_000);
      return false;
    }, texts.join());
    expect(await comments()).toEqual(texts);
    const shown = (text: string) => count(page, `//li${words(text).slice('//body'.length)}`);
    for (const text of texts) await eventually(async () => (await shown(text)) === 1, `${text}, once`);
  };

  describe('that never answers', () => {
    it('a comment: not confirmed, then not answered yet; once it answers, it is there once', async () => {
      await open();
      network.holdsAnswerTo = (request) => request.startsWith('POST /api/comments');
      await comment('into the silence');
      await appears(page, words('Not confirmed yet'));
      await held();
      expect(await comments()).toEqual(['into the silence']);
      await patiently(page, indicator('No answer yet to 1'));
      await page.click(indicator('No answer yet'));
      await appears(page, inPanel('Whether what was sent is done is not known yet'));
      await appears(page, inPanel('Sent, not answered yet'));
      await picture(page, 'unanswered-comment');
      network.release();
      await page.click(button('Send now'));
      await isSaved(['into the silence']);
      await comment('and on');
      await isSaved(['into the silence', 'and on']);
    });

    it('a form: says that it is not known yet, lets go, and is there once', async () => {
      await open('tasks');
      network.holdsAnswerTo = (request) => request.startsWith('POST /api/tasks');
      await page.click(button('Add task'));
      await page.fill(inDialog(field('What is to be done')), 'Call them');
      await page.click(inDialog(button('Create')));
      await held();
      await patiently(page, words('Whether it is done is not known'));
      await picture(page, 'unanswered-form');
      await patiently(page, words('It is kept here and sent by itself until the server answers'));
      await disappears(page, inDialog(''));
      await disappears(page, words('Whether it is done is not known'));
      network.release();
      await patiently(page, saved);
      const { items } = await asking.get(`/api/tasks?subject=${id}`);
      expect(items.map(({ title }: { title: string }) => title)).toEqual(['Call them']);
      expect(await count(page, words('Call them'))).toBe(1);
    });

    it('a list: says so while it asks, then offers to try again, which works', async () => {
      network.holdsAnswerTo = (request) => request.startsWith('GET /api/customers');
      await page.goto(`${network.url}/customers`);
      await patiently(page, words('The server has not answered yet'));
      await patiently(page, words('The server did not answer in time'));
      await picture(page, 'unanswered-list');
      network.release();
      await page.click(button('Try again'));
      await appears(page, words(`Clara ${made}`));
    });

    it('a log-in: says so, and the same button works afterwards', async () => {
      const other = await browser.page((context) => context.clock.install());
      await other.goto(network.url);
      await other.fill(field('E-mail address'), owner);
      await other.fill(field('Password'), password);
      network.holdsAnswerTo = (request) => request.startsWith('POST /api/sessions');
      await other.click(button('Log in'));
      await held();
      await patiently(other, words('The server did not answer in time'));
      network.release();
      await other.click(button('Log in'));
      await appears(other, "//h1[normalize-space(.)='Customers']");
      expect(other.complaints()).toEqual([]);
      await other.close();
    });
  });

  const garbage = { garbage: 'no \u0001 JSON', 'half a message': '{"type":"change","seq":', 'no message': '[1]' };
  it.each(Object.entries(garbage))('whose feed says %s: no change is missed, none comes twice', async (name, text) => {
    await open();
    await comment('before');
    await isSaved(['before']);
    let isLost = false;
    network.garbles = (frames) => {
      if (isLost || !frames.includes(`lost to ${name}`)) return undefined;
      isLost = true;
      return text;
    };
    await asking.post('/api/comments', { subject: id, text: `lost to ${name}` });
    await patiently(page, words(`lost to ${name}`));
    expect(isLost).toBe(true);
    await asking.post('/api/comments', { subject: id, text: 'after it' });
    await appears(page, words('after it'));
    await isSaved(['before', `lost to ${name}`, 'after it']);
  });

  it('that answers ten seconds late: the action and the list are there, once, and nothing else is said', async () => {
    await open();
    network.holdsAnswerTo = (request) => /^(POST|GET) \/api\/comments/.test(request);
    await comment('late');
    await held();
    await page.own.clock.fastForward(10_000);
    expect(await has(page, words('Not confirmed yet'))).toBe(true);
    network.release();
    await isSaved(['late']);
    network.holdsAnswerTo = (request) => request.startsWith('GET /api/comments');
    await page.reload();
    await held();
    await page.own.clock.fastForward(10_000);
    network.release();
    await appears(page, words('late'));
    await isSaved(['late']);
  });

  describe.each(Object.keys(strangeAnswers) as Strange[])('that answers with something else (%s)', (kind) => {
    const answer = strangeAnswers[kind];
    const told = {
      page: 'The network answers with a page of its own',
      proxy: 'The server cannot be reached behind its proxy',
      document: 'The server failed',
      empty: 'The server failed',
    }[kind];

    it('to a list: told, and tried again', async () => {
      network.answers = (request) => (request.startsWith('GET /api/customers') ? answer : undefined);
      await page.goto(`${network.url}/customers`);
      await patiently(page, words(told));
      await picture(page, `strange-list-${kind}`);
      network.answers = () => undefined;
      await page.click(button('Try again'));
      await appears(page, words(`Clara ${made}`));
    });

    it('to an action: told, kept, and done once when the server is back', async () => {
      await open();
      network.answers = (request) => (request.startsWith('POST /api/comments') ? answer : undefined);
      await comment('strange');
      const isRefusal = kind === 'document';
      await patiently(
        page,
        isRefusal ? words('Not accepted') : indicator(kind === 'proxy' ? 'Offline, 1' : 'No proper'),
      );
      expect(await comments()).toEqual([]);
      await picture(page, `strange-action-${kind}`);
      network.answers = () => undefined;
      if (isRefusal) await page.click(button('Send again'));
      await isSaved(['strange']);
    });

    it('to a log-in, and to the question who is logged in: told, and tried again', async () => {
      const other = await browser.page((context) => context.clock.install());
      network.answers = (request) => (request.startsWith('GET /api/sessions/current') ? answer : undefined);
      await other.goto(network.url);
      await patiently(other, words(told));
      await appears(other, words('The application cannot start'));
      network.answers = (request) => (request.startsWith('POST /api/sessions') ? answer : undefined);
      await other.click(button('Try again'));
      await other.fill(field('E-mail address'), owner);
      await other.fill(field('Password'), password);
      await other.click(button('Log in'));
      await appears(other, words(told));
      network.answers = () => undefined;
      await other.click(button('Log in'));
      await appears(other, "//h1[normalize-space(.)='Customers']");
      expect(other.complaints()).toEqual([]);
      await other.close();
    });
  });
});
