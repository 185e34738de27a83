// SPDX-License-Identifier: Apache-2.0
// What can go wrong, one class for each thing that a caller would react to differently.
import type { RefusalCode } from './generated/api.js';

/** Everything that this library throws, besides the reason of a signal that the caller raised. */
export abstract class InterlockError extends Error {
  /** Tells the classes apart without instanceof, which fails between two copies of the library. */
  abstract readonly kind: 'refusal' | 'connection_lost' | 'timed_out' | 'unexpected_answer' | 'storage' | 'discarded';
  /** Whether the same request with the same key may simply be sent again. */
  abstract readonly retryable: boolean;
}

/** A problem document (RFC 9457) as the server sent it. */
export interface ProblemDocument {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly code?: RefusalCode | (string & {});
  readonly detail?: string;
  readonly field?: string;
  readonly limit?: number;
  readonly [member: string]: unknown;
}

/** The problem document of a stale base: what the change was based on, what there is now, what was wanted. */
export interface StaleVersion<R = Record<string, unknown>> extends ProblemDocument {
  /** The record as the change found it; null where the history does not reach back so far. */
  readonly base: R | null;
  readonly current: R;
  /** The fields in which the caller's change differs from the base. */
  readonly yours: Partial<R>;
  readonly clashing_fields: readonly (keyof R & string)[];
}

const retryableStatuses = [429, 503];

/** The server's "no", with a stable code; nothing was written. */
export class Refusal extends InterlockError {
  override readonly name = 'Refusal';
  readonly kind = 'refusal';
  readonly code: RefusalCode | (string & {});
  readonly field: string | undefined;
  readonly limit: number | undefined;

  constructor(
    readonly status: number,
    readonly document: ProblemDocument,
    /** What Retry-After asked for, in milliseconds. */
    readonly retryAfterMs?: number,
    /** Whether this is the stored answer to the key: then the same key will never be answered otherwise. */
    readonly replayed = false,
  ) {
    super(document.detail || document.title || `The server refused this (${status})`);
    this.code = document.code ?? `http_${status}`;
    this.field = document.field;
    this.limit = document.limit;
  }

  /** 429 and 503, `commit_unknown` included: the same key finds out. */
  get retryable(): boolean {
    return retryableStatuses.includes(this.status);
  }

  /** The document of a stale base, if this is one. */
  stale<R = Record<string, unknown>>(): StaleVersion<R> | undefined {
    return this.code === 'stale_version' ? (this.document as StaleVersion<R>) : undefined;
  }
}

/** No answer came: no network, connection refused or broken off. Whether the request had its effect is not known. */
export class ConnectionLost extends InterlockError {
  override readonly name = 'ConnectionLost';
  readonly kind = 'connection_lost';
  readonly retryable = true;
}

/** No answer came in time. Whether the request had its effect is not known. */
export class TimedOut extends InterlockError {
  override readonly name = 'TimedOut';
  readonly kind = 'timed_out';
  readonly retryable = true;
}

/** How an answer was not what this server sends. */
export type UnexpectedReason = 'html' | 'empty' | 'broken_json' | 'gateway' | 'server_error';

/** Something answered, but not as this server does: a log-in page of the network, a proxy, a program that failed. */
export class UnexpectedAnswer extends InterlockError {
  override readonly name = 'UnexpectedAnswer';
  readonly kind = 'unexpected_answer';

  constructor(
    readonly reason: UnexpectedReason,
    readonly status: number,
    /** The beginning of what was sent. */
    readonly excerpt: string,
    readonly retryAfterMs?: number,
  ) {
    super(`${unexpectedTexts[reason]} (status ${status})`);
  }

  /** A proxy that cannot reach the server is a lost connection; everything else does not mend itself. */
  get retryable(): boolean {
    return this.reason === 'gateway';
  }
}

const unexpectedTexts: Record<UnexpectedReason, string> = {
  html: 'A web page came instead of an answer; the address is wrong or the network asks for a log-in',
  empty: 'The answer is empty',
  broken_json: 'The answer is damaged',
  gateway: 'A server in between cannot reach the server',
  server_error: 'The server failed',
};

/** Actions cannot be kept in this browser. */
export class StorageFailed extends InterlockError {
  override readonly name = 'StorageFailed';
  readonly kind = 'storage';
  readonly retryable = false;

  constructor(
    /** full: no room is left; unavailable: a private window, or storage is switched off; failed: anything else. */
    readonly reason: 'full' | 'unavailable' | 'failed',
    options?: ErrorOptions,
  ) {
    super(storageTexts[reason], options);
  }
}

const storageTexts = {
  full: 'The storage of this browser is full; actions are not kept if the tab closes',
  unavailable: 'This browser keeps nothing here (a private window?); actions are not kept if the tab closes',
  failed: 'The storage of this browser failed; actions are not kept if the tab closes',
};

/** The user dropped the action before it was answered. */
export class Discarded extends InterlockError {
  override readonly name = 'Discarded';
  readonly kind = 'discarded';
  readonly retryable = false;
}

/** Whether an error is of this library, of whichever copy. */
export function isInterlockError(error: unknown): error is InterlockError {
  return error instanceof Error && 'kind' in error && 'retryable' in error;
}
