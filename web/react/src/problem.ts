// SPDX-License-Identifier: Apache-2.0
// What an error means to a person: a title, what to make of it, and the one way on that helps.
import {
  holderOf,
  type InterlockError,
  isInterlockError,
  type Refusal,
  type UnexpectedAnswer,
} from '@interlock/client';
import type { Format } from './format.js';
import type { ProblemText, Texts } from './texts/english.js';

/** What helps. */
export type WayOn =
  /** The same action again, with the same key: nothing happens twice. */
  | 'retry'
  | 'log_in'
  /** Look at what there is now. */
  | 'reload'
  /** Compare both changes. */
  | 'resolve'
  /** Change what was entered. */
  | 'mend'
  | 'take_over'
  | 'none';

/** A problem as people are told it. */
export interface Problem extends ProblemText {
  readonly kind: ProblemKind;
  readonly wayOn: WayOn;
  /** The field that a refusal is about. */
  readonly field?: string;
}

/** One kind for each thing that a person would do next. */
export type ProblemKind = keyof Texts['problems'];

const kindsByStatus: Readonly<Record<number, ProblemKind>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'conflict',
  423: 'leased',
  429: 'too_many',
  503: 'busy',
};

const waysOn: Readonly<Record<ProblemKind, WayOn>> = {
  unauthenticated: 'log_in',
  forbidden: 'none',
  not_found: 'reload',
  conflict: 'reload',
  invalid: 'mend',
  leased: 'take_over',
  too_many: 'retry',
  busy: 'retry',
  connection_lost: 'retry',
  gateway: 'retry',
  timed_out: 'retry',
  network_page: 'retry',
  damaged: 'retry',
  unexpected: 'retry',
  storage: 'none',
  discarded: 'none',
  unknown: 'reload',
};

/** Codes whose way on is another than that of their status. */
const waysOnByCode: Readonly<Record<string, WayOn>> = {
  stale_version: 'resolve',
  not_unique: 'mend',
  id_taken: 'mend',
  referenced: 'none',
  last_owner: 'none',
  login_failed: 'mend',
  unknown_field: 'reload',
  key_reused: 'none',
  link_invalid: 'none',
  secret_shown_once: 'none',
  already_set_up: 'log_in',
  out_of_service: 'none',
};

/** Tells an error. `now`: for when it may be tried again. */
export function describeProblem(error: unknown, texts: Texts, format: Format, now: Date = new Date()): Problem {
  if (!isInterlockError(error)) return { kind: 'unknown', wayOn: waysOn.unknown, ...texts.problems.unknown };
  const kind = kindOf(error);
  const refusal = error.kind === 'refusal' ? (error as Refusal) : undefined;
  const own = refusal && texts.codes[refusal.code];
  const { title, text } = own ?? texts.problems[kind];
  const wayOn = (refusal && waysOnByCode[refusal.code]) ?? waysOn[kind];
  const more = refusal ? detailsOf(refusal, !own, texts, format, now) : [];
  return { kind, wayOn, title, text: [text, ...more].join(' '), ...(refusal?.field && { field: refusal.field }) };
}

function kindOf(error: InterlockError): ProblemKind {
  switch (error.kind) {
    case 'refusal':
      return kindOfStatus((error as Refusal).status);
    case 'unexpected_answer':
      return kindOfAnswer(error as UnexpectedAnswer);
    case 'connection_lost':
    case 'timed_out':
    case 'storage':
    case 'discarded':
      return error.kind;
  }
}

function kindOfStatus(status: number): ProblemKind {
  return kindsByStatus[status] ?? (status >= 500 ? 'unexpected' : 'invalid');
}

function kindOfAnswer({ reason, status }: UnexpectedAnswer): ProblemKind {
  switch (reason) {
    case 'html':
      return 'network_page';
    case 'gateway':
      return status === 429 ? 'too_many' : 'gateway';
    case 'empty':
    case 'broken_json':
      return 'damaged';
    case 'server_error':
      return 'unexpected';
  }
}

/** What only this refusal can tell: the holder, the limit, the time; the server's own words where the catalogue has none. */
function detailsOf(refusal: Refusal, unknownCode: boolean, texts: Texts, format: Format, now: Date): string[] {
  const holder = holderOf(refusal);
  const isAboutInput = kindOfStatus(refusal.status) === 'invalid' || kindOfStatus(refusal.status) === 'conflict';
  const detail = refusal.document.detail;
  return [
    ...(holder ? [texts.heldBy(holder.name)] : []),
    ...(unknownCode && isAboutInput && detail ? [detail] : []),
    ...(refusal.limit !== undefined && refusal.status !== 429 ? [texts.atMost(limitText(refusal, format))] : []),
    ...(refusal.retryAfterMs
      ? [texts.tryAgain(format.relative(new Date(now.getTime() + refusal.retryAfterMs), now))]
      : []),
  ];
}

/** Limits count what the field holds; those of a whole request are sizes. */
function limitText({ code, limit = 0 }: Refusal, format: Format): string {
  return code === 'body_too_large' || code === 'header_too_large' ? format.bytes(limit) : format.number(limit);
}
