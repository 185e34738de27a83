// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { type InterlockClient, ownerOf } from '@interlock/client';
import { act, fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { accessible, show, until, world } from '../../test/support/page.js';
import { OfflineIndicator } from '../index.js';
import { nameOfAddition, nameOfEdit, writeDraft } from '../stores/draft_storage.js';

const button = () => screen.getAllByRole('button')[0]!;
const says = (text: string | RegExp) => until(() => button().textContent?.match(text), String(text));
const click = (text: string) => act(async () => void fireEvent.click(screen.getByText(text)));
const create = (client: InterlockClient, name: string) => act(() => client.perform('customers/create', { name }));

async function open(onOpenRecord?: (id: string) => void) {
  const { client } = show(
    <main>
      <OfflineIndicator {...(onOpenRecord && { onOpenRecord })} />
    </main>,
  );
  await says('Everything is saved');
  return client;
}

test('the state of connection and queue, from saved over offline to saved', async () => {
  const client = await open();
  await accessible();
  world.server.down = true;
  await create(client, 'Ana');
  await says('Offline, 1 waiting');
  fireEvent.click(button());
  expect(screen.getByText('Ana').closest('li')?.textContent).toContain('Create customer');
  expect(screen.getByText(/everything is kept in this browser/)).toBeTruthy();
  await accessible();
  world.server.down = false;
  await click('Send now');
  await says('Everything is saved');
  expect(screen.getByText('Nothing waits')).toBeTruthy();
  await accessible();
});

test('what was set aside is told with its reason, and what it holds; discarding asks first', async () => {
  const client = await open();
  const made = await create(client, 'bad');
  await act(() => made.settled.catch(() => {}));
  await act(() => client.perform('comments/create', { subject: made.id!, text: 'about it' }));
  await says('2 need you');
  fireEvent.click(button());
  expect(screen.getByText('This value is taken.')).toBeTruthy();
  expect(screen.getByText(/Waits for one that was set aside/)).toBeTruthy();
  await accessible();
  await act(async () => void fireEvent.click(screen.getAllByText('Discard')[0]!));
  expect(await client.getOfflineQueue()).toHaveLength(2);
  await click('Keep');
  await act(async () => void fireEvent.click(screen.getAllByText('Discard')[0]!));
  await accessible();
  await click('Yes, discard');
  await says('Everything is saved');
  expect(await client.getOfflineQueue()).toEqual([]);
});

test('a refused action is sent again, and its record is opened', async () => {
  const opened: string[] = [];
  const client = await open((id) => opened.push(id));
  const id = 'customer_01kdvdna02e00amycd00000001';
  await act(() => client.perform('customers/set-status', { id, status: 'won' }));
  await says('1 need you');
  world.server.records.set(id, { id, version: 1 });
  fireEvent.click(button());
  await click('Open the record');
  expect(opened).toEqual([id]);
  await click('Send again');
  await says('Everything is saved');
  expect(world.server.effects).toHaveLength(1);
});

test('a change that became stale while it waited is compared here, and the decision goes out in its place', async () => {
  const client = await open();
  const id = 'customer_01kdvdna02e00amycd00000001';
  world.server.records.set(id, { id, version: 2, phone: '9', address: 'Here' });
  await act(() => client.perform('customers/update', { id, version: 1, phone: '2' }));
  await says('1 need you');
  fireEvent.click(button());
  expect(screen.queryByText('Send again')).toBeNull();
  await click('Compare changes');
  await accessible();
  await act(async () => void fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  await click('Compare changes');
  await click('Keep all of mine');
  await click('Save');
  await says('Everything is saved');
  expect(world.server.records.get(id)).toMatchObject({ version: 3, phone: '2' });
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('Escape closes the list and gives the focus back; a click elsewhere closes it too', async () => {
  await open();
  fireEvent.click(button());
  expect(button().getAttribute('aria-expanded')).toBe('true');
  screen.getByLabelText('Close').focus();
  fireEvent.keyDown(screen.getByLabelText('Close'), { key: 'Escape' });
  expect(button().getAttribute('aria-expanded')).toBe('false');
  expect(document.activeElement).toBe(button());
  fireEvent.click(button());
  fireEvent.pointerDown(document.body);
  expect(button().getAttribute('aria-expanded')).toBe('false');
});

test('a thousand actions are one number and a list of bounded length', async () => {
  const client = await open();
  world.server.down = true;
  const names = Array.from({ length: 1_000 }, (_, i) => `n${i}`);
  await act(() => Promise.all(names.map((name) => client.perform('customers/create', { name }))));
  await says('Offline, 1,000 waiting');
  fireEvent.click(button());
  expect(screen.getAllByRole('listitem')).toHaveLength(51);
  expect(screen.getByText('and 950 more')).toBeTruthy();
});

test('nobody is logged in', async () => {
  world.server.loggedIn = false;
  show(<OfflineIndicator />);
  await says('Logged out');
});

test('what was typed and not saved is told, offered again, and dropped; a network that is away is told at once', async () => {
  const opened: string[] = [];
  const client = await open((id) => opened.push(id));
  const { tenant, user } = await client.sessions.current();
  const id = 'customer_01kdvdna02e00amycd00000001';
  act(() => void writeDraft(ownerOf(client.baseUrl, { tenant, user }), nameOfEdit('form', id), { phone: '2' }));
  await says('Not saved yet');
  fireEvent.click(button());
  expect(screen.getByText('Change customer')).toBeTruthy();
  await accessible();
  await click('Open the record');
  expect(opened).toEqual([id]);
  await click('Discard');
  await click('Yes, discard');
  await says('Everything is saved');
  act(
    () => void writeDraft(`${client.baseUrl}|${tenant.id}|${user.id}`, nameOfAddition('comments', id), { text: 'h' }),
  );
  await says('Not saved yet');
  expect(screen.getByText('Comment')).toBeTruthy();
  await click('Discard');
  await click('Yes, discard');
  await says('Everything is saved');
  const isOnLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  act(() => void window.dispatchEvent(new Event('offline')));
  await says('Offline');
  isOnLine.mockRestore();
  act(() => void window.dispatchEvent(new Event('online')));
  await says('Everything is saved');
});
