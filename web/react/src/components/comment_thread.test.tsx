// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import type { InterlockClient } from '@interlock/client';
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { accessible, show, until, world } from '../../test/support/page.js';
import { CommentThread, spanish } from '../index.js';

const subject = 'customer_01kdvdna02e00amycd00000001';
let made: number;

beforeEach(() => {
  made = 0;
  world.server.records.set(subject, { id: subject, version: 1 });
});

function theirs(text: string, reply_to: string | null = null): string {
  made += 1;
  const id = `comment_01kdvdna02e00amycd0000000${made}`;
  const created_at = new Date(Date.UTC(2026, 0, 5, 8) + made).toISOString().replace('Z', '000Z');
  world.server.records.set(id, { id, version: 1, created_at, created_by: 'user_b', subject, text, reply_to });
  world.server.seq += 1;
  return id;
}

/** As the feed does it, at once. */
const hear = (client: InterlockClient) =>
  act(() => client.live('comments', { subject, sort: '-created_at', limit: 50 }).refresh());

async function open(more = {}) {
  const page = show(
    <main>
      <CommentThread subject={subject} />
    </main>,
    { nameOf: (user: string) => (user === 'user_b' ? 'Ben Ortega' : undefined), ...more },
  );
  await until(() => document.querySelector('[aria-busy="true"]') === null, 'the comments');
  return page;
}

const area = () => screen.getByRole<HTMLTextAreaElement>('textbox');
const type = (text: string) => fireEvent.change(area(), { target: { value: text } });
const send = () => fireEvent.submit(area().closest('form')!);
const texts = () => [...document.querySelectorAll('.il-comment-text')].map((one) => one.textContent);
const kept = (text: string) => until(() => JSON.stringify({ ...localStorage }).includes(text), 'the draft');

test('comments with author and answer, oldest first, and a new one by the keyboard', async () => {
  const first = theirs('one');
  theirs('two', first);
  await open();
  expect(texts()).toEqual(['one', 'two']);
  expect(document.querySelector('.il-comment-quote')?.textContent).toBe('Answer to Ben Ortega: one');
  await accessible();
  type('three');
  fireEvent.keyDown(area(), { key: 'Enter', ctrlKey: true });
  await until(() => world.server.effects.length === 1 && area().value === '');
  await until(() => texts().length === 3);
  expect(texts()).toEqual(['one', 'two', 'three']);
  expect(document.activeElement).toBe(area());
});

test('races 17: a comment typed while another one is posted keeps its draft, focus and caret', async () => {
  const { client } = await open();
  type('half a sent');
  area().focus();
  area().setSelectionRange(4, 6);
  theirs('theirs');
  await hear(client);
  await until(() => texts().length === 1);
  expect(area().value).toBe('half a sent');
  expect([area().selectionStart, area().selectionEnd]).toEqual([4, 6]);
  expect(document.activeElement).toBe(area());
  expect(screen.getByText('One new comment')).toBeTruthy();
});

test('races 17: a draft is there again after a reload, with whom it answers', async () => {
  theirs('one');
  const { client, unmount } = await open();
  fireEvent.click(screen.getByText('Answer'));
  expect(document.activeElement).toBe(area());
  type('not sent');
  await kept('not sent');
  unmount();
  client.close();
  await open();
  await until(() => area().value === 'not sent');
  expect(screen.getByText('Your draft is still here')).toBeTruthy();
  send();
  await until(() => world.server.effects.length === 1);
  expect(world.server.effects[0]?.request).toMatchObject({
    text: 'not sent',
    reply_to: expect.stringContaining('comment_'),
  });
  await until(() => !JSON.stringify({ ...localStorage }).includes('not sent'), 'no draft');
});

test('sending twice at once is one comment', async () => {
  await open();
  type('once');
  for (let i = 0; i < 10; i++) send();
  await until(() => world.server.effects.length > 0 && area().value === '');
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
  expect(world.server.effects).toHaveLength(1);
});

test('without a network it shows as not sent yet, and more can be written', async () => {
  const { client } = await open();
  world.server.down = true;
  for (const text of ['a', 'b']) {
    type(text);
    send();
    await until(() => area().value === '');
  }
  await until(() => texts().length === 2);
  expect(screen.getAllByText('Not confirmed yet')).toHaveLength(2);
  await accessible();
  world.server.down = false;
  await act(() => client.syncOfflineQueue());
  await until(() => screen.queryAllByText('Not confirmed yet').length === 0);
  expect(texts()).toEqual(['a', 'b']);
});

test('one that is not accepted keeps its text, and comes back into the form beside what is typed', async () => {
  await open();
  type('bad words');
  send();
  await until(() => screen.queryByText('Not accepted'));
  expect(screen.getByText(/This value is taken/)).toBeTruthy();
  await accessible();
  type('the next one');
  await act(async () => void fireEvent.click(screen.getByText('Change')));
  await until(() => !screen.queryByText('Not accepted'));
  expect(area().value).toBe('bad words\n\nthe next one');
});

test('the list cannot be loaded: a message and a way on; what is typed stays', async () => {
  theirs('one');
  world.failing = (path) => path === '/api/comments';
  world.hurries = true;
  await open();
  type('mine');
  await until(() => screen.queryByText('No connection'));
  await accessible();
  world.failing = () => false;
  fireEvent.click(screen.getByText('Try again'));
  await until(() => texts().length === 1);
  expect(area().value).toBe('mine');
});

test('nobody is there yet, in Spanish', async () => {
  await open({ texts: spanish, locale: 'es-ES' });
  expect(screen.getByText('Aún no hay comentarios')).toBeTruthy();
  await accessible();
});
