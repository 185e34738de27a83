// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Fault } from '../../../client/test/support/model_server.js';
import { accessible, show, until, world } from '../../test/support/page.js';
import {
  type InterlockProviderProps,
  SyncButton,
  type SyncMutationOptions,
  spanish,
  useSyncMutation,
} from '../index.js';

const id = 'customer_01kdvdna02e00amycd00000001';

type Options = SyncMutationOptions<{ id: string; status: string }, unknown>;

function Page({ id: which = id, ...options }: Options & { id?: string }) {
  const action = useSyncMutation('customers/set-status', options as object);
  return (
    <main>
      <SyncButton action={action} request={{ id: which, status: 'won' }} pendingLabel="Marking…" doneLabel="Marked">
        Mark as won
      </SyncButton>
    </main>
  );
}

function open(options: Options & { id?: string } = {}, more: Partial<InterlockProviderProps> = {}) {
  world.server.records.set(id, { id, version: 1, status: 'new' });
  return show(<Page {...options} />, more);
}

const button = () => screen.getAllByRole('button')[0]!;
const state = () => button().dataset.state;
const click = (detail = 1) => fireEvent.click(button(), { detail });

test.each([
  ['a double click', [1, 2]],
  ['ten rapid clicks', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ['ten keystrokes', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
])('%s: one action, though the answer comes in between', async (_, details) => {
  open();
  for (const detail of details) {
    click(detail);
    await act(() => new Promise((resolve) => setTimeout(resolve, 10)));
  }
  await until(() => state() === 'done');
  expect(world.server.effects).toHaveLength(1);
});

test('two slow clicks are two actions', async () => {
  open();
  click();
  await until(() => state() === 'done');
  await act(() => new Promise((resolve) => setTimeout(resolve, 510)));
  click();
  await until(() => world.server.effects.length === 2);
});

test('its way is shown and told; the focus stays; afterwards it is as before', async () => {
  open();
  vi.useFakeTimers({ toFake: ['setTimeout'], shouldAdvanceTime: true });
  button().focus();
  expect(button()).toHaveProperty('textContent', expect.stringContaining('Mark as won'));
  click();
  expect(button().getAttribute('aria-busy')).toBe('true');
  expect(button().getAttribute('aria-disabled')).toBe('true');
  await until(() => state() === 'done');
  expect(screen.getByRole('status').textContent).toBe('Marked');
  expect(document.activeElement).toBe(button());
  act(() => void vi.advanceTimersByTime(3_000));
  expect(state()).toBe('idle');
  expect(button().getAttribute('aria-disabled')).toBe('false');
  vi.useRealTimers();
});

test('without a network it says that it is kept, and no second click does anything', async () => {
  const { client } = open();
  await client.sessions.current();
  world.server.down = true;
  click();
  await until(() => state() === 'queued');
  expect(screen.getByText(/sent by itself once the connection is back/)).toBeTruthy();
  await accessible();
  await act(() => new Promise((resolve) => setTimeout(resolve, 510)));
  click();
  world.server.down = false;
  await act(() => client.syncOfflineQueue());
  await until(() => state() === 'done');
  expect(world.server.effects).toHaveLength(1);
});

test('done, and only the page could not be brought up to date: it says so and invites no second click', async () => {
  let fails = true;
  const refresh = async () => {
    if (fails) throw new TypeError('fetch failed');
  };
  open({ refresh });
  click();
  await until(() => screen.queryByText('Done, but this page could not be updated'));
  expect(button().getAttribute('aria-disabled')).toBe('true');
  expect(screen.queryByText('Try again')).toBeNull();
  await accessible();
  await act(() => new Promise((resolve) => setTimeout(resolve, 510)));
  click();
  expect(world.server.effects).toHaveLength(1);
  fails = false;
  fireEvent.click(screen.getByText('Update the page'));
  await until(() => button().getAttribute('aria-disabled') === 'false');
  expect(screen.queryByText('Done, but this page could not be updated')).toBeNull();
});

test.each<[Fault, string]>([
  ['html', 'The network answers with a page of its own'],
  ['failed', 'The server failed'],
  ['broken', 'The answer of the server is damaged'],
  ['empty', 'The answer of the server is damaged'],
])('an answer that is none (%s): a clear message, and the same action once more', async (fault, title) => {
  open({ via: 'direct' });
  world.server.faults = [fault];
  click();
  await until(() => state() === 'failed');
  expect(screen.getByRole('alert').textContent).toContain(title);
  expect(button().getAttribute('aria-disabled')).toBe('false');
  await accessible();
  fireEvent.click(screen.getByText('Try again'));
  await until(() => state() === 'done');
  expect(world.server.effects).toHaveLength(1);
});

test('a refusal is told with its way on, in the language of the page', async () => {
  const onReload = vi.fn();
  function Reloading() {
    const action = useSyncMutation('customers/set-status');
    const request = { id: 'customer_01kdvdna02e00amycd00000002', status: 'won' };
    return (
      <SyncButton action={action} request={request} onReload={onReload}>
        Ganado
      </SyncButton>
    );
  }
  show(<Reloading />, { texts: spanish, locale: 'es-ES' });
  click();
  await until(() => state() === 'failed');
  expect(screen.getByRole('alert').textContent).toContain('No se encuentra');
  fireEvent.click(screen.getByText('Ver el estado actual'));
  expect(onReload).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByText('Cerrar aviso'));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('logged out: the way on is to log in', async () => {
  const onLogIn = vi.fn();
  open({ via: 'direct' }, { onLogIn });
  world.server.loggedIn = false;
  click();
  await until(() => state() === 'failed');
  expect(screen.getByRole('alert').textContent).toContain('You are logged out');
  fireEvent.click(screen.getByText('Log in'));
  expect(onLogIn).toHaveBeenCalledOnce();
});
