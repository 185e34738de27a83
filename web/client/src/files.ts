// SPDX-License-Identifier: Apache-2.0
// Files: sent as they are, then referred to.
import type { Caller, WriteOptions } from './collection.js';
import { CollectionCalls } from './collection.js';
import type { File as FileRecord } from './generated/api.js';
import type { CallOptions, HttpCall } from './transport.js';

/** How a file is sent. */
export interface UploadOptions extends WriteOptions {
  /** What it is called, at most 200 bytes; needed for a Blob, a File has one. */
  name?: string;
  /** The record that it belongs to; without one it belongs to nothing, and is deleted after 24 hours. */
  subject?: string;
}

type Call = <T>(call: HttpCall, options?: CallOptions) => Promise<T>;

/** The calls of files. */
export class FileCalls extends CollectionCalls<'files'> {
  readonly #call: Call;

  constructor(caller: Caller, call: Call) {
    super('files', caller);
    this.#call = call;
  }

  /**
   * Stores the bytes, once per key. Refused as body_too_large, file_type (of a kind that the server does not take, or not
   * what its type says), required (empty), not_found (no such subject), disk_full.
   */
  upload(content: Blob, { name, subject, key, ...options }: UploadOptions = {}): Promise<FileRecord> {
    const called = name ?? (content as Blob & { readonly name?: string }).name;
    if (called === undefined) throw new RangeError('name: a Blob has none, say what it is called');
    const query: [string, string][] = [
      ['name', called],
      ...(subject ? [['subject', subject] as [string, string]] : []),
    ];
    return this.#call(
      { method: 'POST', path: '/api/files', query, content, ...(key !== undefined && { key }) },
      options,
    );
  }
}
