// SPDX-License-Identifier: Apache-2.0
// What holds of every three-way merge, whoever changed what.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../test/support/seed.js';
import type { StaleVersion } from './errors.js';
import { type Choice, Conflict, changedFields, rebase, sameJson } from './merge.js';

const names = ['a', 'b', 'c', 'd'] as const;
type Fields = Record<(typeof names)[number], unknown>;
type Thing = Fields & { readonly id: string; readonly version: number };

// Few values, so that two people often come to the same; lists and objects, since those are compared by what they hold.
const value = fc.constantFrom<unknown>(0, 1, null, '', [], ['x'], ['x', 'y'], { x: 1 }, { x: 1, y: [2] });
const fields = fc.record({ a: value, b: value, c: value, d: value }) as fc.Arbitrary<Fields>;
const edits = fc.record({ a: value, b: value, c: value, d: value }, { requiredKeys: [] }) as fc.Arbitrary<
  Partial<Fields>
>;
const thing = (held: Fields, version: number): Thing => ({ ...held, id: 'thing', version });
const rebased = (base: Thing, mine: Partial<Fields>, current: Thing) =>
  rebase<Thing>(base, mine as Partial<Thing>, current);
const values = (one: Fields) => Object.fromEntries(names.map((name) => [name, one[name]]));
const run = (name: string, property: fc.IProperty<never>) => fc.assert(property, seeded(name, 500));

test('what nobody edited is what there is; what nobody else changed is what was edited', () => {
  const property = fc.property(fields, fields, edits, (before, now, mine) => {
    const [base, current] = [thing(before, 1), thing(now, 2)];
    expect(rebased(base, {}, current)).toEqual({ record: current, clashing: [] });
    expect(rebased(base, mine, base)).toEqual({ record: { ...base, ...mine }, clashing: [] });
  });
  run('rebase: neutral', property as never);
});

test('both sides see the same clashes, and without any they come to the same record', () => {
  const property = fc.property(fields, fields, fields, (before, left, right) => {
    const [base, mine, theirs] = [thing(before, 1), thing(left, 2), thing(right, 2)];
    const there = rebased(base, changedFields(before, left), theirs);
    const back = rebased(base, changedFields(before, right), mine);
    expect([...there.clashing].sort()).toEqual([...back.clashing].sort());
    const agreed = names.filter((name) => !there.clashing.includes(name));
    for (const name of agreed) expect(sameJson(there.record[name], back.record[name]), name).toBe(true);
  });
  run('rebase: symmetric', property as never);
});

test('a form that follows a record change by change holds what it would hold had it looked at the last one only', () => {
  const property = fc.property(
    fields,
    edits,
    fc.array(fields, { minLength: 1, maxLength: 4 }),
    (before, typed, later) => {
      const base = thing(before, 1);
      const mine = changedFields(before, typed);
      const all = later.map((held, i) => thing(held, i + 2));
      const shown = all.reduce((_, current) => rebased(base, mine, current).record, base);
      expect(shown).toEqual(rebased(base, mine, all.at(-1)!).record);
      for (const name of names) {
        const wanted = name in mine ? mine[name] : all.at(-1)![name];
        expect(sameJson(shown[name], wanted), name).toBe(true);
      }
    },
  );
  run('rebase: following', property as never);
});

const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.constantFrom<Choice>('mine', 'theirs'),
  value.map((edit): Choice => ({ edit })),
);

test('a resolution gives the preview, whatever the order of the choices, and nothing is left to resolve after it', () => {
  const property = fc.property(
    fields,
    fields,
    edits,
    fc.array(choice, { minLength: 4, maxLength: 4 }),
    (before, now, typed, picks) => {
      const yours = changedFields(before, typed);
      const { clashing } = rebased(thing(before, 1), yours, thing(now, 2));
      const document = { base: thing(before, 1), current: thing(now, 2), yours, clashing_fields: clashing };
      const begun = new Conflict(document as unknown as StaleVersion<Thing>);
      expect([...begun.open].sort()).toEqual([...clashing].sort());
      const chosen = (open: readonly string[]) =>
        open.reduce((conflict, field) => conflict.choose(field, picks[names.indexOf(field as 'a')]!), begun);
      const [there, back] = [chosen(begun.open), chosen([...begun.open].reverse())];
      const resolution = there.resolve();
      expect(back.resolve()).toEqual(resolution);
      expect(resolution.version).toBe(2);
      const after = { ...now, ...resolution.changes } as Fields;
      expect(sameJson(after, values(there.preview))).toBe(true);
      expect(changedFields(after, resolution.changes as Partial<Fields>)).toEqual({});
      // Nobody touched it: it is as it was seen.
      for (const name of names) if (!(name in yours)) expect(after[name]).toEqual(now[name]);
    },
  );
  run('conflict', property as never);
});

test('all of theirs leaves of mine what nobody else touched; all of mine loses nothing of mine', () => {
  const property = fc.property(fields, fields, edits, (before, now, typed) => {
    const yours = changedFields(before, typed);
    const { clashing } = rebased(thing(before, 1), yours, thing(now, 2));
    const document = { base: thing(before, 1), current: thing(now, 2), yours, clashing_fields: clashing };
    const begun = new Conflict(document as unknown as StaleVersion<Thing>);
    const theirs = begun.chooseAll('theirs').resolve().changes;
    for (const field of clashing) expect(field in theirs).toBe(false);
    const mine = { ...now, ...begun.chooseAll('mine').resolve().changes } as Fields;
    for (const [field, wanted] of Object.entries(yours)) expect(sameJson(mine[field as 'a'], wanted), field).toBe(true);
  });
  run('conflict: all', property as never);
});

test('sameness is what JSON says: of equals with equals, in both directions, through a text and back', () => {
  const json = fc.oneof(fc.jsonValue({ maxDepth: 3 }), value);
  const shuffled = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(shuffled);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one)
        .reverse()
        .map(([name, held]) => [name, shuffled(held)]),
    );
  };
  const canonical = (one: unknown): string =>
    JSON.stringify(one, (_, held) =>
      typeof held === 'object' && held !== null && !Array.isArray(held)
        ? Object.fromEntries(Object.entries(held).sort(([x], [y]) => (x < y ? -1 : 1)))
        : held,
    );
  const property = fc.property(json, json, (one, other) => {
    expect(sameJson(one, shuffled(one))).toBe(true);
    expect(sameJson(one, JSON.parse(JSON.stringify(one)))).toBe(true);
    expect(sameJson(one, other)).toBe(sameJson(other, one));
    expect(sameJson(one, other)).toBe(canonical(one) === canonical(other));
  });
  run('sameJson', property as never);
});
