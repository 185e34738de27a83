// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { compareTexts, matches, orderOf, resolveMe } from './matching.js';

const record = {
  id: 'customer_1',
  version: 3,
  updated_at: '2026-01-05T09:00:00.123456Z',
  name: 'Ana',
  status: 'new',
  assigned_to: null,
  tags: ['vip', 'old'],
};

test.each<[object, boolean]>([
  [{}, true],
  [{ status: 'new' }, true],
  [{ status: ['lost', 'new'] }, true],
  [{ status: ['lost', 'won'] }, false],
  [{ 'status.ne': 'lost' }, true],
  [{ 'status.ne': ['lost', 'new'] }, false],
  [{ assigned_to: null }, true],
  [{ assigned_to: 'null' }, true],
  [{ assigned_to: 'user_1' }, false],
  [{ 'assigned_to.ne': 'user_1' }, true],
  [{ 'assigned_to.min': 'user_1' }, false],
  [{ tags: 'vip' }, true],
  [{ tags: ['vip', 'old'] }, true],
  [{ tags: ['vip', 'young'] }, false],
  [{ 'version.min': 3, 'version.max': 3 }, true],
  [{ 'version.min': '10' }, false],
  [{ 'updated_at.min': '2026-01-05T09:00:00Z' }, true],
  [{ 'updated_at.max': '2026-01-05T09:00:00.1234Z' }, false],
  [{ updated_at: '2026-01-05T10:00:00.123456+01:00' }, true],
  [{ sort: 'name', limit: 3, q: 'nobody' }, true],
])('the filter %j passes the record: %s', (query, passes) => {
  expect(matches('customers', query as never, record)).toBe(passes);
});

const sorted = (collection: string, query: object, rows: { id: string }[]) => {
  const made = new Map(rows.map((row, i) => [row.id, i]));
  const order = orderOf(collection, query as never, (id) => made.get(id)!);
  return [...rows].sort(order as never).map((row) => row.id);
};

test('equals stand in the order in which they were made, or the other way round', () => {
  const rows = [
    { id: 'c', name: 'a' },
    { id: 'a', name: 'b' },
    { id: 'b', name: 'a' },
  ];
  expect(sorted('customers', { sort: 'name' }, rows)).toEqual(['c', 'b', 'a']);
  expect(sorted('customers', { sort: '-name' }, rows)).toEqual(['a', 'b', 'c']);
});

test('nothing is below everything, numbers are no texts', () => {
  const rows = [
    { id: '1', assigned_to: 'u' },
    { id: '2', assigned_to: null },
  ];
  expect(sorted('customers', { sort: 'assigned_to' }, rows)).toEqual(['2', '1']);
  const statuses = [
    { id: '1', position: 10 },
    { id: '2', position: 9 },
  ];
  expect(sorted('statuses', {}, statuses)).toEqual(['2', '1']);
});

test('texts compare by code point', () => {
  const texts = ['z', 'Z', 'é', '\uffee', '😀', ''];
  expect([...texts].sort(compareTexts)).toEqual(['', 'Z', 'z', 'é', '\uffee', '😀']);
});

test('me is whoever is logged in', () => {
  expect(resolveMe({ assigned_to: 'me', created_by: ['$me', 'user_2'] }, 'user_1')).toEqual({
    assigned_to: 'user_1',
    created_by: ['user_1', 'user_2'],
  });
});
