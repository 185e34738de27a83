// SPDX-License-Identifier: Apache-2.0
// A tab that is not the leading one: what it takes and what it asks for, message by message.
import { beforeEach, expect, test } from 'vitest';
import { TestBrowser } from '../../test/support/surroundings.js';
import { Bus } from '../tabs/bus.js';
import type { FeedChange, TabMessage } from './messages.js';
import { FeedPort } from './port.js';

let browser: TestBrowser;
let port: FeedPort;
let leader: Bus<TabMessage>;
let asked: TabMessage[];
let taken: number[];
let resets: (number | undefined)[];

const follower = {
  onChange: (change: FeedChange) => taken.push(change.seq),
  onReset: (seq: number | undefined) => resets.push(seq),
};

const change = (seq: number): FeedChange => ({ type: 'gone', seq, op_seq: seq, collection: 'customers', id: 'c' });
const turns = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

async function say(...messages: TabMessage[]): Promise<void> {
  for (const message of messages) leader.post(message);
  await turns();
}

/** The last sequence that the tab asked to join from. */
function lastAsked(): number | undefined {
  const last = asked.at(-1);
  return last?.kind === 'want' ? last.want.collections.customers?.since : undefined;
}

beforeEach(() => {
  browser = new TestBrowser();
  asked = [];
  taken = [];
  resets = [];
  // Nobody is elected: the test itself leads.
  const locks = { request: () => new Promise<void>(() => {}) };
  const never = async () => new Response();
  const openSocket = () => {
    throw new Error('only the leader has a socket');
  };
  const platform = browser.tab().platform(never, { locks, openSocket });
  port = new FeedPort({ platform, owner: 'o', url: '', checkSession: async () => 'same', onSeq: () => {} });
  leader = new Bus<TabMessage>(browser.tab().platform(never), 'interlock-feed:o');
  leader.listen((message) => {
    if (message.kind === 'want') asked.push(message);
  });
});

const joined = (since: number, ...seqs: number[]): TabMessage => {
  const changes = seqs.map(change);
  return { kind: 'joined', tab: port.tab, collection: 'customers', since, changes };
};

test('nothing is taken before the tab has joined, so that nothing is passed over', async () => {
  port.follow('customers', follower).cover(100);
  await turns();
  expect(lastAsked()).toBe(100);
  await say({ kind: 'change', change: change(102) });
  expect(taken).toEqual([]);
  await say(joined(100, 101, 102), { kind: 'change', change: change(103) });
  expect(taken).toEqual([101, 102, 103]);
});

test('what comes twice is taken once', async () => {
  port.follow('customers', follower).cover(100);
  await turns();
  await say(joined(100, 101), ...[101, 102, 102].map((seq): TabMessage => ({ kind: 'change', change: change(seq) })));
  expect(taken).toEqual([101, 102]);
});

test('the answer to an earlier question is not taken for that to a later one', async () => {
  const following = port.follow('customers', follower);
  following.cover(100);
  await turns();
  following.cover(90);
  await turns();
  expect(lastAsked()).toBe(90);
  await say(joined(100), { kind: 'change', change: change(101) });
  expect(taken).toEqual([]);
  await say(joined(90, 91, 101));
  expect(taken).toEqual([91, 101]);
});

test('a new leader is asked to go on from where this tab is', async () => {
  port.follow('customers', follower).cover(100);
  await turns();
  await say(joined(100, 105), { kind: 'lead' });
  expect(lastAsked()).toBe(105);
  await say({ kind: 'change', change: change(107) }, joined(105, 106, 107));
  expect(taken).toEqual([105, 106, 107]);
});

test('how far the feed has come is where a later tab begins, and where a new leader goes on', async () => {
  port.follow('customers', follower).cover(100);
  await turns();
  await say(joined(100), { kind: 'reached', collections: ['customers'], seq: 500 });
  expect(port.follow('customers', follower).from).toBe(500);
  await say({ kind: 'lead' });
  expect(lastAsked()).toBe(500);
});

test('a reset is told, with where it goes on', async () => {
  port.follow('customers', follower).cover(100);
  await turns();
  await say(
    joined(100),
    { kind: 'reset', collections: ['customers'], seq: 40 },
    { kind: 'change', change: change(41) },
  );
  expect(resets).toEqual([40]);
  expect(taken).toEqual([41]);
});

test('after a refused subscription a tab asks anew once it has listed', async () => {
  const following = port.follow('customers', follower);
  following.cover(100);
  await turns();
  await say(joined(100), { kind: 'reset', collections: ['customers'], seq: undefined });
  expect(resets).toEqual([undefined]);
  const before = asked.length;
  following.cover(100);
  await turns();
  expect(asked.length).toBe(before + 1);
  await say(joined(100, 101));
  expect(taken).toEqual([101]);
});
