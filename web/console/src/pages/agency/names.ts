// SPDX-License-Identifier: Apache-2.0
// The names of what services and applications refer to.
import { useMemo } from 'react';
import { useById } from '../../lib/live_many';

interface Refers {
  readonly customer?: string | null;
  readonly product?: string | null;
  readonly partner?: string | null;
}

export interface Names {
  customer(id: string | null | undefined): string;
  product(id: string | null | undefined): string;
  partner(id: string | null | undefined): string;
}

/** Names of all that the records refer to; what cannot be seen has none. */
export function useNames(records: readonly Refers[]): Names {
  const customers = useById(
    'customers',
    records.map(({ customer }) => customer),
  );
  const products = useById(
    'products',
    records.map(({ product }) => product),
  );
  const partners = useById(
    'partners',
    records.map(({ partner }) => partner),
  );
  return useMemo(() => {
    const of =
      ({
        find,
        loading,
      }: {
        find: (id: string | null | undefined) => { name: string } | undefined;
        loading: boolean;
      }) =>
      (id: string | null | undefined) =>
        find(id)?.name ?? (loading ? '…' : '—');
    return { customer: of(customers), product: of(products), partner: of(partners) };
  }, [customers, products, partners]);
}
