// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../../test/support/seed.js';
import type { FeedChange } from '../feed/messages.js';
import { Window } from './window.js';

interface Customer {
  id: string;
  version: number;
  name: string;
  status: string;
  created_at: string;
}

const customer = (n: number, version: number, name: string, status = 'new'): Customer => ({
  id: `customer_${n}`,
  version,
  name,
  status,
  created_at: new Date(n * 1_000).toISOString(),
});

let seq = 100;
const change = (record: Customer): FeedChange =>
  ({
    type: 'change',
    seq: ++seq,
    collection: 'customers',
    id: record.id,
    version: record.version,
    record,
  }) as unknown as FeedChange;
const gone = (id: string): FeedChange => ({ type: 'gone', seq: ++seq, op_seq: seq, collection: 'customers', id });

function loaded(items: Customer[], next_cursor: string | null = null): Window<Customer> {
  const list = new Window<Customer>('customers', { status: 'new', sort: 'name' });
  list.load({ items, next_cursor, seq });
  return list;
}

const names = (list: Window<Customer>) => list.records.map((record) => record.name).join();

test('an answer that comes after newer news brings nothing back', () => {
  const list = loaded([customer(1, 1, 'a')]);
  list.take(change(customer(1, 3, 'a', 'lost')));
  expect(list.put(customer(1, 2, 'b'))).toBe(false);
  list.take(gone('customer_1'));
  expect(list.put(customer(1, 4, 'b'))).toBe(false);
  expect(names(list)).toBe('');
});

test('an answer that comes before its news is shown, and its news is no news', () => {
  const list = loaded([customer(1, 1, 'a')]);
  expect(list.put(customer(1, 2, 'b'))).toBe(true);
  expect(list.take(change(customer(1, 2, 'b')))).toBe(false);
  expect(names(list)).toBe('b');
});

test('what lies behind the loaded end is not shown before it is loaded', () => {
  const list = loaded([customer(1, 1, 'a'), customer(2, 1, 'c')], 'more');
  list.take(change(customer(3, 1, 'd')));
  list.take(change(customer(4, 1, 'b')));
  expect(names(list)).toBe('a,b,c');
  list.append({ items: [customer(3, 1, 'd')], next_cursor: null, seq: ++seq });
  expect(names(list)).toBe('a,b,c,d');
});

test('a page that is older than what the feed said changes nothing back', () => {
  const list = loaded([customer(1, 1, 'a'), customer(2, 1, 'b')], 'more');
  list.take(change(customer(1, 3, 'aa')));
  list.append({ items: [customer(1, 2, 'x')], next_cursor: null, seq });
  expect(names(list)).toBe('aa,b');
});

test('however it changes, it stands as if it were sorted anew', () => {
  const step = fc.record({
    id: fc.nat(15),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    status: fc.constantFrom('new', 'lost'),
    gone: fc.boolean(),
  });
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const list = loaded([]);
    const versions = new Map<number, number>();
    const now = new Map<string, Customer>();
    for (const one of steps) {
      const version = (versions.get(one.id) ?? 0) + 1;
      versions.set(one.id, version);
      const record = customer(one.id, version, one.name, one.status);
      list.take(one.gone ? gone(record.id) : change(record));
      if (one.gone || one.status === 'lost') now.delete(record.id);
      else now.set(record.id, record);
      const order = (a: Customer, b: Customer) =>
        (a.name === b.name ? a.created_at < b.created_at : a.name < b.name) ? -1 : 1;
      expect(list.records).toEqual([...now.values()].sort(order));
    }
  });
  fc.assert(property, seeded('window', 300));
});
