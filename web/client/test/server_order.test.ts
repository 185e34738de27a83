// SPDX-License-Identifier: Apache-2.0
// A live query filters and sorts by itself: it has to do that exactly as the server does.
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectionTable } from '../src/generated/api.js';
import type { Customer, InterlockClient } from '../src/index.js';
import { matches, orderOf, sortOf } from '../src/live/matching.js';
import { Person } from './support/people.js';
import { seeded } from './support/seed.js';
import { binary, TestServer } from './support/server.js';

const names = ['', 'a', 'A', 'ab', 'b', 'Ä', 'é', 'ß', 'null', 'me', '0', '10', '9', '\uffee', '😀', '日本', ' a', 'z'];
const statuses = ['new', 'contacted', 'lost'];

describe.skipIf(!binary)('filter and order', () => {
  let server: TestServer;
  let person: Person;
  let client: InterlockClient;
  let all: Customer[];
  let me: string;
  const tag = 'order';

  beforeAll(async () => {
    server = await TestServer.start();
    person = await new Person(server.url, 'staff01@demo.test').logIn();
    client = person.open();
    me = (await client.sessions.current()).user.id;
    const batch = client.batch('each');
    for (let i = 0; i < 80; i++) {
      const name = names[i % names.length] || 'empty';
      const phone = names[(i * 7) % names.length]!;
      const assigned_to = i % 3 === 0 ? me : null;
      batch.add('customers/create', { name, phone, assigned_to, tags: i % 2 ? [tag, 'odd'] : [tag] });
    }
    const made = (await batch.send()).flatMap((result) => (result.ok ? [result.value as Customer] : []));
    expect(made).toHaveLength(80);
    const moves = client.batch('each');
    made.forEach((one, i) => {
      if (i % 4 === 0) moves.add('customers/set-status', { id: one.id, status: 'contacted' });
    });
    await moves.send();
    all = [...(await client.customers.list({ tags: tag, limit: 1_000, sort: 'created_at' })).items];
  });
  afterAll(async () => {
    person.close();
    await server.stop();
  });

  const agree = async (query: Record<string, unknown>) => {
    const whole = { tags: tag, limit: 1_000, ...query };
    const listed = (await client.customers.list(whole as never)).items.map((one) => one.id);
    const own = all
      .filter((one) => matches('customers', whole as never, one as never))
      .sort(orderOf('customers', whole as never, (id) => all.findIndex((one) => one.id === id)) as never)
      .map((one) => one.id);
    expect(own).toEqual(listed);
  };

  test.each([
    'name',
    '-name',
    'phone',
    '-phone',
    'status',
    'assigned_to',
    '-assigned_to',
    'updated_at',
    'created_at',
    '-id',
    'version',
    undefined,
  ])('sorted by %s', (sort) => agree(sort ? { sort } : {}));

  test('a list that is asked for no order has the order that the server names, in every collection', async () => {
    interface Call {
      parameters: { name: string; schema: { default?: string } }[];
    }
    const document = await client.call<{ paths: Record<string, { get?: Call }> }>({
      method: 'GET',
      path: '/api/openapi.json',
    });
    const served = Object.keys(collectionTable).map((collection) => {
      const { parameters } = document.paths[`/api/${collection}`]!.get!;
      return [collection, parameters.find(({ name }) => name === 'sort')!.schema.default];
    });
    const own = Object.keys(collectionTable).map((collection) => {
      const { field, sign } = sortOf(collection, {});
      return [collection, sign < 0 ? `-${field}` : field];
    });
    expect(own).toEqual(served);
  });

  test('whatever is asked', { timeout: 60_000 }, async () => {
    const anyName = fc.constantFrom(...names.filter((name) => name !== 'null'));
    const at = fc.nat(79).map((i) => all[i]!.updated_at);
    const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const oneOrMore = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));
    const query = fc.record({
      name: some(oneOrMore(anyName)),
      'phone.min': some(anyName),
      'name.max': some(anyName),
      'phone.ne': some(anyName),
      status: some(oneOrMore(fc.constantFrom(...statuses))),
      assigned_to: some(fc.constantFrom(null, me)),
      'assigned_to.ne': some(fc.constant(me)),
      'version.min': some(fc.nat(3)),
      'updated_at.min': some(at),
      'updated_at.max': some(at),
      sort: fc.constantFrom('name', '-phone', 'status', '-updated_at', 'assigned_to'),
    });
    await fc.assert(fc.asyncProperty(query, agree), seeded('filter and order', 200));
  });
});
