// SPDX-License-Identifier: Apache-2.0
import type { AnswerOf, OperationName, PlainCall, RequestOf } from '@interlock/client';
import { useMemo, useSyncExternalStore } from 'react';
import { useInterlock } from '../provider.js';
import {
  findWaiting,
  type MutationOptions,
  type MutationState,
  MutationStore,
  type Result,
  type RunOptions,
  type Target,
} from '../stores/mutation_store.js';
import type { QueueState } from '../stores/queue_store.js';
import { useQueuePart } from './use_queue_status.js';

/** An action that a component can start. */
export interface Mutation<R, A> {
  readonly state: MutationState;
  /** Whether a click would start nothing. */
  readonly busy: boolean;
  readonly answer: A | undefined;
  /** Why it failed, or why the page could not be brought up to date. */
  readonly error: unknown;
  /** Starts it; while one is on its way, that one is answered instead. Never rejects. */
  run(request: R, options?: RunOptions): Promise<Result<A>>;
  /** The same once more: nothing happens twice. */
  retry(): Promise<Result<A> | undefined>;
  /** Brings the page up to date where only that failed. */
  refreshAgain(): Promise<void>;
  /** Forgets how it ended. */
  reset(): void;
  /** Forgets how it ended, and drops what was set aside in the queue. */
  discard(): Promise<void>;
}

/** How an action is made, for a hook. */
export interface SyncMutationOptions<R, A> extends MutationOptions<R, A> {
  /** What a click will send, where that is known: what waits since before a reload then shows as queued. */
  readonly request?: R | undefined;
}

// The call stands first, so that its members, written in place, have the types that are wanted.
/** A call of any server that knows `Idempotency-Key`. */
export function useSyncMutation<R, A = unknown>(
  call: (request: R) => PlainCall,
  options?: SyncMutationOptions<R, A>,
): Mutation<R, A>;
/** A named operation: one action per run, kept over a lost network unless `via` says otherwise. */
export function useSyncMutation<O extends OperationName>(
  operation: O,
  options?: SyncMutationOptions<RequestOf<O>, AnswerOf<O>>,
): Mutation<RequestOf<O>, AnswerOf<O>>;
export function useSyncMutation<R, A>(target: Target<R>, options: SyncMutationOptions<R, A> = {}): Mutation<R, A> {
  const client = useInterlock();
  const kind = typeof target === 'string' ? target : 'call';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a call is made anew with every drawing; the latest one counts
  const store = useMemo(() => new MutationStore<R, A>(client, target), [client, kind]);
  store.target = target;
  store.options = options;
  const snapshot = useSyncExternalStore(store.subscribe, store.get, store.get);

  const { request, via } = options;
  const operation = typeof target === 'string' ? target : undefined;
  const waits = useQueuePart(via === undefined || via === 'queue', (state) =>
    waitingState(state, { key: snapshot.key, operation, request }),
  );

  const state = stateOf(snapshot.state, waits);
  const busy = state === 'pending' || state === 'queued' || state === 'refreshing';
  const { run, retry, refreshAgain, reset, discard } = store;
  return useMemo(
    () => ({
      state,
      busy,
      answer: snapshot.answer,
      error: snapshot.error,
      run,
      retry,
      refreshAgain,
      reset,
      discard,
    }),
    [state, busy, snapshot, run, retry, refreshAgain, reset, discard],
  );
}

type Waiting = 'queued' | 'sending' | undefined;

/** Whether the queue has the action, and gets on with it. */
function waitingState(
  { status, items }: QueueState,
  { key, operation, request }: { key: string | undefined; operation: string | undefined; request: unknown },
): Waiting {
  if (!status || items.length === 0) return undefined;
  const item =
    items.find((one) => one.key === key) ??
    (operation && request ? findWaiting(items, operation, request as Readonly<Record<string, unknown>>) : undefined);
  if (!item || item.standing === 'refused' || item.standing === 'too_old') return undefined;
  const getsOn = status.state === 'sending' || status.state === 'idle';
  return getsOn && item.standing !== 'held' ? 'sending' : 'queued';
}

function stateOf(own: Exclude<MutationState, 'queued'>, waits: Waiting): MutationState {
  if (own === 'refreshing') return own;
  if (own === 'pending') return waits === 'queued' ? 'queued' : own;
  if (waits === undefined) return own;
  return waits === 'queued' ? 'queued' : 'pending';
}
