// SPDX-License-Identifier: Apache-2.0
// One action on many customers: each for itself, with a key of its own, so that the rest may be sent again without doing
// anything twice.
import {
  type BatchResult,
  type Customer,
  type InterlockClient,
  isInterlockError,
  type Refusal,
} from '@interlock/client';

/** What is done to one customer. */
export interface BulkStep {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly operation: 'customers/create' | 'customers/set-status' | 'customers/update' | 'customers/delete';
  readonly request: object;
  /** Of a status: from what to what. */
  readonly move?: { readonly from: string; readonly to: string };
}

export interface BulkPlan {
  readonly steps: readonly BulkStep[];
  /** Customers that are so already. */
  readonly unchanged: number;
}

/** What became of the steps. */
export interface BulkState {
  readonly done: number;
  readonly refused: readonly { readonly step: BulkStep; readonly refusal: Refusal }[];
  /** Not sent, or sent without an answer: the same keys find out. */
  readonly rest: readonly BulkStep[];
  /** Why it stopped before the end. */
  readonly error?: unknown;
}

export type BulkChange =
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'assign'; readonly user: string | null }
  | { readonly kind: 'tag' | 'untag'; readonly tag: string }
  | { readonly kind: 'delete' };

/** Operations in one call: few enough to show how it goes on. */
const chunkSteps = 100;

function stepFor(one: Customer, change: BulkChange): Pick<BulkStep, 'operation' | 'request' | 'move'> | undefined {
  const base = { id: one.id, version: one.version };
  switch (change.kind) {
    case 'status':
      if (one.status === change.status) return undefined;
      return {
        operation: 'customers/set-status',
        request: { id: one.id, status: change.status, expected_status: one.status },
        move: { from: one.status, to: change.status },
      };
    case 'assign':
      if (one.assigned_to === change.user) return undefined;
      return { operation: 'customers/update', request: { ...base, assigned_to: change.user } };
    case 'tag':
      if (one.tags.includes(change.tag)) return undefined;
      return { operation: 'customers/update', request: { ...base, tags: [...one.tags, change.tag] } };
    case 'untag':
      if (!one.tags.includes(change.tag)) return undefined;
      return {
        operation: 'customers/update',
        request: { ...base, tags: one.tags.filter((tag) => tag !== change.tag) },
      };
    case 'delete':
      return { operation: 'customers/delete', request: base };
  }
}

/** What has to be sent for a change of many. */
export function planBulk(customers: readonly Customer[], change: BulkChange, newKey: () => string): BulkPlan {
  const steps = customers.flatMap((one): BulkStep[] => {
    const step = stepFor(one, change);
    return step ? [{ id: one.id, name: one.name, key: newKey(), ...step }] : [];
  });
  return { steps, unchanged: customers.length - steps.length };
}

/** Sends the steps; tells after each call how it stands. Never rejects for what the server or the network may do. */
export async function runBulk(
  client: Pick<InterlockClient, 'batch'>,
  steps: readonly BulkStep[],
  onProgress: (state: BulkState) => void,
): Promise<BulkState> {
  let state: BulkState = { done: 0, refused: [], rest: steps };
  while (state.rest.length > 0 && state.error === undefined) {
    const now = state.rest.slice(0, chunkSteps);
    try {
      state = after(state, now, await send(client, now));
    } catch (error) {
      if (!isInterlockError(error)) throw error;
      state = { ...state, error };
    }
    onProgress(state);
  }
  return state;
}

function send(client: Pick<InterlockClient, 'batch'>, steps: readonly BulkStep[]): Promise<BatchResult[]> {
  const batch = client.batch('each');
  for (const { operation, request, key } of steps) batch.add(operation, request as never, { key });
  return batch.send();
}

/** A refusal that may come otherwise next time (busy, not known yet) leaves its step in the rest. */
function after(state: BulkState, sent: readonly BulkStep[], results: readonly BatchResult[]): BulkState {
  const refused = [...state.refused];
  const again: BulkStep[] = [];
  let { done, error } = state;
  sent.forEach((step, index) => {
    const result = results[index]!;
    if (result.ok) {
      done += 1;
    } else if (result.refusal.retryable) {
      again.push(step);
      error = result.refusal;
    } else {
      refused.push({ step, refusal: result.refusal });
    }
  });
  return { done, refused, rest: [...again, ...state.rest.slice(sent.length)], ...(error !== undefined && { error }) };
}
