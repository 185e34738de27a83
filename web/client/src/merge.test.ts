// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../test/support/seed.js';
import type { StaleVersion } from './errors.js';
import { Conflict, changedFields, rebase, sameJson } from './merge.js';

interface Customer {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly phone: string;
  readonly tags: readonly string[];
}

const base: Customer = { id: 'c', version: 1, name: 'Ana', phone: '1', tags: [] };
const current: Customer = { ...base, version: 3, phone: '2', tags: ['vip'] };
const stale: StaleVersion<Customer> = {
  base,
  current,
  yours: { phone: '3', name: 'Ana B' },
  clashing_fields: ['phone'],
};

test('a conflict shows base, mine and theirs per field', () => {
  const conflict = new Conflict(stale);
  expect(conflict.fields).toEqual([
    { field: 'phone', base: '1', mine: '3', theirs: '2', clashes: true },
    { field: 'name', base: 'Ana', mine: 'Ana B', theirs: 'Ana', clashes: false },
  ]);
  expect(conflict.open).toEqual(['phone']);
  expect(() => conflict.resolve()).toThrow(RangeError);
});

test.each([
  ['mine', { phone: '3', name: 'Ana B' }],
  ['theirs', { name: 'Ana B' }],
  [{ edit: '4' }, { phone: '4', name: 'Ana B' }],
] as const)('choosing %j makes the next update, based on what was seen', (choice, changes) => {
  const resolution = new Conflict(stale).choose('phone', choice).resolve();
  expect(resolution).toEqual({ id: 'c', version: 3, changes });
});

test('a choice can be changed, and the first conflict stays as it was', () => {
  const conflict = new Conflict(stale);
  const chosen = conflict.choose('phone', 'mine').choose('phone', 'theirs');
  expect(chosen.preview).toEqual({ ...current, name: 'Ana B' });
  expect(conflict.open).toEqual(['phone']);
  expect(() => conflict.choose('colour', 'mine')).toThrow(RangeError);
});

test('a base that the history no longer has leaves the choice possible', () => {
  const conflict = new Conflict({ ...stale, base: null }).chooseAll('theirs');
  expect(conflict.fields[0]).toMatchObject({ base: undefined, mine: '3' });
  expect(conflict.resolve().changes).toEqual({ name: 'Ana B' });
});

test('edits in a form live on when the record changes under them', () => {
  const edits = { name: 'Ana B', phone: '3' };
  expect(rebase(base, edits, current)).toEqual({
    record: { ...current, name: 'Ana B', phone: '3' },
    clashing: ['phone'],
  });
});

const fieldNames = ['a', 'b', 'c', 'd'] as const;
const values = fc.record(Object.fromEntries(fieldNames.map((name) => [name, fc.integer({ min: 0, max: 2 })])));
const choices = fc.constantFrom<('mine' | 'theirs' | { edit: number })[]>('mine', 'theirs', { edit: 9 });

test('a resolution loses nobody’s change that was not chosen against', () => {
  const property = fc.property(values, values, values, choices, (before, now, wanted, choice) => {
    const yours = changedFields(before, wanted);
    const clashing_fields = Object.keys(yours).filter(
      (name) => !sameJson(before[name], now[name]) && !sameJson(now[name], wanted[name]),
    );
    const head = { id: 'r', version: 2 };
    const document = { base: { ...before, id: 'r', version: 1 }, current: { ...now, ...head }, yours, clashing_fields };
    let conflict = new Conflict(document as StaleVersion<typeof head>);
    for (const field of conflict.open) conflict = conflict.choose(field, choice);
    const { version, changes } = conflict.resolve();
    const after = { ...now, ...changes } as Record<string, number>;
    expect(version).toBe(2);
    for (const name of fieldNames) {
      const mine = name in yours;
      const theirs = before[name] !== now[name];
      if (!mine) expect(after[name]).toBe(now[name]);
      if (mine && !theirs) expect(after[name]).toBe(wanted[name]);
      if (mine && theirs && now[name] !== wanted[name]) {
        expect(after[name]).toBe(choice === 'mine' ? wanted[name] : choice === 'theirs' ? now[name] : 9);
      }
    }
  });
  fc.assert(property, seeded('merge', 500));
});

test('two JSON values are the same whatever the order of their members', () => {
  expect(sameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
  expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(sameJson([], {})).toBe(false);
});
