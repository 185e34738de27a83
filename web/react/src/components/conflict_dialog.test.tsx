// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { ConnectionLost, Refusal, type Resolution, type StaleVersion } from '@interlock/client';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { accessible, show, until, world } from '../../test/support/page.js';
import { ConflictDialog, type Result } from '../index.js';

interface Record {
  id: string;
  version: number;
  phone: string;
  tags: string[];
  rank: number;
  address: string;
}

const base: Record = { id: 'customer_a', version: 1, phone: '1', tags: ['a'], rank: 1, address: 'Here' };
const stale: StaleVersion<Record> = {
  code: 'stale_version',
  base,
  current: { ...base, version: 2, phone: '2', tags: ['b'], rank: 2 },
  yours: { phone: '3', tags: ['c'], rank: 3, address: 'There' },
  clashing_fields: ['phone', 'tags', 'rank'],
};
const fields = { phone: { label: 'Phone' }, tags: { label: 'Tags' }, rank: { label: 'Rank' } };

let sent: Resolution<Record>[];
let left: Partial<Record>[];
let answers: { readonly next?: StaleVersion<Record>; readonly result: Result<unknown> }[];
const done = { result: { ok: true, answer: {} } } as const;
const fails = (error: unknown) => ({ ok: false, error }) as const;

beforeEach(() => {
  sent = [];
  left = [];
  answers = [done];
});

function Page({ document = stale }: { document?: StaleVersion<Record> }) {
  const [conflict, setConflict] = useState<StaleVersion<Record>>();
  return (
    <main>
      <button type="button" onClick={() => setConflict(document)}>
        Open
      </button>
      <ConflictDialog
        conflict={conflict}
        fields={fields}
        onResolve={async (resolution) => {
          sent.push(resolution);
          const { next, result } = answers.shift()!;
          if (next || result.ok) setConflict(next);
          return result;
        }}
        onCancel={(values) => {
          left.push(values);
          setConflict(undefined);
        }}
      />
    </main>
  );
}

async function open(document = stale) {
  const user = userEvent.setup();
  show(<Page document={document} />);
  await user.click(screen.getByText('Open'));
  return user;
}

const group = (name: string) => screen.getByRole('group', { name });
const radio = (field: string, option: RegExp) =>
  [...group(field).querySelectorAll('input')].find((one) => option.test(one.closest('label')?.textContent ?? ''))!;
const save = () => screen.getByRole('button', { name: /^Sav/ });

test('each field shows mine, theirs and what it was; all have to be decided; the decision is sent on the newer version', async () => {
  const user = await open();
  expect(group('Phone').textContent).toBe('PhoneBefore1Mine3Theirs2Something else');
  expect(screen.getByText('3 fields wait for your choice')).toBeTruthy();
  expect(screen.getByText('Kept as you changed it, since nobody else did:')).toBeTruthy();
  await accessible();
  await user.click(save());
  expect(sent).toEqual([]);
  await user.click(radio('Phone', /Mine/));
  await user.click(radio('Tags', /Theirs/));
  await user.click(radio('Rank', /Something else/));
  await user.clear(screen.getByLabelText('New value of Rank'));
  await user.type(screen.getByLabelText('New value of Rank'), '9');
  await accessible();
  await user.click(save());
  await until(() => !screen.queryByRole('dialog'));
  expect(sent).toEqual([{ id: 'customer_a', version: 2, changes: { phone: '3', rank: 9, address: 'There' } }]);
});

test('by the keyboard alone: the focus goes in, stays in, and is back at the end', async () => {
  const user = await open();
  expect(document.activeElement).toBe(radio('Phone', /Mine/));
  await user.keyboard(' ');
  await user.tab({ shift: true });
  await user.tab({ shift: true });
  expect(document.activeElement?.textContent).toBe('Keep all of mine');
  await user.tab({ shift: true });
  expect(document.activeElement).toBe(save());
  await user.tab();
  expect(document.activeElement?.textContent).toBe('Keep all of mine');
  await user.keyboard('{Enter}{Control>}{Enter}{/Control}');
  await until(() => !screen.queryByRole('dialog'));
  expect(sent[0]?.changes).toEqual({ phone: '3', tags: ['c'], rank: 3, address: 'There' });
  expect(document.activeElement).toBe(screen.getByText('Open'));
});

test('Escape goes back to the form with everything that was typed there and here', async () => {
  const user = await open();
  await user.click(radio('Phone', /Something else/));
  await user.type(screen.getByLabelText('New value of Phone'), ' or 4');
  await user.click(radio('Tags', /Theirs/));
  await user.keyboard('{Escape}');
  expect(left).toEqual([{ phone: '3 or 4', tags: ['c'], rank: 3, address: 'There' }]);
  expect(sent).toEqual([]);
  expect(document.activeElement).toBe(screen.getByText('Open'));
});

test('all of theirs: nothing is left to send but what nobody else touched', async () => {
  const user = await open();
  await user.click(screen.getByText('Take all of theirs'));
  await user.click(save());
  await until(() => sent.length === 1);
  expect(sent[0]?.changes).toEqual({ address: 'There' });
});

test('changed once more meanwhile: choices stay, unless what they answered has changed', async () => {
  const user = await open();
  const next = { ...stale, current: { ...stale.current, version: 3, phone: '7' } };
  answers = [{ next, result: fails(new Refusal(409, next)) }, done];
  await user.click(screen.getByText('Keep all of mine'));
  await user.click(radio('Rank', /Theirs/));
  await user.click(save());
  await until(() => screen.queryByText(/changed once more meanwhile/));
  expect(screen.getByText('One field waits for your choice')).toBeTruthy();
  expect(radio('Phone', /Theirs/).closest('label')?.textContent).toContain('7');
  expect(radio('Rank', /Theirs/).checked).toBe(true);
  await accessible();
  await user.click(radio('Phone', /Mine/));
  await user.click(save());
  await until(() => !screen.queryByRole('dialog'));
  expect(sent[1]).toEqual({ id: 'customer_a', version: 3, changes: { phone: '3', tags: ['c'], address: 'There' } });
});

test('a connection that is lost while saving: told in the dialog, and saved by the next try', async () => {
  const user = await open();
  answers = [{ result: fails(new ConnectionLost('lost')) }, done];
  await user.click(screen.getByText('Keep all of mine'));
  await user.click(save());
  await until(() => screen.queryByText('No connection'));
  await accessible();
  await user.click(screen.getByText('Try again'));
  await until(() => !screen.queryByRole('dialog'));
  expect(sent).toHaveLength(2);
});

test('who changed what is told by name, where the history tells', async () => {
  const id = 'customer_01h455vb4pex5vsknk084sn02q';
  const entry = (version: number, name: string, changes: object) => ({
    seq: version,
    version,
    at: '2026-03-01T10:00:00Z',
    actor: { id: null, name },
    operation: 'customers/update',
    changes,
  });
  world.histories.set(id, [
    entry(3, 'Ben', { phone: { from: '1', to: '2' } }),
    entry(2, 'Carla', { tags: { from: ['a'], to: ['b'] } }),
    entry(1, 'Ana', { rank: { from: null, to: 1 } }),
  ]);
  await open({ ...stale, base: { ...base, id }, current: { ...stale.current, id, version: 3 } });
  await until(() => screen.queryByText(/^Ben and Carla saved this record while you were editing\./));
  expect(group('Phone').textContent).toBe('PhoneBefore1Mine3By Ben2Something else');
  expect(radio('Tags', /By Carla/)).toBeTruthy();
  expect(radio('Rank', /Theirs/)).toBeTruthy();
  await accessible();
});
