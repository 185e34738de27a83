// SPDX-License-Identifier: Apache-2.0
import { randomFillSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { IdMaker, idPrefix, isRecordId, newKey } from './ids.js';

const random = (bytes: Uint8Array) => {
  randomFillSync(bytes);
};

test('a key is a UUIDv4, another one each time', () => {
  const keys = Array.from({ length: 1_000 }, () => newKey({ random }));
  expect(new Set(keys).size).toBe(1_000);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an id is written as the TypeID specification says', () => {
  // 0188bac7-4afa-78aa-bc3b-bd1eef28d881 of the specification's valid.yml, without its random part.
  const ones = { now: () => 0x0188bac74afa, random: (bytes: Uint8Array) => bytes.fill(0xff) };
  const id = new IdMaker(ones).make('prefix');
  expect(id.slice(0, 17)).toBe('prefix_01h2xcejqt');
  expect(isRecordId(id)).toBe(true);
});

test('ids sort in the order of their making, even within one millisecond', () => {
  const maker = new IdMaker({ now: () => 1_767_600_000_000, random });
  const ids = Array.from({ length: 10_000 }, () => maker.make('customer'));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(10_000);
});

test('a clock that goes back does not turn the order around', () => {
  let now = 1_000_000;
  const maker = new IdMaker({ now: () => now, random });
  const before = maker.make('customer');
  now -= 500_000;
  expect(maker.make('customer') > before).toBe(true);
});

test.each([
  ['customer_01kdvdna02e00amycd7r7kx745', 'customer'],
  ['outbox_message_01kdvdna02e00amycd7r7kx745', 'outbox_message'],
  ['customer_81kdvdna02e00amycd7r7kx745', undefined],
  ['customer_01kdvdna02e00amycd7r7kx74', undefined],
  ['customer_01kdvdna02e00amycd7r7kxl45', undefined],
  ['Ana', undefined],
])('the prefix of %s is %s', (text, prefix) => {
  expect(idPrefix(text)).toBe(prefix);
});
