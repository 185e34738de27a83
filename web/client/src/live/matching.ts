// SPDX-License-Identifier: Apache-2.0
// Filter and order of a list, as the server has them: which records belong to a list, and in which order.
import { collectionTable } from '../generated/api.js';

type Fields = Readonly<Record<string, unknown>>;
/** A list's query as far as filter and order are concerned. */
export type MatchQuery = Readonly<Record<string, unknown>>;

const notFilters = new Set(['sort', 'limit', 'cursor', 'deleted', 'q']);

/** The order of a list that is asked for none, where the table does not know the collection. */
const usualSort = '-updated_at';

type Kind = 'text' | 'integer' | 'boolean' | 'time' | 'list' | 'json';

const table = collectionTable as Readonly<
  Record<string, { readonly sort: string; readonly fields: Readonly<Record<string, Kind>> }>
>;

function kindOf(collection: string, field: string): Kind | undefined {
  return table[collection]?.fields[field];
}

/** Compares texts as the stores do: by code point, which is not what JavaScript's < does. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    const high = (code: number) => (code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code);
    return high(x) - high(y);
  }
  return a.length - b.length;
}

/** Times of any precision and zone as comparable texts. */
function timeText(text: string): string {
  const match = text.match(/^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|[+-]00:00)$/);
  if (match) return `${match[1]!.toUpperCase().replace(' ', 'T')}.${(match[2] ?? '').padEnd(6, '0').slice(0, 6)}`;
  const ms = Date.parse(text);
  const digits = text.match(/\.\d{3}(\d{0,3})/)?.[1] ?? '';
  return Number.isNaN(ms) ? text : `${new Date(ms).toISOString().slice(0, 23)}${digits.padEnd(3, '0')}`;
}

/** Compares two values of a field; null is below everything. */
function compareValues(kind: Kind | undefined, a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1;
  if (b === null || b === undefined) return 1;
  if (kind === 'integer' || kind === 'boolean') return Number(a) - Number(b);
  if (kind === 'time') return compareTexts(timeText(String(a)), timeText(String(b)));
  return compareTexts(String(a), String(b));
}

/** A filter's value as the field holds it. */
function typed(kind: Kind | undefined, value: unknown): unknown {
  if (kind === 'integer') return Number(value);
  if (kind === 'boolean') return value === true || value === 'true';
  return String(value);
}

/** Whether a record passes the query's filter. `q` is not judged here: only the server searches. */
export function matches(collection: string, query: MatchQuery, record: Fields): boolean {
  return Object.entries(query).every(([name, wanted]) => {
    if (notFilters.has(name) || wanted === undefined) return true;
    const [, field, comparison = 'equal'] = name.match(/^(.+?)(?:\.(ne|min|max))?$/)!;
    const values = (Array.isArray(wanted) ? wanted : [wanted]).filter((value) => value !== undefined);
    return passes(kindOf(collection, field!), comparison, record[field!], values);
  });
}

function passes(kind: Kind | undefined, comparison: string, value: unknown, wanted: readonly unknown[]): boolean {
  if (kind === 'list') return wanted.every((one) => Array.isArray(value) && value.includes(String(one)));
  const isNull = value === null || value === undefined;
  const compared = (one: unknown) => compareValues(kind, value, typed(kind, one));
  switch (comparison) {
    case 'ne':
      return wanted.every((one) => compared(one) !== 0);
    case 'min':
      return !isNull && wanted.every((one) => compared(one) >= 0);
    case 'max':
      return !isNull && wanted.every((one) => compared(one) <= 0);
    default:
      return (
        wanted.length === 0 || wanted.some((one) => (isNull ? one === null || one === 'null' : compared(one) === 0))
      );
  }
}

/** What a list is sorted by, and in which direction. */
export function sortOf(collection: string, query: MatchQuery): { field: string; sign: 1 | -1 } {
  const sort = String(query.sort ?? table[collection]?.sort ?? usualSort);
  return sort.startsWith('-') ? { field: sort.slice(1), sign: -1 } : { field: sort, sign: 1 };
}

/**
 * The order of a list: by the field that it is sorted by; equals stand in the order in which they were made, or with a
 * descending sort the other way round. When a record was made its time tells, within one millisecond `made`: any number
 * that rises with the order of making.
 */
export function orderOf(
  collection: string,
  query: MatchQuery,
  made: (id: string) => number,
): (a: Fields, b: Fields) => number {
  const { field, sign } = sortOf(collection, query);
  const kind = kindOf(collection, field);
  const compareMade = (a: Fields, b: Fields) =>
    compareValues('time', a.created_at, b.created_at) || Math.sign(made(String(a.id)) - made(String(b.id))) || 0;
  return (a, b) =>
    sign * (compareValues(kind, a[field], b[field]) || compareMade(a, b) || compareTexts(String(a.id), String(b.id)));
}

/** The query with `me` as the user whose session this is. */
export function resolveMe<Q extends MatchQuery>(query: Q, user: string | undefined): Q {
  const resolve = (value: unknown) => ((value === 'me' || value === '$me') && user !== undefined ? user : value);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.map(resolve) : resolve(value)]),
  ) as Q;
}
