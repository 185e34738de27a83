// SPDX-License-Identifier: Apache-2.0
// The calls of one collection: `client.customers.list({ status: 'new' })`.
import {
  type AnswerOf,
  type CollectionName,
  type HistoryEntry,
  type ListQuery,
  type OperationName,
  type Page,
  queryPairs,
  type RecordOf,
  recordPath,
} from './calls.js';
import type { Collections, Deleted } from './generated/api.js';
import type { CallOptions, HttpCall } from './transport.js';

/** How something is written. */
export interface WriteOptions extends CallOptions {
  /** The action's key, where the caller keeps one over several calls; otherwise the call makes its own. */
  key?: string;
}

/** What a change is based on: a version, the `updated_at` that was seen, or on purpose whatever there is. */
export interface UpdateOptions extends WriteOptions {
  version?: number | '*';
  updatedAt?: string;
  /** False: a stale base is refused even where the server could merge. */
  merge?: boolean;
}

/** What the calls of a collection need of their client. */
export interface Caller {
  /** Reads what is at least as new as everything that this client has seen. */
  read<T>(call: HttpCall, options?: CallOptions): Promise<T>;
  /** Writes, with the key that is given or a new one. */
  write<T>(operation: string, request: object, options?: WriteOptions): Promise<T>;
}

type Changes<C extends CollectionName> = Omit<Collections[C]['update'], 'version' | 'updated_at' | 'merge'>;
type Updated<C extends CollectionName> = RecordOf<C> & {
  /** Others had changed other fields meanwhile; both changes hold. */
  readonly merged?: true;
};

/** A record as the caller saw it. */
type Seen = { readonly id: string; readonly version: number };

function baseOf(of: Seen | string, version: number | '*' | undefined, updatedAt: string | undefined): object {
  if (typeof of !== 'string') return { id: of.id, version: of.version };
  return {
    id: of,
    ...(version !== undefined && { version }),
    ...(updatedAt !== undefined && { updated_at: updatedAt }),
  };
}

/** The calls of one collection. */
export class CollectionCalls<C extends CollectionName> {
  constructor(
    readonly name: C,
    readonly caller: Caller,
  ) {}

  /** One page of the records that pass the filter. */
  list(query: ListQuery<C> = {} as ListQuery<C>, options?: CallOptions): Promise<Page<RecordOf<C>>> {
    return this.caller.read({ method: 'GET', path: `/api/${this.name}`, query: queryPairs(query) }, options);
  }

  /** All records that pass the filter, page by page. */
  async *each(query: ListQuery<C> = {} as ListQuery<C>, options?: CallOptions): AsyncGenerator<RecordOf<C>, void> {
    let cursor: string | null | undefined = query.cursor;
    do {
      const page: Page<RecordOf<C>> = await this.list({ limit: 1_000, ...query, ...(cursor && { cursor }) }, options);
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** One record. Refused as not_found where there is none, or none that one may see. */
  get(id: string, options?: CallOptions): Promise<RecordOf<C>> {
    return this.caller.read({ method: 'GET', path: recordPath(this.name, id) }, options);
  }

  /** A new record; its id may be made beforehand, with `client.newId('customers')`. */
  create(values: Collections[C]['create'], options?: WriteOptions): Promise<AnswerOf<`${C}/create` & OperationName>> {
    return this.caller.write(`${this.name}/create`, values, options);
  }

  /** Changes fields of a record: of one as it was seen, or of an id on the base that the options name. */
  update(
    record: Seen,
    changes: Changes<C>,
    options?: Omit<UpdateOptions, 'version' | 'updatedAt'>,
  ): Promise<Updated<C>>;
  update(id: string, changes: Changes<C>, options: UpdateOptions): Promise<Updated<C>>;
  update(of: Seen | string, changes: Changes<C>, options: UpdateOptions = {}): Promise<Updated<C>> {
    const { version, updatedAt, merge, ...rest } = options;
    const request = { ...changes, ...baseOf(of, version, updatedAt), ...(merge !== undefined && { merge }) };
    return this.caller.write(`${this.name}/update`, request, rest);
  }

  /** Deletes a record, as it was seen or on the base that the options name; restore takes that back for 30 days. */
  delete(record: Seen, options?: WriteOptions): Promise<Deleted>;
  delete(id: string, options: Omit<UpdateOptions, 'merge'>): Promise<Deleted>;
  delete(of: Seen | string, options: Omit<UpdateOptions, 'merge'> = {}): Promise<Deleted> {
    const { version, updatedAt, ...rest } = options;
    return this.caller.write(`${this.name}/delete`, baseOf(of, version, updatedAt), rest);
  }

  /** Takes a delete back. */
  restore(id: string, options?: WriteOptions): Promise<RecordOf<C>> {
    return this.caller.write(`${this.name}/restore`, { id }, options);
  }

  /** The changes of one record, newest first. */
  history(
    id: string,
    page: { limit?: number; cursor?: string } = {},
    options?: CallOptions,
  ): Promise<Page<HistoryEntry>> {
    const path = `${recordPath(this.name, id)}/history`;
    return this.caller.read({ method: 'GET', path, query: queryPairs(page) }, options);
  }
}
