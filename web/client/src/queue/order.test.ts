// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { StoredAction } from './action.js';
import { cannotDoWithout, plan } from './order.js';

const hour = 3_600_000;
const refusal = { kind: 'refusal', status: 409, document: {}, replayed: false } as const;

interface Given {
  creates?: string[];
  writes?: string[];
  names?: string[];
  after?: string[];
  refused?: true;
  age?: number;
}

/** Actions in order; each is known by its letter. */
function actions(given: Record<string, Given>): StoredAction[] {
  return Object.entries(given).map(
    ([key, { creates = [], writes = [], names = [], after = [], refused, age = 0 }], i) => {
      const changed = [...creates, ...writes];
      const parts = { creates, writes: changed, mentions: [...changed, ...names], after, shown: [], request: {} };
      const head = { position: i + 1, key, owner: 'o', operation: 'customers/update', confirmedAt: -age, tries: 0 };
      return { ...head, ...parts, ...(refused && { error: refusal }) };
    },
  );
}

const standings = (given: Record<string, Given>) =>
  Object.fromEntries(plan(actions(given), 0, 24 * hour).map(({ action, standing }) => [action.key, standing]));

test.each<[string, Record<string, Given>, Record<string, string>]>([
  [
    'changes of different records go at once',
    { a: { writes: ['x'] }, b: { writes: ['y'] } },
    { a: 'ready', b: 'ready' },
  ],
  ['changes of one record go in order', { a: { writes: ['x'] }, b: { writes: ['x'] } }, { a: 'ready', b: 'waiting' }],
  [
    'a comment waits for the customer that it is about',
    { a: { creates: ['x'] }, b: { creates: ['c'], names: ['x'] }, c: { creates: ['d'], names: ['c'] } },
    { a: 'ready', b: 'waiting', c: 'waiting' },
  ],
  [
    'comments about one customer keep their order',
    { a: { creates: ['c'], names: ['x'] }, b: { creates: ['d'], names: ['x'] } },
    { a: 'ready', b: 'waiting' },
  ],
  [
    'what a refused create was to make holds whatever names it, and that in turn',
    {
      a: { creates: ['x'], refused: true },
      b: { creates: ['c'], names: ['x'] },
      c: { writes: ['c'] },
      d: { writes: ['y'] },
    },
    { a: 'refused', b: 'held', c: 'held', d: 'ready' },
  ],
  [
    'a refused change holds later changes of its record, but no comment about it',
    { a: { writes: ['x'], refused: true }, b: { writes: ['x'] }, c: { creates: ['c'], names: ['x'] } },
    { a: 'refused', b: 'held', c: 'ready' },
  ],
  [
    'after is obeyed, and held by a refusal',
    { a: { writes: ['x'] }, b: { writes: ['y'], after: ['a'] }, c: { refused: true }, d: { after: ['c'] } },
    { a: 'ready', b: 'waiting', c: 'refused', d: 'held' },
  ],
  [
    'what is older than the server keeps keys waits for its user, and what builds on it',
    { a: { creates: ['x'], age: 25 * hour }, b: { writes: ['x'] }, c: { writes: ['y'], age: 23 * hour } },
    { a: 'too_old', b: 'held', c: 'ready' },
  ],
])('%s', (_name, given, expected) => {
  expect(standings(given)).toEqual(expected);
});

test('it is said by which action another is held', () => {
  const planned = plan(actions({ a: { creates: ['x'], refused: true }, b: { writes: ['x'] } }), 0, hour);
  expect(planned[1]).toMatchObject({ standing: 'held', heldBy: 'a' });
});

test('dropping a create takes with it what names its record, not what merely comes later', () => {
  const all = actions({
    a: { creates: ['x'] },
    b: { creates: ['c'], names: ['x'] },
    c: { writes: ['y'] },
    d: { names: ['c'] },
    e: { after: ['d'] },
  });
  expect(cannotDoWithout(all, 'a')).toEqual(['b', 'd', 'e']);
  expect(cannotDoWithout(all, 'c')).toEqual([]);
});
