// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo } from 'react';
import { useKnownSession, useSurroundings } from '../provider.js';
import { useLiveQuery } from './use_live.js';

const usersMax = 1_000;

/** The names of users, by id: from the provider, else from the list of users where one may see it. */
export function useNameOf(): (user: string | null | undefined) => string {
  const { nameOf, texts } = useSurroundings();
  const me = useKnownSession()?.user;
  const { items } = useLiveQuery('users', { limit: usersMax }, { enabled: !nameOf && me !== undefined });
  const names = useMemo(() => new Map(items.map(({ id, name }) => [id, name])), [items]);
  return useCallback(
    (user) => {
      if (!user) return texts.system;
      if (user === me?.id) return me.name;
      return nameOf?.(user) ?? names.get(user) ?? texts.somebody;
    },
    [nameOf, names, me, texts],
  );
}
