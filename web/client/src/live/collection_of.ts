// SPDX-License-Identifier: Apache-2.0
import { collectionTable } from '../generated/api.js';
import { idPrefix } from '../ids.js';

const prefixes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(collectionTable).map(([name, { prefix }]) => [prefix, name]),
);

/** The collection of a record, by its id. */
export function collectionOf(id: string): string | undefined {
  return prefixes[idPrefix(id) ?? ''];
}
