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
  task: ['tasks', 'tasks.read'],
  document: ['documents', 'documents.read'],
  checklist_item: ['checklist-items', 'checklist-items.read'],
  // Called by what is wanted and by whom.
  interested_service: ['interested-services', 'interested-services.read'],
  application: ['applications', 'applications.read'],
} as const;

/** Names for ids; those that are no record's, and whose records have no name of their own, are asked for nowhere. */
export function useRecordNames(ids: readonly unknown[]): RecordName {
  const t = useT();
  const people = usePeople();
  const may = useMay();
  const wanted = (prefix: keyof typeof named, more: readonly unknown[] = []) => {
    if (!may(named[prefix][1])) return [];
    return [...ids, ...more].filter((id): id is string => isRecordId(id) && idPrefix(id) === prefix);
  };
  const serviceIds = wanted('interested_service');
  const applicationIds = wanted('application');
  const services = useById('interested-services', serviceIds);
  const applications = useById('applications', applicationIds);
  const sold = [...serviceIds.map(services.find), ...applicationIds.map(applications.find)];
  const customers = useById(
    'customers',
    wanted(
      'customer',
      sold.map((one) => one?.customer),
    ),
  );
  const partners = useById('partners', wanted('partner'));
  const products = useById(
    'products',
    wanted(
      'product',
      sold.map((one) => one?.product),
    ),
  );
  const tasks = useById('tasks', wanted('task'));
  const documents = useById('documents', wanted('document'));
  const items = useById('checklist-items', wanted('checklist_item'));
  return useMemo(() => {
    const soldName = (one: { product: string; customer: string } | undefined) =>
      one && [products.find(one.product)?.name, customers.find(one.customer)?.name].filter(Boolean).join(' · ');
    const finders: Readonly<Record<keyof typeof named, (id: string) => string | undefined>> = {
      customer: (id) => customers.find(id)?.name,
      partner: (id) => partners.find(id)?.name,
      product: (id) => products.find(id)?.name,
      task: (id) => tasks.find(id)?.title,
      document: (id) => documents.find(id)?.name,
      checklist_item: (id) => items.find(id)?.name,
      interested_service: (id) => soldName(services.find(id)),
      application: (id) => soldName(applications.find(id)),
    };
    return (id) => {
      const prefix = idPrefix(id) ?? '';
      if (prefix === 'user') return people.nameOf(id);
      const found = prefix in finders ? finders[prefix as keyof typeof finders](id) : undefined;
      const kind = `record.${prefix}`;
      return found || (Texts.has(kind) ? t(kind) : id);
    };
  }, [t, people, customers, partners, products, tasks, documents, items, services, applications]);
}
