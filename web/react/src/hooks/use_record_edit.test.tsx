// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import type { Customer } from '@interlock/client';
import { act } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { show, until, world } from '../../test/support/page.js';
import { type RecordEdit, type RecordEditOptions, useLiveRecord, useRecordEdit } from '../index.js';

const id = 'customer_01kdvdna02e00amycd00000001';
let edit: RecordEdit<Customer>;
let record: Customer | undefined;
let refresh: () => Promise<void>;

function Form(options: RecordEditOptions) {
  const live = useLiveRecord('customers', id);
  record = live.record;
  refresh = live.refresh;
  edit = useRecordEdit('customers', live.record, options);
  return null;
}

/** Somebody else saves, and this page hears of it or not. */
async function theySave(fields: object, heard = true) {
  const before = world.server.records.get(id)!;
  world.server.records.set(id, { ...before, ...fields, version: before.version + 1 });
  world.server.seq += 1;
  if (heard) await act(() => refresh());
}

async function open(options: RecordEditOptions = {}) {
  const page = show(<Form {...options} />);
  await until(() => record !== undefined && record.id === id, 'the record');
  return page;
}

beforeEach(() => {
  record = undefined;
  const fields = { name: 'Ana', phone: '1', address: 'Here' };
  world.server.records.set(id, { id, version: 1, created_at: '2026-01-01T00:00:00Z', ...fields });
});

const type = <F extends keyof Customer>(field: F, value: Customer[F]) => act(() => edit.set(field, value));
const save = () => act(() => edit.save());
const stored = () => world.server.records.get(id)!;

test('what was typed is saved on the version that was seen; then nothing is left to save', async () => {
  await open();
  type('phone', '2');
  expect(edit).toMatchObject({ changed: true, changes: { phone: '2' } });
  await save();
  expect(stored()).toMatchObject({ version: 2, phone: '2' });
  expect(edit).toMatchObject({ changed: false, state: 'done', values: { phone: '2' } });
  expect(localStorage).toHaveLength(0);
});

test('races 18: a second own save raises no false conflict, though the page has heard of the first one late', async () => {
  await open();
  type('phone', '2');
  await save();
  type('address', 'There');
  await save();
  type('phone', '3');
  await save();
  expect(edit.conflict).toBeUndefined();
  expect(stored()).toMatchObject({ version: 4, phone: '3', address: 'There' });
});

test('races 18: what is typed while a save is under way stays, and is saved by the next one without a conflict', async () => {
  await open();
  type('phone', '2');
  const saving = edit.save();
  type('phone', '23');
  await act(() => saving);
  expect(edit).toMatchObject({ changed: true, values: { phone: '23' } });
  await save();
  expect(stored()).toMatchObject({ version: 3, phone: '23' });
});

test('a second save while the first one waits for the network: both are done, one after the other', async () => {
  const { client } = await open({ via: 'queue' });
  world.server.down = true;
  type('phone', '2');
  const first = edit.save();
  await until(() => edit.state === 'queued', 'queued');
  type('phone', '3');
  type('address', 'There');
  const second = edit.save();
  world.server.down = false;
  await act(async () => void (await client.syncOfflineQueue()));
  await act(() => Promise.all([first, second]));
  expect(stored()).toMatchObject({ version: 3, phone: '3', address: 'There' });
  expect(edit).toMatchObject({ changed: false, conflict: undefined });
});

test('saved without a network: it waits in the queue, the form is free again, and what is typed on top goes out after it', async () => {
  const { client } = await open();
  world.server.down = true;
  type('phone', '2');
  expect(await save()).toMatchObject({ ok: true, answer: { phone: '2' } });
  expect(edit).toMatchObject({ changed: false, busy: false, error: undefined });
  expect(localStorage).toHaveLength(0);
  await until(() => record?.phone === '2', 'the change, shown as pending');
  type('phone', '3');
  await save();
  expect((await client.getOfflineQueue()).map((item) => item.request.phone)).toEqual(['2', '3']);
  type('address', 'There');
  world.server.down = false;
  await act(async () => void (await client.syncOfflineQueue()));
  await until(() => stored().version === 3, 'both');
  await save();
  expect(stored()).toMatchObject({ version: 4, phone: '3', address: 'There' });
  expect(edit).toMatchObject({ changed: false, conflict: undefined });
});

test('an answer that was lost: the same key goes on in the queue, and the change is made once', async () => {
  const { client } = await open();
  world.server.faults = ['lost_after'];
  type('phone', '2');
  await save();
  await act(async () => void (await client.syncOfflineQueue()));
  expect(stored()).toMatchObject({ version: 2, phone: '2' });
  expect(edit).toMatchObject({ changed: false, conflict: undefined });
});

test('races 17: a conflict keeps the edits, over a reload too, and is resolved on the newer version', async () => {
  const { unmount, client } = await open();
  type('phone', '2');
  type('address', 'There');
  await theySave({ phone: '9' }, false);
  await save();
  expect(edit.conflict).toMatchObject({ current: { phone: '9' }, yours: { phone: '2', address: 'There' } });
  act(() => edit.leaveConflict({ phone: '2 or 9' }));
  expect(edit).toMatchObject({ conflict: undefined, values: { phone: '2 or 9', address: 'There' } });
  unmount();
  client.close();
  record = undefined;
  await open();
  await until(() => edit.restored, 'the draft');
  expect(edit).toMatchObject({ values: { phone: '2 or 9', address: 'There' }, clashing: ['phone'] });
  // The base is still what was seen when the edits began: it was not decided yet.
  await save();
  expect(stored()).toMatchObject({ version: 2, phone: '9' });
  await act(() => edit.resolve({ id, version: 2, changes: { phone: '2 or 9', address: 'There' } }));
  expect(stored()).toMatchObject({ version: 3, phone: '2 or 9', address: 'There' });
  expect(edit).toMatchObject({ changed: false, conflict: undefined });
});

test('races 19: an edit in place meets the same check as a form', async () => {
  await open();
  await theySave({ phone: '9' }, false);
  type('phone', '2');
  await save();
  expect(edit.conflict?.current).toMatchObject({ phone: '9', version: 2 });
  expect(stored().phone).toBe('9');
});

test('theirs in everything: nothing is sent, and the form shows theirs', async () => {
  await open();
  type('phone', '2');
  await theySave({ phone: '9' }, false);
  await save();
  const before = world.server.calls.filter((call) => call.method === 'PATCH').length;
  await act(() => edit.resolve({ id, version: 2, changes: {} }));
  expect(edit).toMatchObject({ changed: false, conflict: undefined, state: 'idle', values: { phone: '9' } });
  expect(world.server.calls.filter((call) => call.method === 'PATCH')).toHaveLength(before);
});

test('fields that were not touched follow the others; those that both changed are named', async () => {
  await open();
  type('phone', '2');
  await theySave({ address: 'Elsewhere' });
  expect(edit).toMatchObject({ values: { phone: '2', address: 'Elsewhere' }, clashing: [] });
  await theySave({ phone: '9' });
  expect(edit).toMatchObject({ values: { phone: '2' }, clashing: ['phone'] });
  type('phone', '1');
  act(() => edit.revert());
  expect(edit).toMatchObject({ changed: false, values: { phone: '9' } });
});

test('another user on the same computer does not see the draft', async () => {
  const { unmount, client } = await open();
  type('phone', 'secret');
  unmount();
  client.close();
  world.server.user = 'user_b';
  record = undefined;
  await open();
  await until(() => edit.values !== undefined);
  expect(edit).toMatchObject({ changed: false, values: { phone: '1' } });
});
