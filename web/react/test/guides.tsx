// SPDX-License-Identifier: Apache-2.0
// Code of the guides beyond the page in page/app.tsx; guides.test.tsx runs it.
import type { Customer, InterlockClient, PlainCall } from '@interlock/client';
import { createClient } from '@interlock/client';
import { type ReactNode, useState } from 'react';
import {
  describeProblem,
  english,
  InterlockProvider,
  OfflineIndicator,
  ProblemMessage,
  SyncButton,
  type Texts,
  useFormat,
  useLiveQuery,
  useQueueStatus,
  useSyncMutation,
  useTexts,
} from '../src/index.js';

// [start]
export function Start({ client }: { client: InterlockClient }): ReactNode {
  return (
    <InterlockProvider client={client} onLogIn={() => location.assign('/log-in')}>
      <OfflineIndicator />
      <NewCustomers />
    </InterlockProvider>
  );
}

function NewCustomers(): ReactNode {
  const { items, status, error, refresh } = useLiveQuery('customers', { status: 'new', sort: 'name' });
  if (status === 'failed') return <ProblemMessage error={error} onRetry={refresh} />;
  return items.map(({ id, name }) => (
    <p key={id}>
      {name} <Contact id={id} />
    </p>
  ));
}

function Contact({ id }: { id: string }): ReactNode {
  const contact = useSyncMutation('customers/set-status', { optimistic: ({ status }) => ({ status }) });
  return (
    <SyncButton action={contact} request={{ id, status: 'contacted' }}>
      Contacted
    </SyncButton>
  );
}
// [start]

// [form]
export function NewCustomer({ onMade }: { onMade: (customer: Customer) => void }): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const [name, setName] = useState('');
  // The form waits for its answer: at once or not at all.
  const create = useSyncMutation('customers/create', { via: 'direct', onDone: onMade });
  const problem = create.state === 'failed' ? describeProblem(create.error, texts, format) : undefined;
  return (
    <div>
      <label>
        Name
        <input
          value={name}
          aria-invalid={problem?.field === 'name'}
          aria-describedby="name-problem"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <p id="name-problem">{problem?.field === 'name' && problem.text}</p>
      <SyncButton action={create} request={() => ({ name })} message={problem?.field ? 'none' : 'below'}>
        Create
      </SyncButton>
    </div>
  );
}
// [form]

// [refresh]
export function Redact({ id, reload }: { id: string; reload: () => Promise<void> }): ReactNode {
  // Live lists need no refresh. A figure that the page loaded by itself does: if only that fails, the button says that the
  // work is done, and offers to update the page instead of a second click.
  const redact = useSyncMutation('customers/redact', { refresh: reload });
  return (
    <SyncButton action={redact} request={{ id }} variant="danger">
      Redact
    </SyncButton>
  );
}
// [refresh]

// [chain]
export async function takeCall(client: InterlockClient, name: string, note: string): Promise<string> {
  const made = await client.perform('customers/create', { name });
  // The id is there at once, so what builds on the customer need not wait for the network.
  await client.perform('comments/create', { subject: made.id!, text: note });
  return made.id!;
}
// [chain]

// [queue]
export function SetAside(): ReactNode {
  const { items, retry, discard } = useQueueStatus();
  const texts = useTexts();
  const format = useFormat();
  return (
    <ul>
      {items
        .filter((item) => item.standing === 'refused')
        .map((item) => (
          <li key={item.key}>
            {item.operation}: {describeProblem(item.error, texts, format).title}
            <button type="button" onClick={() => retry(item.key)}>
              Send again
            </button>
            <button type="button" onClick={() => discard(item.key)}>
              Discard
            </button>
          </li>
        ))}
    </ul>
  );
}
// [queue]

// [optimistic]
export function Star({ customer }: { customer: Customer }): ReactNode {
  // What it will look like; the tags that are shown get it at once, marked as pending, and lose it if the server refuses.
  const tags = [...customer.tags, 'starred'];
  const star = useSyncMutation('customers/update');
  return (
    <SyncButton action={star} request={{ id: customer.id, tags }} base={customer} variant="ghost">
      Star
    </SyncButton>
  );
}
// [optimistic]

// [other]
const ship = ({ order }: { order: string }): PlainCall => ({
  method: 'POST',
  path: `/orders/${order}/shipments`,
  body: { carrier: 'post' },
  // What goes together: actions about the same thing keep their order.
  about: [`order-${order}`],
});

export function Ship({ order }: { order: string }): ReactNode {
  const action = useSyncMutation(ship);
  return (
    <SyncButton action={action} request={{ order }}>
      Ship
    </SyncButton>
  );
}

// The caller says whose actions these are; nothing of Interlock's own is asked of that server.
export const shop = (platform = {}) => createClient({ baseUrl: 'https://shop.example', owner: 'user-7', platform });
// [other]

// [texts]
const texts: Texts = {
  ...english,
  operations: { ...english.operations, 'interested-services/convert': 'Convert to application' },
  codes: {
    ...english.codes,
    already_converted: { title: 'Converted already', text: 'The application is in its tab.' },
  },
};

export function Agency({ client, children }: { client: InterlockClient; children: ReactNode }): ReactNode {
  return (
    <InterlockProvider client={client} texts={texts} locale="en-IE" timeZone="Europe/Dublin" currency="EUR">
      {children}
    </InterlockProvider>
  );
}
// [texts]
