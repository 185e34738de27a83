// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { accessible, show, until, world } from '../../test/support/page.js';
import { HistoryPanel } from '../index.js';

const id = 'customer_01kdvdna02e00amycd00000001';
const ben = 'user_01kdvdna02e00amycd00000002';

const entry = (version: number, changes: object, operation = 'customers/update') => ({
  seq: version * 10,
  version,
  at: new Date(Date.now() - 120_000).toISOString(),
  actor: { id: ben, name: 'Ben Ortega' },
  operation,
  changes,
});

beforeEach(() => {
  world.server.records.set(id, { id, version: 2, created_at: '2026-01-01T00:00:00Z' });
  world.histories.set(id, [
    entry(2, { phone: { from: '', to: '1' }, assigned_to: { from: null, to: ben }, secret: { from: 'a', to: 'b' } }),
    entry(1, { name: { from: null, to: 'Marina' } }, 'customers/create'),
  ]);
});

function open() {
  return show(
    <main>
      <HistoryPanel collection="customers" id={id} fields={{ phone: { label: 'Phone' } }} hidden={['secret']} />
    </main>,
    { nameOf: () => 'Ben' },
  );
}

const entries = () => [...document.querySelectorAll('.il-history-entry')].map((one) => one.textContent);

test('who, when, from and to for each field; users by their names', async () => {
  open();
  await until(() => entries().length === 2, 'the history');
  expect(entries()).toEqual([
    'Ben Ortega changed it 2 minutes agoVersion 2Phonefrom empty to 1assigned tofrom empty to Ben',
    'Ben Ortega created it 2 minutes agoVersion 1nameMarina',
  ]);
  await accessible();
});

test('a change by anybody shows by itself', async () => {
  const { client } = open();
  await until(() => entries().length === 2, 'the history');
  world.histories.set(id, [entry(3, { phone: { from: '1', to: '2' } }), ...world.histories.get(id)!]);
  world.server.records.set(id, { id, version: 3, created_at: '2026-01-01T00:00:00Z' });
  await act(() => client.liveRecord('customers', id).refresh());
  await until(() => entries().length === 3, 'the new one');
  expect(entries()[0]).toContain('from 1 to 2');
  expect(screen.getByText('One new change')).toBeTruthy();
});

test('page by page, and no double when a new one arrives in between', async () => {
  const all = Array.from({ length: 45 }, (_, i) => entry(45 - i, { phone: { from: String(i), to: String(i + 1) } }));
  world.histories.set(id, all);
  world.server.records.set(id, { id, version: 45, created_at: '2026-01-01T00:00:00Z' });
  const { client } = open();
  await until(() => entries().length === 20);
  fireEvent.click(screen.getByText('Show more'));
  await until(() => entries().length === 40);
  world.histories.set(id, [entry(46, {}), ...all]);
  world.server.records.set(id, { id, version: 46, created_at: '2026-01-01T00:00:00Z' });
  await act(() => client.liveRecord('customers', id).refresh());
  await until(() => entries().length === 41);
  fireEvent.click(screen.getByText('Show more'));
  await until(() => !screen.queryByText('Show more'));
  expect(new Set([...document.querySelectorAll('.il-history-version')].map((one) => one.textContent)).size).toBe(46);
});

test('empty, and failed with a way on', async () => {
  world.histories.set(id, []);
  const { unmount, client } = open();
  await until(() => screen.queryByText('No changes yet'));
  await accessible();
  unmount();
  client.close();
  world.histories.set(id, [entry(2, {})]);
  world.failing = (path) => path.endsWith('/history');
  world.hurries = true;
  open();
  await until(() => screen.queryByText('No connection'), 'the message');
  await accessible();
  world.failing = () => false;
  fireEvent.click(screen.getByText('Try again'));
  await until(() => entries().length === 1);
  expect(screen.queryByText('No connection')).toBeNull();
});

test('without a network it waits for it, and comes by itself', async () => {
  const isOnLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  world.hurries = true;
  world.failing = (path) => path.endsWith('/history');
  open();
  await until(() => screen.queryByText(/^Not loaded on this device yet/), 'the note');
  await until(() => document.querySelector('[aria-busy="true"]') === null, 'the last try');
  expect(screen.getByText(/^Not loaded on this device yet/)).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  world.failing = () => false;
  isOnLine.mockRestore();
  act(() => void window.dispatchEvent(new Event('online')));
  await until(() => entries().length === 2, 'the history');
  expect(screen.queryByText(/^Not loaded on this device yet/)).toBeNull();
});
