// SPDX-License-Identifier: Apache-2.0
// Forms as data: what fields a record has, and of what kind each is.
import type { TextKey } from '../../texts/texts';

export type FieldKind =
  | 'text'
  | 'long'
  | 'email'
  | 'phone'
  | 'url'
  /** A calendar day, YYYY-MM-DD. */
  | 'date'
  /** A time, RFC 3339. */
  | 'moment'
  | 'tags'
  | 'user'
  | 'customers'
  | 'partners'
  | 'products'
  /** An amount in minor units; its currency is the field `currency` of the same record. */
  | 'price'
  | 'currency'
  | 'flag';

export interface FieldSpec {
  readonly name: string;
  readonly label: TextKey;
  readonly kind: FieldKind;
  readonly required?: boolean;
  /** Chosen at its creation, for good. */
  readonly fixed?: boolean;
  readonly hint?: TextKey;
  /** Beside its neighbour, where there is room. */
  readonly half?: boolean;
  readonly maxLength?: number;
}

export type Values = Readonly<Record<string, unknown>>;

/** What a new record of these fields begins with. */
export function emptyValues(specs: readonly FieldSpec[]): Values {
  return Object.fromEntries(specs.map(({ name, kind }) => [name, emptyOf(kind)]));
}

function emptyOf(kind: FieldKind): unknown {
  switch (kind) {
    case 'text':
    case 'long':
    case 'email':
    case 'phone':
    case 'url':
    case 'currency':
      return '';
    case 'tags':
      return [];
    case 'flag':
      return true;
    case 'date':
    case 'moment':
    case 'user':
    case 'customers':
    case 'partners':
    case 'products':
    case 'price':
      return null;
  }
}

/** What a create sends: only what was filled in. */
export function filledIn(values: Values): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  const trimmed = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.trim() : value,
  ]);
  return Object.fromEntries(trimmed.filter(([, value]) => !isEmpty(value)));
}
