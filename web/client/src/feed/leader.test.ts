// SPDX-License-Identifier: Apache-2.0
// The tab that holds the socket, against a server that refuses what it asks for.
import { expect, test } from 'vitest';
import { TestBrowser } from '../../test/support/surroundings.js';
import type { SocketLike } from '../platform.js';
import { feedLimits } from './link.js';
import { FeedPort } from './port.js';

/** A socket that opens, and answers every subscription with an error. */
class RefusingSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;

  constructor() {
    setImmediate(() => this.onopen?.(undefined as never));
  }

  send(): void {
    const data = JSON.stringify({ type: 'error', code: 'not_found', field: 'collections' });
    setImmediate(() => this.onmessage?.({ data }));
  }

  close(): void {}
}

test('a collection that lists and is refused by the feed is tried again ever more rarely, and without end', async () => {
  const browser = new TestBrowser();
  const opened: number[] = [];
  const openSocket = () => {
    opened.push(browser.clock.now);
    return new RefusingSocket();
  };
  const platform = browser.tab().platform(async () => new Response(), { openSocket });
  const port = new FeedPort({ platform, owner: 'o', url: '', checkSession: async () => 'same', onSeq: () => {} });
  // As a live query does: whenever it is told to begin anew, it lists at once, and goes on from there.
  const following = port.follow('customers', { onChange: () => {}, onReset: () => following.cover(1) });
  following.cover(1);

  await browser.clock.pass(600_000);
  const gaps = opened.slice(1).map((at, i) => at - opened[i]!);
  feedLimits.reconnectMs.forEach((usual, i) => {
    expect(gaps[i]).toBeGreaterThanOrEqual(usual / 2);
  });
  const longest = feedLimits.reconnectMs.at(-1)!;
  expect(Math.min(...gaps.slice(feedLimits.reconnectMs.length))).toBeGreaterThanOrEqual(longest / 2);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(longest + feedLimits.gatherMs);
  expect(port.state).not.toBe('open');
  port.close();
});

test('whoever knows that it may go well now need not wait', async () => {
  const browser = new TestBrowser();
  let opened = 0;
  const openSocket = () => {
    opened += 1;
    return new RefusingSocket();
  };
  const platform = browser.tab().platform(async () => new Response(), { openSocket });
  const port = new FeedPort({ platform, owner: 'o', url: '', checkSession: async () => 'same', onSeq: () => {} });
  const following = port.follow('customers', { onChange: () => {}, onReset: () => following.cover(1) });
  following.cover(1);
  await browser.clock.pass(60_000);
  const before = opened;
  port.wake();
  await browser.clock.pass(1);
  expect(opened).toBe(before + 1);
  port.close();
});

/** A socket that opens and keeps what is sent; the test answers. */
class WritingSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly sent: { type: string; name?: string; collections?: string[]; presence?: string[]; since?: number }[] = [];

  constructor() {
    setImmediate(() => this.onopen?.(undefined as never));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(): void {}
}

test('who is at which record is asked for on the same socket, and says nothing about changes', async () => {
  const browser = new TestBrowser();
  const sockets: WritingSocket[] = [];
  const openSocket = () => {
    sockets.push(new WritingSocket());
    return sockets.at(-1)!;
  };
  const platform = browser.tab().platform(async () => new Response(), { openSocket });
  const port = new FeedPort({ platform, owner: 'o', url: '', checkSession: async () => 'same', onSeq: () => {} });
  const taken: number[] = [];
  const following = port.follow('customers', { onChange: ({ seq }) => void taken.push(seq), onReset: () => {} });
  following.cover(10);
  await browser.clock.pass(100);
  const seen: string[] = [];
  const leave = port.watchPresence('customer_a', ({ subject, users }) => void seen.push(`${subject} ${users.length}`));
  await browser.clock.pass(100);
  const leaveOther = port.watchPresence('customer_b', () => {});
  await browser.clock.pass(100);
  leave();
  await browser.clock.pass(100);
  leaveOther();
  await browser.clock.pass(100);
  expect(sockets).toHaveLength(1);
  const [socket] = sockets;
  expect(socket!.sent).toEqual([
    { type: 'subscribe', collections: ['customers'], since: 10 },
    { type: 'subscribe', name: 'presence-1', collections: [], presence: ['customer_a'] },
    { type: 'subscribe', name: 'presence-2', collections: [], presence: ['customer_a', 'customer_b'] },
    { type: 'unsubscribe', name: 'presence-1' },
    { type: 'subscribe', name: 'presence-3', collections: [], presence: ['customer_b'] },
    { type: 'unsubscribe', name: 'presence-2' },
    { type: 'unsubscribe', name: 'presence-3' },
  ]);
  socket!.say({ subscription: 'presence-3', type: 'heartbeat', seq: 50 });
  socket!.say({ subscription: 'presence-3', type: 'reset', seq: 60 });
  const change = { type: 'gone', seq: 11, op_seq: 11, collection: 'customers', id: 'customer_a' };
  socket!.say(change);
  await browser.clock.pass(100);
  expect(taken).toEqual([11]);

  // A socket that comes in its place begins with what is watched then.
  const again = port.watchPresence('customer_c', ({ subject, users }) => void seen.push(`${subject} ${users.length}`));
  await browser.clock.pass(100);
  socket!.say({ subscription: 'presence-4', type: 'presence', subject: 'customer_c', users: [{}], lease: null });
  await browser.clock.pass(100);
  expect(seen).toEqual(['customer_a 0', 'customer_c 0', 'customer_c 1']);
  socket!.onclose?.({ code: 1006 } as never);
  await browser.clock.until(() => sockets.length === 2);
  await browser.clock.pass(100);
  expect(sockets[1]!.sent).toEqual([
    { type: 'subscribe', collections: ['customers'], since: 11 },
    { type: 'subscribe', name: 'presence-1', collections: [], presence: ['customer_c'] },
  ]);
  again();
  port.close();
});
