// SPDX-License-Identifier: Apache-2.0
import type { QueueStatus } from '@interlock/client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import {
  CommentThread,
  ConflictDialog,
  english,
  HistoryPanel,
  InterlockProvider,
  OfflineIndicator,
  PresenceNote,
  ProblemMessage,
  SyncButton,
  spanish,
  useLease,
} from '../src/index.js';
import * as samples from './samples.js';
import { type Stage, staged } from './stage.js';

interface GalleryProps {
  readonly language: 'en' | 'es';
  /** conflict: the dialog is open. */
  readonly show: string | null;
}

/** Every component in every state. */
export function Gallery({ language, show }: GalleryProps): ReactNode {
  const on = (stage: Stage, children: ReactNode) => (
    <Staged stage={stage} language={language}>
      {children}
    </Staged>
  );
  return (
    <main className="g-page">
      <header>
        <h1>@interlock/react</h1>
        <p>Every component in every state.</p>
      </header>
      {on({}, <Buttons />)}
      {on({}, <Problems />)}
      {on({}, <Conflicts isOpen={show === 'conflict'} />)}
      <Part title="OfflineIndicator" wide>
        {indicators.map(([caption, stage, isOpen]) => (
          <Example key={caption} caption={caption}>
            {on(stage, isOpen ? <Opened /> : <OfflineIndicator />)}
          </Example>
        ))}
      </Part>
      <Part title="CommentThread" wide>
        {threads.map(([caption, stage]) => (
          <Example key={caption} caption={caption}>
            {on(stage, <CommentThread subject={samples.subject} />)}
          </Example>
        ))}
      </Part>
      <Part title="HistoryPanel" wide>
        {histories.map(([caption, stage]) => (
          <Example key={caption} caption={caption}>
            {on(stage, <HistoryPanel collection="customers" id={samples.subject} fields={samples.fields} />)}
          </Example>
        ))}
      </Part>
      <Part title="PresenceNote">
        {presences.map(([caption, stage]) => (
          <Example key={caption} caption={caption}>
            {on(stage, <Note />)}
          </Example>
        ))}
      </Part>
    </main>
  );
}

function Staged({ stage, language, children }: { stage: Stage; language: 'en' | 'es'; children: ReactNode }) {
  const [client] = useState(() => staged(stage));
  const texts = language === 'es' ? spanish : english;
  return (
    <InterlockProvider
      client={client}
      texts={texts}
      locale={language === 'es' ? 'es-ES' : 'en-GB'}
      timeZone="Europe/Madrid"
      nameOf={(user) => samples.names[user]}
      onLogIn={() => {}}
    >
      {children}
    </InterlockProvider>
  );
}

function Part({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className="g-part">
      <h2>{title}</h2>
      <div className={wide ? 'g-examples g-wide' : 'g-examples'}>{children}</div>
    </section>
  );
}

function Example({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <figure className="g-example">
      <figcaption>{caption}</figcaption>
      {children}
    </figure>
  );
}

const variants = ['primary', 'secondary', 'danger', 'ghost'] as const;

function Buttons() {
  const lost = samples.problems.find(([name]) => name === 'lost')?.[1];
  const states = [
    samples.still('pending'),
    samples.still('queued'),
    samples.still('done'),
    samples.still('failed', lost),
    samples.still('done_not_refreshed', lost),
  ];
  const request = {};
  return (
    <Part title="SyncButton">
      {(['md', 'sm'] as const).map((size) => (
        <Example key={size} caption={`idle, ${size}`}>
          <div className="g-row">
            {variants.map((variant) => (
              <SyncButton key={variant} action={samples.still('idle')} request={request} variant={variant} size={size}>
                Convert
              </SyncButton>
            ))}
          </div>
        </Example>
      ))}
      <Example caption="pending and disabled, each variant">
        <div className="g-row">
          {variants.map((variant) => (
            <SyncButton key={variant} action={samples.still('pending')} request={request} variant={variant}>
              Convert
            </SyncButton>
          ))}
          <SyncButton action={samples.still('idle')} request={request} disabled>
            Convert
          </SyncButton>
        </div>
      </Example>
      {states.map((action) => (
        <Example key={action.state} caption={action.state}>
          <SyncButton action={action} request={request} pendingLabel="Converting…" doneLabel="Converted">
            Convert
          </SyncButton>
        </Example>
      ))}
    </Part>
  );
}

function Problems() {
  const nothing = () => {};
  return (
    <Part title="ProblemMessage">
      {samples.problems.map(([name, error]) => (
        <Example key={name} caption={name}>
          <ProblemMessage
            error={error}
            onRetry={nothing}
            onReload={nothing}
            onResolve={nothing}
            onTakeOver={nothing}
            onDismiss={nothing}
            fieldLabel={() => 'Name'}
          />
        </Example>
      ))}
    </Part>
  );
}

function Conflicts({ isOpen }: { isOpen: boolean }) {
  const [open, setOpen] = useState(isOpen);
  const close = () => setOpen(false);
  return (
    <Part title="ConflictDialog">
      <Example caption="opens over the page">
        <button type="button" className="il-button il-button-secondary il-button-md" onClick={() => setOpen(true)}>
          ConflictDialog
        </button>
        <ConflictDialog
          conflict={open ? samples.conflict : undefined}
          fields={samples.fields}
          onCancel={close}
          onResolve={async () => {
            close();
            return undefined;
          }}
        />
      </Example>
    </Part>
  );
}

/** The indicator with its list open. */
function Opened() {
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const button = around.current?.querySelector<HTMLElement>('[aria-expanded="false"]');
    button?.click();
  }, []);
  return (
    <div ref={around}>
      <OfflineIndicator onOpenRecord={() => {}} />
    </div>
  );
}

const status = (more: Partial<QueueStatus>): QueueStatus => ({
  state: 'idle',
  waiting: 0,
  refused: 0,
  held: 0,
  ...more,
});
const nextTryAt = Date.now() + 60_000;

const indicators: readonly (readonly [string, Stage, boolean?])[] = [
  ['everything saved', {}],
  ['sending', { queue: status({ state: 'sending', waiting: 3 }), items: samples.waiting }],
  ['offline', { queue: status({ state: 'offline' }) }],
  ['offline, with a queue', { queue: status({ state: 'offline', waiting: 1_204 }) }],
  ['set aside', { queue: status({ refused: 1, held: 2 }), items: samples.aside }],
  ['offline and set aside', { queue: status({ state: 'offline', waiting: 3, refused: 1 }) }],
  ['reconnecting', { feed: 'reconnecting' }],
  ['another user', { queue: status({ state: 'other_user', waiting: 3 }), items: samples.waiting }],
  ['a network in between', { queue: status({ state: 'unexpected', waiting: 3 }), items: samples.waiting }],
  ['storage full', { queue: status({ storage: samples.storageFull }) }],
  ['logged out', { loggedOut: true }],
  ['open: nothing waits', {}, true],
  ['open: offline', { queue: status({ state: 'offline', waiting: 3, nextTryAt }), items: samples.waiting }, true],
  [
    'open: set aside',
    {
      queue: status({ waiting: 1, refused: 1, held: 2, storage: samples.storageFull }),
      items: [...samples.aside, ...samples.waiting],
    },
    true,
  ],
];

const comments = (more: object) => ({ comments: { items: samples.comments, ...more } });
const lost = samples.problems.find(([name]) => name === 'lost')![1];
const forbidden = samples.problems.find(([name]) => name === '403')![1];

const threads: readonly (readonly [string, Stage])[] = [
  [
    'with one that is not sent yet',
    { lists: comments({ pending: new Set([samples.comments[0]!.id]), hasMore: true }) },
  ],
  ['one was not accepted', { lists: comments({ items: samples.comments.slice(2) }), items: [samples.refusedComment] }],
  ['empty', {}],
  ['loading', { lists: comments({ status: 'loading', items: [] }) }],
  ['failed', { lists: comments({ status: 'failed', items: [], error: lost }) }],
];

const histories: readonly (readonly [string, Stage])[] = [
  ['changes', { history: samples.history }],
  ['empty', { history: [] }],
  ['loading', { history: 'never' }],
  ['failed', { history: forbidden }],
];

const at = { subject: samples.subject, lease: null };
const person = (n: number, state: 'viewing' | 'editing') => ({
  id: `user_${n}`,
  name: ['Ben', 'Eva', 'Leo', 'Mia'][n]!,
  state,
});
const holder = { id: samples.ben, name: 'Ben Ortega', expires_at: new Date(Date.now() + 30_000).toISOString() };

const presences: readonly (readonly [string, Stage])[] = [
  ['one edits', { presence: { ...at, users: [person(0, 'editing')] } }],
  [
    'two edit, two look',
    {
      presence: {
        ...at,
        users: [0, 1].map((n) => person(n, 'editing')).concat([2, 3].map((n) => person(n, 'viewing'))),
      },
    },
  ],
  ['one looks', { presence: { ...at, users: [person(1, 'viewing')] } }],
  ['somebody else has it', { holder, presence: { ...at, users: [person(0, 'editing')] } }],
  ['I have it', {}],
];

function Note() {
  const lease = useLease(samples.subject, { hold: true });
  return <PresenceNote subject={samples.subject} lease={lease} />;
}
