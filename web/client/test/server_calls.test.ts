// SPDX-License-Identifier: Apache-2.0
// The typed calls against the real server.
import 'fake-indexeddb/auto';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Conflict, type Customer, createClient, holderOf, type InterlockClient, type Refusal } from '../src/index.js';
import { Person } from './support/people.js';
import { binary, TestServer } from './support/server.js';

describe.skipIf(!binary)('calls', () => {
  let server: TestServer;
  let staff: Person;
  let client: InterlockClient;
  let colleague: InterlockClient;

  beforeAll(async () => {
    server = await TestServer.start();
    staff = await new Person(server.url, 'staff01@demo.test').logIn();
    client = staff.open();
    colleague = (await new Person(server.url, 'staff02@demo.test').logIn()).open();
  });
  afterAll(async () => {
    staff.close();
    colleague.close();
    await server.stop();
  });

  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: Refusal) => error,
    );

  test('the generated types are what the server’s document gives', () => {
    const script = fileURLToPath(new URL('../generate/generate.mjs', import.meta.url));
    execFileSync(process.execPath, [script, '--check', server.url]);
  });

  test('a record is created, read, listed, changed, deleted and restored', async () => {
    const made = await client.customers.create({ name: 'Ana', tags: ['calls'] });
    expect(await client.customers.get(made.id)).toEqual(made);
    const changed = await client.customers.update(made.id, { phone: '1' }, { version: made.version });
    expect(changed).toMatchObject({ version: 2, phone: '1' });
    const page = await client.customers.list({ tags: 'calls', status: ['new', 'contacted'], sort: '-updated_at' });
    expect(page.items.map((one) => one.id)).toEqual([made.id]);
    await client.customers.delete(changed);
    expect(await refusal(client.customers.get(made.id))).toMatchObject({
      kind: 'refusal',
      status: 404,
      code: 'not_found',
    });
    expect(await client.customers.restore(made.id)).toMatchObject({ id: made.id, version: 4 });
    const history = await client.customers.history(made.id);
    expect(history.items.map((one) => one.version)).toEqual([4, 3, 2, 1]);
  });

  test('a file is stored once per key, belongs to its record, and is refused for what it is', async () => {
    const customer = await client.customers.create({ name: 'Ana' });
    const bytes = new Blob(['name,phone\nAna,1\n'], { type: 'text/csv' });
    const key = client.newKey();
    const options = { name: 'list.csv', subject: customer.id, key };
    const stored = await client.files.upload(bytes, options);
    expect(stored).toMatchObject({
      name: 'list.csv',
      content_type: 'text/csv',
      size: bytes.size,
      subject: customer.id,
    });
    expect(await client.files.upload(bytes, options)).toEqual(stored);
    expect((await client.files.list({ subject: customer.id })).items.map((one) => one.id)).toEqual([stored.id]);
    expect(stored.sha256).toBe(
      createHash('sha256')
        .update(await bytes.text())
        .digest('hex'),
    );

    const picture = client.files.upload(new Blob(['no picture'], { type: 'image/png' }), { name: 'a.png' });
    expect(await refusal(picture)).toMatchObject({ status: 415, code: 'file_type' });
    expect(await refusal(client.files.upload(new Blob([]), { name: 'empty.txt' }))).toMatchObject({ code: 'required' });
    expect(() => client.files.upload(bytes)).toThrow('name');
  });

  test('an id made here is taken by the server, and taken once', async () => {
    const id = client.newId('customers');
    expect(await client.customers.create({ id, name: 'Ana' })).toMatchObject({ id });
    expect(await refusal(client.customers.create({ id, name: 'Eva' }))).toMatchObject({ code: 'id_taken' });
  });

  test('all pages of a list, one after the other', async () => {
    const ids: string[] = [];
    for await (const customer of client.customers.each({ limit: 700, sort: 'id' })) {
      ids.push(customer.id);
      if (ids.length === 1_500) break;
    }
    expect(new Set(ids).size).toBe(1_500);
    expect(ids).toEqual([...ids].sort());
  });

  test('a named operation, and what its table does not allow', async () => {
    const { id } = await client.customers.create({ name: 'Ana' });
    expect(await client.operation('customers/set-status', { id, status: 'contacted' })).toMatchObject({
      status: 'contacted',
    });
    const refused = await refusal(client.operation('customers/set-status', { id, status: 'nonsense' }));
    expect(refused?.code).toMatch(/no_transition|invalid_value/);
  });

  test('a batch with references: all or nothing, and each for itself', async () => {
    const atomic = client.batch('atomic');
    const customer = atomic.add('customers/create', { name: 'Ana' });
    atomic.add('comments/create', { subject: customer.ref('id'), text: 'called' });
    const [made, comment] = await atomic.send();
    expect(comment).toMatchObject({ ok: true, value: { subject: (made as { value: Customer }).value.id } });

    const each = client.batch('each');
    each.add('customers/create', { name: '' });
    each.add('customers/create', { name: 'Eva' });
    const [first, second] = await each.send();
    expect(first).toMatchObject({ ok: false, refusal: { code: 'required', field: 'name' } });
    expect(second).toMatchObject({ ok: true, value: { name: 'Eva' } });
  });

  test('a stale base that clashes is resolved field by field', async () => {
    const made = await client.customers.create({ name: 'Ana', phone: '1' });
    await colleague.customers.update(made.id, { phone: '2' }, { version: 1 });
    const refused = await refusal(client.customers.update(made.id, { phone: '3', address: 'Here' }, { version: 1 }));
    const conflict = new Conflict(refused!.stale<Customer>()!);
    expect(conflict.fields.map(({ field, clashes }) => [field, clashes])).toEqual([
      ['phone', true],
      ['address', false],
    ]);
    const { id, version, changes } = conflict.choose('phone', { edit: '2 or 3' }).resolve();
    expect(await client.customers.update(id, changes, { version })).toMatchObject({ phone: '2 or 3', address: 'Here' });
  });

  test('a stale base that does not clash is merged', async () => {
    const made = await client.customers.create({ name: 'Ana', phone: '1' });
    await colleague.customers.update(made.id, { phone: '2' }, { version: 1 });
    const merged = await client.customers.update(made, { address: 'Here' });
    expect(merged).toMatchObject({ merged: true, phone: '2', address: 'Here' });
  });

  test('the same key has one effect', async () => {
    const key = client.newKey();
    const twice = await Promise.all([1, 2].map(() => client.customers.create({ name: 'Once' }, { key })));
    expect(twice[0]).toEqual(twice[1]);
  });

  test('a lease is held, told to others, taken over, and its loss is told', async () => {
    const { id } = await client.customers.create({ name: 'Ana' });
    const lease = await client.leases.hold(id);
    const error = await refusal(colleague.leases.take(id));
    expect(holderOf(error)?.name).toBe(lease.lease.user_name);
    await colleague.leases.take(id, { takeOver: true });
    expect(await refusal(client.leases.renew(id))).toMatchObject({ code: 'leased' });
  });

  test('log-in, who is logged in, log-out', async () => {
    const fresh = createClient({ baseUrl: server.url });
    expect(await refusal(fresh.sessions.current())).toMatchObject({ status: 401, code: 'unauthenticated' });
    const wrong = { email: 'staff03@demo.test', password: 'not this one' };
    expect(await refusal(fresh.sessions.logIn(wrong))).toMatchObject({ code: 'login_failed' });
    const answer = await fresh.sessions.logIn({ email: 'staff03@demo.test', password: 'demo-password' });
    expect(answer).toMatchObject({ session: { tenant: { slug: 'demo' } } });
    expect((await fresh.sessions.current()).user.role).toBe('staff');
    await fresh.sessions.logOut();
    expect(await refusal(fresh.sessions.current())).toMatchObject({ status: 401 });
    fresh.close();
  });
});
