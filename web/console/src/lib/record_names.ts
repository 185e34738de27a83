// SPDX-License-Identifier: Apache-2.0
// What records are called, by their ids alone: for lists in which any record may stand.
import { idPrefix, isRecordId } from '@interlock/client';
import { useMemo } from 'react';
import { useMay } from '../session/session';
import { useT } from '../texts/context';
import { Texts } from '../texts/texts';
import { useById } from './live_many';
import { usePeople } from './people';

/** The name of a record; that of its kind, where it has none or it cannot be seen (any more). */
export type RecordName = (id: string) => string;

const named = {
  customer: ['customers', 'customers.read'],
  partner: ['partners', 'partners.read'],
  product: ['products', 'products.read'],
} as const;

/** Names for ids; those that are no record's, and whose records have no name of their own, are asked for nowhere. */
export function useRecordNames(ids: readonly unknown[]): RecordName {
  const t = useT();
  const people = usePeople();
  const may = useMay();
  const wanted = (prefix: keyof typeof named) =>
    may(named[prefix][1]) ? ids.filter((id): id is string => isRecordId(id) && idPrefix(id) === prefix) : [];
  const customers = useById('customers', wanted('customer'));
  const partners = useById('partners', wanted('partner'));
  const products = useById('products', wanted('product'));
  return useMemo(() => {
    const finders = { customer: customers.find, partner: partners.find, product: products.find };
    return (id) => {
      const prefix = idPrefix(id) ?? '';
      if (prefix === 'user') return people.nameOf(id);
      const found = prefix in finders ? finders[prefix as keyof typeof finders](id)?.name : undefined;
      const kind = `record.${prefix}`;
      return found ?? (Texts.has(kind) ? t(kind) : id);
    };
  }, [t, people, customers, partners, products]);
}
