// SPDX-License-Identifier: Apache-2.0
// The statuses that a tenant gives its customers: names of its own, each of a type that decides the colour.
import type { Status } from '@interlock/client';
import { useLiveQuery } from '@interlock/react';
import { useMemo } from 'react';
import { useT } from '../texts/context';
import { type TextKey, Texts } from '../texts/texts';

export interface Statuses {
  readonly all: readonly Status[];
  readonly loading: boolean;
  /** How a status is called on screen: the usual ones in the user's language, a tenant's own as they are. */
  label(name: string): string;
  find(name: string): Status | undefined;
  /** Whether the table allows the move; the server decides. */
  allows(from: string, to: string): boolean;
}

const order: readonly Status['type'][] = ['open', 'ongoing', 'won', 'lost'];

const statusColors: Readonly<Record<Status['type'], string>> = {
  open: 'accent',
  ongoing: 'orange',
  won: 'teal',
  lost: 'gray',
};

/** The colour of a type. */
export function statusColor(type: Status['type'] | undefined): string {
  return type ? statusColors[type] : 'gray';
}

export const statusesQuery = { collection: 'customers', limit: 200 } as const;

export function useStatuses(): Statuses {
  const t = useT();
  const { items, status } = useLiveQuery('statuses', statusesQuery);
  return useMemo(() => {
    const all = [...items].sort((a, b) => a.position - b.position || order.indexOf(a.type) - order.indexOf(b.type));
    const byName = new Map(all.map((one) => [one.name, one]));
    return {
      all,
      loading: status === 'loading',
      label: (name) => {
        const key = `status.customers.${name}`;
        return Texts.has(key) ? t(key as TextKey) : name;
      },
      find: (name) => byName.get(name),
      allows: (from, to) => from === to || (byName.get(from)?.moves.includes(to) ?? false),
    };
  }, [items, status, t]);
}
