// SPDX-License-Identifier: Apache-2.0
// An action: one thing that a user did, with the key that makes it happen once. It is kept until the server has answered.
import { operationCall, operationParts } from '../calls.js';
import { isRecordId } from '../ids.js';
import type { HttpCall } from '../transport.js';

/** How an optimistic change looks until the server has answered: fields of a record, or null for its disappearance. */
export interface Shown {
  readonly collection: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** An error as it is kept: what is needed to make the object again. */
export type StoredError =
  | { readonly kind: 'refusal'; readonly status: number; readonly document: object; readonly replayed: boolean }
  | { readonly kind: 'unexpected_answer'; readonly reason: string; readonly status: number; readonly excerpt: string };

/** What is kept of an action. */
export interface StoredAction {
  /** Its place in the order of all actions of this browser. */
  readonly position: number;
  readonly key: string;
  /** Whose it is: server, tenant and user. Nobody else's session ever sends it. */
  readonly owner: string;
  /** `customers/update`, or method and path for other servers. */
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** For servers that know keys but not our operations. */
  readonly call?: HttpCall;
  /** Ids of records that it makes, that it changes (those that it makes included), and that it names at all. */
  readonly creates: readonly string[];
  readonly writes: readonly string[];
  readonly mentions: readonly string[];
  /** Keys of actions that have to succeed first. */
  readonly after: readonly string[];
  /** The changed fields as the user saw them before. */
  readonly seen?: Readonly<Record<string, unknown>>;
  readonly shown: readonly Shown[];
  /** When it was made, or was confirmed again by its user; milliseconds since 1970. */
  readonly confirmedAt: number;
  /** How often it was sent. Above zero it may have had its effect, and its request is not touched any more. */
  readonly tries: number;
  readonly error?: StoredError;
}

/** What the caller may say about an action beyond operation and request. */
export interface ActionOptions {
  /** Made once per action; only for callers that make their own. */
  key?: string;
  /** Keys of actions that have to succeed before this one, beyond those that its ids tell. */
  after?: readonly string[];
  /** How it looks until the server has answered; create, update and delete know by themselves. False: not at all. */
  optimistic?: Readonly<Record<string, unknown>> | false;
  /** The record as the user saw it: its version is the base, and own earlier changes of it cause no conflict. */
  base?: { readonly id: string; readonly version: number };
}

/** A call of a server that knows keys and nothing else of ours. */
export interface PlainCall {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whatever it changes: actions with an id in common keep their order. */
  readonly about?: readonly string[];
}

/** All record ids in a JSON value. */
function idsIn(value: unknown): string[] {
  if (isRecordId(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(idsIn);
}

type Parts = Pick<StoredAction, 'creates' | 'writes' | 'mentions' | 'shown' | 'seen'>;

/** What an operation makes, changes and names. */
export function describeOperation(
  operation: string,
  request: Readonly<Record<string, unknown>>,
  options: ActionOptions & { now: number; user?: string },
): Parts {
  const { collection, verb } = operationParts(operation);
  const own = [request.id, ...(Array.isArray(request.ids) ? request.ids : [])].filter((id) => typeof id === 'string');
  const creates = verb === 'create' ? own : [];
  const mentions = [...new Set([...own, ...idsIn(request)])];
  const shown = shownBy(collection, verb, own, request, options);
  const seen = seenBy(verb, request, options.base);
  return { creates, writes: own, mentions, shown, ...(seen && { seen }) };
}

function shownBy(
  collection: string,
  verb: string,
  ids: readonly string[],
  request: Readonly<Record<string, unknown>>,
  { optimistic, now, user }: ActionOptions & { now: number; user?: string },
): Shown[] {
  if (optimistic === false) return [];
  const { id: _id, version: _version, updated_at: _updated, merge: _merge, ...fields } = request;
  const at = new Date(now).toISOString().replace('Z', '000Z');
  const made = { version: 0, created_at: at, updated_at: at, created_by: user ?? null };
  const each = (values: Shown['fields']) => ids.map((id) => ({ collection, id, fields: values }));
  if (verb === 'create') return each({ ...made, ...fields, ...optimistic });
  if (verb === 'update') return each({ ...fields, ...optimistic });
  if (verb === 'delete') return each(null);
  return optimistic ? each(optimistic) : [];
}

function seenBy(verb: string, request: Readonly<Record<string, unknown>>, base: object | undefined) {
  if (verb !== 'update' || !base) return undefined;
  const known = base as Record<string, unknown>;
  const changed = Object.keys(request).filter((name) => name in known && name !== 'id' && name !== 'version');
  return Object.fromEntries(changed.map((name) => [name, known[name]]));
}

/** The HTTP call of an action. */
export function callOf(action: StoredAction): HttpCall {
  if (action.call) return { ...action.call, key: action.key };
  return operationCall(action.operation, action.request, action.key);
}
