// SPDX-License-Identifier: Apache-2.0
// What a queue tells its user, and what the tabs tell each other about it.
import {
  type InterlockError,
  type ProblemDocument,
  Refusal,
  type StorageFailed,
  UnexpectedAnswer,
  type UnexpectedReason,
} from '../errors.js';
import type { StoredAction, StoredError } from './action.js';
import type { Standing } from './order.js';

/** What the sender is doing, in whichever tab it lives. */
export type SenderState =
  /** Nothing waits that could be sent. */
  | 'idle'
  | 'sending'
  /** The server cannot be reached, or is busy: tried again by itself. */
  | 'offline'
  /** The server was reached and does not answer: what was sent may be done. Asked again by itself, under the same key. */
  | 'unanswered'
  /** Log in again: the actions wait. */
  | 'logged_out'
  /** Somebody else is logged in: their session sends nothing of this user's. */
  | 'other_user'
  /** Something answers that is not the server: a log-in page of the network? Tried again by itself. */
  | 'unexpected';

/** A queue as its user sees it. */
export interface QueueStatus {
  readonly state: SenderState;
  /** Actions that go out by themselves; those that were refused; those that are held or too old. */
  readonly waiting: number;
  readonly refused: number;
  readonly held: number;
  /** Why the sender does not get on. */
  readonly error?: string;
  /** When it tries again, in milliseconds since 1970. */
  readonly nextTryAt?: number;
  /** Set when actions cannot be kept over the end of the tab. */
  readonly storage?: StorageFailed;
}

/** One action as its user sees it. */
export interface QueuedAction {
  readonly key: string;
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** The record that it makes or changes first. */
  readonly id: string | undefined;
  readonly standing: Standing;
  /** The key of the action that it waits for the user to settle. */
  readonly heldBy?: string;
  readonly madeAt: Date;
  /** Above zero it may have had its effect already; the key keeps it from having two. */
  readonly tries: number;
  readonly error?: InterlockError;
  readonly durable: boolean;
}

/** How an action ended. */
export type Outcome =
  | { readonly ok: true; readonly answer: unknown; readonly seq: number | undefined }
  | { readonly ok: false; readonly error: StoredError };

/** Why the sender rests, and until when. */
export interface Rest {
  readonly state: Exclude<SenderState, 'sending'>;
  readonly error?: string;
  readonly nextTryAt?: number;
}

/** What the tabs of one owner tell each other. */
export type QueueMessage =
  | { readonly kind: 'added'; readonly action: StoredAction }
  | { readonly kind: 'changed' }
  | { readonly kind: 'settled'; readonly action: StoredAction; readonly outcome: Outcome }
  | { readonly kind: 'sending' }
  | { readonly kind: 'rested'; readonly rest: Rest; readonly wakes: readonly string[] }
  | { readonly kind: 'wake'; readonly id: string };

/** An error as it is kept. */
export function storedError(error: Refusal | UnexpectedAnswer): StoredError {
  return error.kind === 'refusal'
    ? { kind: error.kind, status: error.status, document: error.document, replayed: error.replayed }
    : { kind: error.kind, reason: error.reason, status: error.status, excerpt: error.excerpt };
}

/** The error that was kept. */
export function errorOf(stored: StoredError): Refusal | UnexpectedAnswer {
  return stored.kind === 'refusal'
    ? new Refusal(stored.status, stored.document as ProblemDocument, undefined, stored.replayed)
    : new UnexpectedAnswer(stored.reason as UnexpectedReason, stored.status, stored.excerpt);
}
