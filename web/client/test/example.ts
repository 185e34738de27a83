// SPDX-License-Identifier: Apache-2.0
// The example of the README; server_example.test.ts runs it.
import { Conflict, type Customer, type InterlockClient, Refusal } from '../src/index.js';

export async function example(client: InterlockClient, show: (line: string) => void): Promise<Customer> {
  // [example]
  // const client = createClient();   in a browser: the page's own server, with the cookie of the log-in

  // A list that stays right, whoever changes it.
  const live = client.live('customers', { status: 'new', sort: 'name' });
  live.subscribe(() => {
    const { items, pending } = live.snapshot;
    for (const { id, name } of items) show(pending.has(id) ? `${name} (pending)` : name);
  });

  // With or without a network: kept, shown as pending, sent in order, once.
  const made = await client.perform('customers/create', { name: 'Ana' });
  await client.perform('comments/create', { subject: made.id!, text: 'called, wants an offer' });
  const ana = await made.settled;

  // At once or not at all: for forms that wait for their answer.
  const save = async (changes: { phone: string }): Promise<Customer> => {
    try {
      return await client.customers.update(ana, changes);
    } catch (error) {
      const stale = error instanceof Refusal && error.stale<Customer>();
      if (!stale) throw error;
      const conflict = new Conflict(stale).choose('phone', 'mine'); // or 'theirs', or { edit: '…' }
      const resolved = conflict.resolve();
      return client.customers.update(resolved, resolved.changes);
    }
  };
  const saved = await save({ phone: '+34 91 1' });
  // [example]
  return saved;
}
