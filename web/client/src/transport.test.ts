// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { type Fault, ModelServer } from '../test/support/model_server.js';
import { TestBrowser } from '../test/support/surroundings.js';
import { CoreClient } from './client.js';
import type { InterlockError, Refusal } from './errors.js';

function setUp() {
  const server = new ModelServer();
  const browser = new TestBrowser();
  const tab = browser.tab();
  const client = new CoreClient({ baseUrl: 'http://server.test', platform: tab.platform(server.fetch) });
  const create = (name = 'Ana') =>
    client.write<{ id: string }>('customers/create', { id: client.newId('customers'), name });
  const failure = (promise: Promise<unknown>) =>
    browser.clock.settle(
      promise.then(
        () => undefined,
        (error: InterlockError) => error,
      ),
    );
  return { server, browser, tab, client, create, failure };
}

const repeat = (fault: Fault, times: number) => Array<Fault>(times).fill(fault);

test.each<[Fault]>([['lost_before'], ['lost_after'], ['busy'], ['unknown'], ['gateway']])(
  'after %s the same key is sent again, and has one effect',
  async (fault) => {
    const { server, browser, create } = setUp();
    server.faults = repeat(fault, 4);
    await browser.clock.settle(create());
    expect(server.effects).toHaveLength(1);
    expect(server.calls).toHaveLength(5);
    expect(new Set(server.calls.map((call) => call.key)).size).toBe(1);
  },
);

test('it is tried five times, after 1, 2, 4 and 4 s with jitter, and then told', async () => {
  const { server, browser, create, failure } = setUp();
  server.down = true;
  const began = browser.clock.now;
  const error = await failure(create());
  expect(error).toMatchObject({ kind: 'connection_lost', retryable: true });
  const ms = browser.clock.now - began;
  expect(ms).toBeGreaterThanOrEqual(5_500);
  expect(ms).toBeLessThanOrEqual(11_000);
});

test('a network that is back ends the wait at once; a server that asked for patience gets it', async () => {
  const { server, browser, tab, create } = setUp();
  // What the model answered has reached the caller.
  const failed = () => new Promise((resolve) => setImmediate(resolve));
  server.faults = ['lost_before'];
  let began = browser.clock.now;
  const lost = create();
  await browser.clock.until(() => server.calls.length === 1);
  await failed();
  tab.comeOnline();
  await browser.clock.settle(lost);
  expect(browser.clock.now).toBe(began);
  server.faults = ['busy'];
  began = browser.clock.now;
  const busy = create();
  await browser.clock.until(() => server.calls.length === 3);
  await failed();
  tab.comeOnline();
  await browser.clock.settle(busy);
  expect(browser.clock.now - began).toBeGreaterThanOrEqual(3_000);
});

test('Retry-After is honoured', async () => {
  const { server, browser, create } = setUp();
  server.faults = ['busy'];
  const began = browser.clock.now;
  await browser.clock.settle(create());
  expect(browser.clock.now - began).toBeGreaterThanOrEqual(3_000);
});

test.each<[Fault, string, number]>([
  ['html', 'html', 200],
  ['broken', 'broken_json', 200],
  ['empty', 'empty', 200],
  ['failed', 'server_error', 500],
])('an answer of %s is told as %s, once', async (fault, reason, status) => {
  const { server, create, failure } = setUp();
  server.faults = [fault];
  expect(await failure(create())).toMatchObject({ kind: 'unexpected_answer', reason, status, retryable: false });
  expect(server.calls).toHaveLength(1);
});

test('a refusal is told with its code and never sent again', async () => {
  const { server, create, failure } = setUp();
  const error = (await failure(create(''))) as Refusal;
  expect(error).toMatchObject({ kind: 'refusal', status: 422, code: 'required', field: 'name' });
  expect(server.calls).toHaveLength(1);
});

test('a server that never answers is left after the time-out, with the same key each time', async () => {
  const { server, browser, create } = setUp();
  server.faults = ['never'];
  const began = browser.clock.now;
  await browser.clock.settle(create());
  expect(browser.clock.now - began).toBeGreaterThanOrEqual(20_000);
  expect(server.effects).toHaveLength(1);
});

test('a call can be taken back, in the middle of a try and between two', async () => {
  for (const fault of ['never', 'lost_before'] as const) {
    const { server, browser, client } = setUp();
    server.faults = repeat(fault, 5);
    const stop = new AbortController();
    const call = client.write('customers/create', { name: 'Ana' }, { signal: stop.signal }).catch((error) => error);
    await browser.clock.until(() => server.calls.length === 1);
    stop.abort(new Error('enough'));
    expect(await browser.clock.settle(call)).toMatchObject({ message: 'enough' });
  }
});

test('reads ask for at least what this client has seen', async () => {
  const { server, browser, client, create } = setUp();
  const { id } = await browser.clock.settle(create());
  await browser.clock.settle(client.read({ method: 'GET', path: `/api/customers/${id}` }));
  expect(server.calls.at(-1)?.headers.get('Interlock-Min-Seq')).toBe('1');
});

test('what share of a file has been sent is told anew with every try, all of which carry one key', async () => {
  const { browser } = setUp();
  const keys: (string | null)[] = [];
  const fetchWithProgress = async (_url: string, init: RequestInit, onProgress: (share: number) => void) => {
    keys.push(new Headers(init.headers).get('Idempotency-Key'));
    onProgress(0.5);
    if (keys.length === 1) throw new TypeError('the connection broke off');
    onProgress(1);
    return new Response('{"id":"file_1"}', { status: 201 });
  };
  const never = async () => {
    throw new Error('fetch tells no progress');
  };
  const platform = browser.tab().platform(never, { fetchWithProgress });
  const client = new CoreClient({ baseUrl: 'http://server.test', platform });
  const shares: number[] = [];
  const call = { method: 'POST', path: '/api/files', content: new Blob(['bytes']) } as const;
  await browser.clock.settle(client.call(call, { onProgress: (share) => shares.push(share) }));
  expect(shares).toEqual([0.5, 0.5, 1]);
  expect(new Set(keys).size).toBe(1);
  expect(keys).toHaveLength(2);
});
