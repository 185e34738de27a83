// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo } from 'react';
import { useKnownSession, useSurroundings } from '../provider.js';
import { useUsers } from './use_users.js';

/** The names of users, by id: from the provider, else from the list of users where one may see it. */
export function useNameOf(): (user: string | null | undefined) => string {
  const { nameOf, texts } = useSurroundings();
  const me = useKnownSession()?.user;
  const users = useUsers({ enabled: !nameOf });
  const names = useMemo(() => new Map(users.map(({ id, name, email }) => [id, name || email])), [users]);
  return useCallback(
    (user) => {
      if (!user) return texts.system;
      return nameOf?.(user) ?? names.get(user) ?? (user === me?.id ? me.name : texts.somebody);
    },
    [nameOf, names, me, texts],
  );
}
