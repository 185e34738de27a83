// SPDX-License-Identifier: Apache-2.0
// What the guides quote: one page with everything. browser.test.ts clicks through it in front of the real server.
import type { Customer, InterlockClient } from '@interlock/client';
import { type ReactNode, useState } from 'react';
import {
  CommentThread,
  ConflictDialog,
  english,
  type FieldViews,
  HistoryPanel,
  InterlockProvider,
  OfflineIndicator,
  PresenceNote,
  ProblemMessage,
  SyncButton,
  spanish,
  useLease,
  useLiveQuery,
  useLiveRecord,
  useRecordEdit,
  useSyncMutation,
} from '../../src/index.js';

// [provider]
export function App({ client, id }: { client: InterlockClient; id: string }): ReactNode {
  const [language, setLanguage] = useState('en');
  return (
    <InterlockProvider
      client={client}
      texts={language === 'es' ? spanish : english}
      locale={language === 'es' ? 'es-ES' : 'en-GB'}
      timeZone="Europe/Madrid"
      onLogIn={() => location.assign('/log-in')}
    >
      <OfflineIndicator fieldsOf={(collection) => (collection === 'customers' ? fields : undefined)} />
      <button type="button" onClick={() => setLanguage(language === 'es' ? 'en' : 'es')}>
        {language === 'es' ? 'English' : 'Español'}
      </button>
      <CustomerPage id={id} />
      <Contacted />
    </InterlockProvider>
  );
}
// [provider]

// [edit]
const fields: FieldViews<Customer> = {
  phone: { label: 'Phone' },
  address: { label: 'Address' },
  status: { label: 'Status' },
};

function CustomerForm({ customer }: { customer: Customer }) {
  const edit = useRecordEdit('customers', customer);
  const lease = useLease(customer.id, { hold: edit.changed });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void edit.save();
      }}
    >
      <PresenceNote subject={customer.id} state={edit.changed ? 'editing' : 'viewing'} lease={lease} />
      {(['phone', 'address'] as const).map((field) => (
        <label key={field}>
          {fields[field]?.label}
          <input value={edit.values?.[field] ?? ''} onChange={(event) => edit.set(field, event.target.value)} />
        </label>
      ))}
      <button type="submit" aria-disabled={!edit.changed || edit.busy}>
        Save
      </button>
      {edit.restored && <p>Not saved yet: from before this page was loaded</p>}
      {edit.state === 'failed' && !edit.conflict && (
        <ProblemMessage error={edit.error} onRetry={edit.save} onResolve={edit.compare} onTakeOver={lease.takeOver} />
      )}
      <ConflictDialog conflict={edit.conflict} fields={fields} onResolve={edit.resolve} onCancel={edit.leaveConflict} />
    </form>
  );
}
// [edit]

// [button]
function MarkContacted({ customer }: { customer: Customer }) {
  const mark = useSyncMutation('customers/set-status', { optimistic: ({ status }) => ({ status }) });
  const request = { id: customer.id, status: 'contacted' };
  return (
    <SyncButton action={mark} request={request} pendingLabel="Marking…" doneLabel="Contacted">
      Mark as contacted
    </SyncButton>
  );
}
// [button]

// [record]
function CustomerPage({ id }: { id: string }) {
  const { record, isPending, missing, status, error, refresh } = useLiveRecord('customers', id);
  if (missing) return <p>This customer was deleted, or you may not see it any more.</p>;
  if (status === 'failed') return <ProblemMessage error={error} onRetry={refresh} />;
  if (!record) return <p>Loading…</p>;
  return (
    <main>
      <h1>{record.name}</h1>
      <p id="status">
        {record.status}
        {isPending && ' (pending)'}
      </p>
      <MarkContacted customer={record} />
      <CustomerForm customer={record} />
      <CommentThread subject={id} />
      <HistoryPanel collection="customers" id={id} fields={fields} />
    </main>
  );
}
// [record]

// [list]
function Contacted() {
  const { items, pending, hasMore, fetchMore, status } = useLiveQuery('customers', {
    status: 'contacted',
    sort: '-updated_at',
    limit: 20,
  });
  return (
    <aside aria-label="Contacted" aria-busy={status === 'loading'}>
      {status === 'reconnecting' && <p>Reconnecting: this list may be old.</p>}
      <ul>
        {items.map(({ id, name }) => (
          <li key={id}>
            {name}
            {pending.has(id) && ' (pending)'}
          </li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" onClick={fetchMore}>
          More
        </button>
      )}
    </aside>
  );
}
// [list]
