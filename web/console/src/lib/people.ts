// SPDX-License-Identifier: Apache-2.0
// The users of the tenant, for what can be assigned.
import type { User } from '@interlock/client';
import { useNameOf, useUsers } from '@interlock/react';
import { useMemo } from 'react';
import { useT } from '../texts/context';

export interface People {
  readonly all: readonly User[];
  /** Those to whom something can be assigned. */
  readonly active: readonly User[];
  /** Whom it is assigned to; without an id nobody. */
  nameOf(id: string | null | undefined): string;
}

export function usePeople(): People {
  const t = useT();
  const nameOf = useNameOf();
  const all = useUsers();
  return useMemo(
    () => ({
      all,
      active: all.filter(({ status, role }) => status === 'active' && role !== 'guest'),
      nameOf: (id) => (id ? nameOf(id) : t('common.nobody')),
    }),
    [all, nameOf, t],
  );
}
