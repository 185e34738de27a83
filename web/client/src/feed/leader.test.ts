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
