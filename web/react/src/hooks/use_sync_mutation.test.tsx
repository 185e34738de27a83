// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import type { Customer } from '@interlock/client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show, until, world } from '../../test/support/page.js';
import { type Mutation, type SyncMutationOptions, useSyncMutation } from '../index.js';

type Request = { id: string; status: string };
type Answer = Customer;
let action: Mutation<Request, Answer>;
const states: string[] = [];

function Probe(options: SyncMutationOptions<Request, Answer>) {
  action = useSyncMutation('customers/set-status', options);
  if (states.at(-1) !== action.state) states.push(action.state);
  return <output>{action.state}</output>;
}

const id = 'customer_01kdvdna02e00amycd00000001';
const request = { id, status: 'won' };

function open(options: SyncMutationOptions<Request, Answer> = {}) {
  states.length = 0;
  world.server.records.set(id, { id, version: 1, status: 'new' });
  return show(<Probe {...options} />);
}

/** As a click does: what it changes is drawn before it is over. */
async function run(wanted = request) {
  const result = await action.run(wanted);
  await until(() => !action.busy, 'the end');
  return result;
}

test('it goes from the click to the answer, and back to the beginning', async () => {
  open();
  const result = await run();
  expect(result).toMatchObject({ ok: true, answer: { status: 'won', version: 2 } });
  expect(states).toEqual(['idle', 'pending', 'done']);
  expect(action.answer?.status).toBe('won');
  act(() => action.reset());
  expect(action).toMatchObject({ state: 'idle', busy: false, answer: undefined });
});

test.each(['queue', 'direct'] as const)('ten runs at once are one action, %s', async (via) => {
  open({ via });
  const results = await act(() => Promise.all(Array.from({ length: 10 }, () => action.run(request))));
  expect(new Set(results).size).toBe(1);
  expect(world.server.effects).toHaveLength(1);
});

test('without a network it is queued, is no second action after a reload, and is done when the network is back', async () => {
  const { client, unmount } = open();
  await client.sessions.current();
  world.server.down = true;
  act(() => void action.run(request));
  await until(() => action.state === 'queued', 'queued');
  expect(action.busy).toBe(true);
  unmount();
  client.close();
  world.server.down = false;
  world.server.faults = (path) => (path.includes('set-status') ? 'gateway' : undefined);
  show(<Probe request={request} />);
  await until(() => action.state === 'queued', 'queued after the reload');
  act(() => void action.run(request));
  await until(() => world.server.calls.some((call) => call.path.includes('set-status')));
  world.server.faults = [];
  await until(() => action.state === 'done', 'done', 20_000);
  expect(world.server.effects).toHaveLength(1);
});

test('the action went through and only the page could not be brought up to date', async () => {
  let reads = 0;
  const refresh = async () => {
    reads += 1;
    if (reads === 1) throw new Error('no list');
  };
  const failed: unknown[] = [];
  open({ refresh, onFailed: (error) => failed.push(error) });
  expect(await run()).toMatchObject({ ok: true });
  expect(states).toEqual(['idle', 'pending', 'refreshing', 'done_not_refreshed']);
  expect(failed).toEqual([]);
  await act(() => action.refreshAgain());
  expect(action.state).toBe('done');
  expect(world.server.effects).toHaveLength(1);
});

test('a refusal is told, and the same button mends what was set aside instead of doubling it', async () => {
  const { client } = open();
  const result = await run({ id: 'customer_01kdvdna02e00amycd00000002', status: 'won' });
  expect(result).toMatchObject({ ok: false, error: { status: 404 } });
  expect(action.state).toBe('failed');
  expect(await client.getOfflineQueue()).toHaveLength(1);
  await run();
  expect(action.state).toBe('done');
  expect(await client.getOfflineQueue()).toEqual([]);
});

test('what was set aside is dropped with its message', async () => {
  const { client } = open();
  await run({ id: 'customer_01kdvdna02e00amycd00000002', status: 'won' });
  await act(() => action.discard());
  expect(action.state).toBe('idle');
  expect(await client.getOfflineQueue()).toEqual([]);
});

test('a direct action whose answer was lost is asked for again under its key', async () => {
  open({ via: 'direct' });
  world.server.faults = ['broken'];
  expect(await run()).toMatchObject({ ok: false, error: { kind: 'unexpected_answer' } });
  await act(() => action.retry());
  expect(action.state).toBe('done');
  const keys = world.server.calls.filter((call) => call.path.includes('set-status')).map((call) => call.key);
  expect(new Set(keys).size).toBe(1);
  await run({ ...request, status: 'lost' });
  expect(world.server.calls.at(-1)?.key).not.toBe(keys[0]);
});

test('a direct action that was refused is a new one when it is sent again', async () => {
  open({ via: 'direct' });
  const nobody = { ...request, id: 'customer_nobody' };
  expect(await run(nobody)).toMatchObject({ ok: false, error: { kind: 'refusal', status: 404 } });
  expect(await run(nobody)).toMatchObject({ ok: false, error: { kind: 'refusal', status: 404 } });
  const keys = world.server.calls.filter((call) => call.path.includes('set-status')).map((call) => call.key);
  expect(new Set(keys).size).toBe(2);
});

test('nobody is logged in: told as such, nothing is kept for nobody', async () => {
  world.server.loggedIn = false;
  open();
  expect(await run()).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
});

test('callbacks that throw change nothing about the action', async () => {
  const thrown: unknown[] = [];
  const onError = (event: ErrorEvent) => {
    thrown.push(event.error);
    event.preventDefault();
  };
  const uncaught = (error: unknown) => thrown.push(error);
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', uncaught);
  window.addEventListener('error', onError);
  open({
    onDone: () => {
      throw new Error('of the page');
    },
  });
  expect(await run()).toMatchObject({ ok: true });
  expect(action.state).toBe('done');
  await until(() => thrown.length > 0, 'the error is reported');
  window.removeEventListener('error', onError);
  process.removeAllListeners('uncaughtException');
  for (const listener of before) process.on('uncaughtException', listener);
});

test('a server that knows keys and nothing else of ours', async () => {
  let order: Mutation<{ item: string }, unknown>;
  function Order() {
    order = useSyncMutation((request: { item: string }) => ({
      method: 'POST' as const,
      path: '/api/customers',
      body: { id: 'customer_01kdvdna02e00amycd00000009', name: request.item },
    }));
    return null;
  }
  show(<Order />);
  await act(async () => void (await order.run({ item: 'tea' })));
  expect(world.server.effects).toHaveLength(1);
  expect(order!.state).toBe('done');
});
