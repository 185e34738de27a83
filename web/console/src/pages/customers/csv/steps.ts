// SPDX-License-Identifier: Apache-2.0
// A row's id comes from the file and its place there, its key from what is sent too: whoever imports a file a second
// time, after a crash or by mistake, doubles nothing.
import { IdMaker } from '@interlock/client';
import type { BulkStep } from '../bulk/bulk';
import type { ImportRow } from './mapping';
import { hex } from './parse';

/** A time long ago: ids of imported rows sort before those of customers that people make. */
const idMs = Date.UTC(2020, 0, 1);

export async function stepsOf(rows: readonly ImportRow[], digest: string): Promise<BulkStep[]> {
  return Promise.all(
    rows.map(async ({ line, values }): Promise<BulkStep> => {
      const place = await bytesOf(`${digest}:${line}`);
      const random = (bytes: Uint8Array) => bytes.set(place.subarray(0, bytes.length));
      const id = new IdMaker({ now: () => idMs + line, random }).make('customer');
      const request = { id, ...values };
      const key = `import-${hex((await bytesOf(`${digest}:${line}:${JSON.stringify(request)}`)).buffer as ArrayBuffer).slice(0, 40)}`;
      return { id, name: values.name, key, operation: 'customers/create', request };
    }),
  );
}

async function bytesOf(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  if (crypto.subtle) return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return crypto.getRandomValues(new Uint8Array(32));
}
