// SPDX-License-Identifier: Apache-2.0
// What the examples show.
import {
  ConnectionLost,
  type HistoryEntry,
  type InterlockError,
  type QueuedAction,
  Refusal,
  type StaleVersion,
  StorageFailed,
  TimedOut,
  UnexpectedAnswer,
} from '@interlock/client';
import type { Mutation, MutationState } from '../src/index.js';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
export const ana = 'user_01kdvdna02e00amycd00000001';
export const ben = 'user_01kdvdna02e00amycd00000002';
export const names: Readonly<Record<string, string>> = { [ana]: 'Ana Ruiz', [ben]: 'Ben Ortega' };
export const subject = 'customer_01kdvdna02e00amycd00000001';

const refused = (status: number, code: string, more: object = {}) => new Refusal(status, { status, code, ...more });

/** One error for each thing that a person would do next. */
export const problems: readonly (readonly [string, InterlockError])[] = [
  ['401', refused(401, 'unauthenticated')],
  ['403', refused(403, 'forbidden')],
  ['404', refused(404, 'not_found')],
  ['409 stale', refused(409, 'stale_version')],
  ['409 state', refused(409, 'no_transition')],
  ['422', refused(422, 'too_long', { field: 'name', limit: 200 })],
  ['423', refused(423, 'leased', { holder: { id: ben, name: 'Ben Ortega', expires_at: ago(-1) } })],
  ['429', new Refusal(429, { code: 'too_many', limit: 100 }, 30_000)],
  ['503', new Refusal(503, { code: 'overloaded' }, 5_000)],
  ['503 unknown', refused(503, 'commit_unknown')],
  ['lost', new ConnectionLost('lost')],
  ['late', new TimedOut('late')],
  ['page', new UnexpectedAnswer('html', 200, '<html>')],
  ['500', new UnexpectedAnswer('server_error', 500, '')],
];

/** A mutation that stays in one state. */
export function still(state: MutationState, error?: unknown): Mutation<object, unknown> {
  return {
    state,
    busy: state === 'pending' || state === 'queued' || state === 'refreshing',
    answer: undefined,
    error,
    run: async () => ({ ok: true, answer: undefined }),
    retry: async () => undefined,
    refreshAgain: async () => {},
    reset: () => {},
    discard: async () => {},
  };
}

interface Sample {
  id: string;
  version: number;
  phone: string;
  status: string;
  tags: string[];
  address: string;
}

const before: Sample = {
  id: subject,
  version: 3,
  phone: '+34 91 100 20 30',
  status: 'contacted',
  tags: ['harbour'],
  address: 'Calle Mayor 4, Madrid',
};

export const conflict: StaleVersion<Sample> = {
  code: 'stale_version',
  base: before,
  current: { ...before, version: 5, phone: '+34 91 555 00 11', status: 'won' },
  yours: {
    phone: '+34 600 700 800',
    status: 'lost',
    address: 'Calle Mayor 4, third floor on the left, ring twice, Madrid',
  },
  clashing_fields: ['phone', 'status'],
};

export const fields = {
  name: { label: 'Name' },
  phone: { label: 'Phone' },
  status: { label: 'Status' },
  address: { label: 'Address' },
  tags: { label: 'Tags' },
  assigned_to: { label: 'Assigned to' },
};

export const history: readonly HistoryEntry[] = [
  {
    seq: 90,
    version: 4,
    at: ago(3),
    actor: { id: ben, name: 'Ben Ortega' },
    operation: 'customers/update',
    changes: {
      phone: { from: '+34 91 100 20 30', to: '+34 91 555 00 11' },
      tags: { from: ['harbour'], to: ['harbour', 'boats'] },
    },
  },
  {
    seq: 80,
    version: 3,
    at: ago(140),
    actor: { id: ana, name: 'Ana Ruiz' },
    operation: 'customers/set-status',
    changes: { status: { from: 'new', to: 'contacted' } },
  },
  {
    seq: 70,
    version: 2,
    at: ago(60 * 26),
    actor: { id: null, name: '' },
    operation: 'customers/update',
    changes: { assigned_to: { from: null, to: ana } },
  },
  {
    seq: 60,
    version: 1,
    at: ago(60 * 24 * 12),
    actor: { id: ben, name: 'Ben Ortega' },
    operation: 'customers/create',
    changes: { name: { from: null, to: 'Marina Soto' }, phone: { from: null, to: '+34 91 100 20 30' } },
  },
];

const comment = (n: number, by: string, minutes: number, text: string, reply_to: string | null = null) => ({
  id: `comment_01kdvdna02e00amycd0000000${n}`,
  version: 1,
  created_at: ago(minutes),
  updated_at: ago(minutes),
  created_by: by,
  subject,
  text,
  reply_to,
});

/** Newest first, as the list has them. */
export const comments = [
  comment(4, ana, 0, 'I will bring the contract to them.'),
  comment(3, ben, 12, 'She prefers mornings.\nBefore ten, if possible.', 'comment_01kdvdna02e00amycd00000002'),
  comment(
    2,
    ana,
    45,
    'Called twice; she asks for an offer for two berths from May on, and for the price of the crane.',
  ),
  comment(1, ben, 60 * 30, 'Met at the fair.'),
];

const queued = (n: number, parts: Partial<QueuedAction>): QueuedAction => ({
  key: `key-${n}`,
  operation: 'customers/update',
  request: { id: subject, phone: '+34 600 700 800' },
  id: subject,
  standing: 'ready',
  madeAt: new Date(Date.now() - n * 600_000),
  tries: 0,
  durable: true,
  ...parts,
});

export const waiting: readonly QueuedAction[] = [
  queued(1, { operation: 'customers/create', request: { name: 'Marina Soto' } }),
  queued(2, { operation: 'comments/create', request: { text: 'Called, wants an offer' }, standing: 'waiting' }),
  queued(3, {}),
];

export const aside: readonly QueuedAction[] = [
  queued(4, { standing: 'refused', tries: 1, error: refused(409, 'stale_version') }),
  queued(5, {
    operation: 'comments/create',
    request: { text: 'about a customer who is not there', subject },
    standing: 'held',
    heldBy: 'key-4',
  }),
  queued(6, { operation: 'customers/create', request: { name: 'Old Harbour Ltd' }, standing: 'too_old', tries: 2 }),
];

export const refusedComment = queued(7, {
  operation: 'comments/create',
  request: { text: 'This one is a little too long for the server.', subject },
  standing: 'refused',
  error: refused(422, 'too_long', { field: 'text', limit: 8_000 }),
});

export const storageFull = new StorageFailed('full');
