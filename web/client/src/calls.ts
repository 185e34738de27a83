// SPDX-License-Identifier: Apache-2.0
// Operations and reads as HTTP calls: which method, which path, what goes into body, query and headers.
import type { Collections, Operations } from './generated/api.js';
import type { HttpCall } from './transport.js';

/** The name of a collection. */
export type CollectionName = keyof Collections & string;
/** The name of a collection whose changes the feed tells: not one like `leases`, which changes too often. */
export type LiveCollectionName = {
  [C in CollectionName]: Collections[C]['inFeed'] extends true ? C : never;
}[CollectionName];
/** The record of a collection. */
export type RecordOf<C extends CollectionName> = Collections[C]['record'];
/** The name of an operation: `customers/set-status`. */
export type OperationName = keyof Operations & string;
/** What an operation takes. */
export type RequestOf<O extends OperationName> = Operations[O]['request'];
/** What an operation answers. */
export type AnswerOf<O extends OperationName> = Operations[O]['answer'];

/** What a filter compares with. */
export type FilterValue = string | number | boolean | null;

type FilterField<C extends CollectionName> = Collections[C]['filter'];

/** Filters of a list: a value, or several of which one must hold; `.ne`, `.min` and `.max` behind the field's name. */
export type Filter<C extends CollectionName> = {
  readonly [F in FilterField<C> | `${FilterField<C>}.${'ne' | 'min' | 'max'}`]?: FilterValue | readonly FilterValue[];
};

/** A field to sort by, ascending, or with a minus descending. */
export type Sort<C extends CollectionName> = FilterField<C> | `-${FilterField<C>}`;

/** What a list may be asked for. */
export type ListQuery<C extends CollectionName> = Filter<C> & {
  readonly sort?: Sort<C>;
  /** From 1 to 1,000; 50 unless given. */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
  /** True: the deleted records that can still be restored. */
  readonly deleted?: boolean;
} & (Collections[C]['search'] extends true
    ? { /** Every word begins a word of the record. */ readonly q?: string }
    : object);

/** One page of a list. */
export interface Page<R> {
  readonly items: readonly R[];
  /** Where the next page begins; null at the end. */
  readonly next_cursor: string | null;
  /** The sequence that the page reflects: the feed goes on from here. */
  readonly seq: number;
}

/** One change of a record in its history. */
export interface HistoryEntry {
  readonly seq: number;
  readonly version: number;
  readonly at: string;
  readonly actor: Actor;
  readonly operation: string;
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
}

/** Who did something; without an id it was the system. */
export interface Actor {
  readonly id: string | null;
  readonly name: string;
}

/** A query object as pairs; a list gives one pair for each value, what is undefined none. */
export function queryPairs(query: object): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one): [string, string] => [name, String(one)]),
  );
}

/** The parts of an operation's name: `customers` and `set-status` of `customers/set-status`. Without a slash all is verb. */
export function operationParts(operation: string): { readonly collection: string; readonly verb: string } {
  const slash = operation.lastIndexOf('/');
  return { collection: operation.slice(0, Math.max(slash, 0)), verb: operation.slice(slash + 1) };
}

type AnyRequest = Readonly<Record<string, unknown>>;

/** The call of an operation. Create, update and delete have methods of their own; all others are posted to their name. */
export function operationCall(operation: string, request: object, key?: string): HttpCall {
  const { collection, verb } = operationParts(operation);
  const { id, ...rest } = request as AnyRequest;
  const keyed = key === undefined ? {} : { key };
  switch (verb) {
    case 'create':
      return { method: 'POST', path: `/api/${collection}`, body: request, ...keyed };
    case 'update':
      return { method: 'PATCH', path: recordPath(collection, id), body: rest, ...keyed };
    case 'delete':
      return { method: 'DELETE', path: recordPath(collection, id), ...deletePrecondition(rest), ...keyed };
    default:
      return { method: 'POST', path: `/api/${operation}`, body: request, ...keyed };
  }
}

/** The path of one record. */
export function recordPath(collection: string, id: unknown): string {
  return `/api/${collection}/${encodeURIComponent(String(id))}`;
}

/** A version travels in the header, since some proxies drop the body of a DELETE. */
function deletePrecondition({ version, ...rest }: AnyRequest): Pick<HttpCall, 'headers' | 'body'> {
  return {
    ...(version !== undefined && { headers: { 'If-Match': version === '*' ? '*' : `"${version}"` } }),
    ...(Object.keys(rest).length > 0 && { body: rest }),
  };
}
