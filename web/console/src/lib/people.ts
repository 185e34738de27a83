// SPDX-License-Identifier: Apache-2.0
// The users of the tenant by id: most records name some.
import type { User } from '@interlock/client';
import { useMemo } from 'react';
import { useMay, useSession } from '../session/session';
import { useT } from '../texts/context';
import { useLive } from './live';

export interface People {
  readonly all: readonly User[];
  /** Those to whom something can be assigned. */
  readonly active: readonly User[];
  /** The name for an id; nobody has none. */
  nameOf(id: string | null | undefined): string;
}

const usersMax = 1_000;

/** The users that somebody may see: all, or just themselves. */
export function usersQuery(seesAll: boolean) {
  return { sort: 'name', limit: seesAll ? usersMax : 1 } as const;
}

export function usePeople(): People {
  const t = useT();
  const may = useMay();
  const me = useSession().user;
  const { items } = useLive('users', usersQuery(may('users.read')));
  return useMemo(() => {
    const names = new Map(items.map(({ id, name, email }) => [id, name || email]));
    names.set(me.id, names.get(me.id) ?? me.name);
    return {
      all: items,
      active: items.filter(({ status, role }) => status === 'active' && role !== 'guest'),
      nameOf: (id) => (id ? (names.get(id) ?? t('common.unknown_user')) : t('common.nobody')),
    };
  }, [items, me, t]);
}
