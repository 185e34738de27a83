// SPDX-License-Identifier: Apache-2.0
import type { User } from '@interlock/client';
import { useKnownSession } from '../provider.js';
import { useLiveQuery } from './use_live.js';

/** What `useUsers` asks for, for programs that load it beforehand. */
export const usersQuery = { sort: 'name', limit: 1_000 } as const;

/** The users that one may see, by name; oneself only where one may see no others, nobody while nobody is logged in. */
export function useUsers({ enabled = true }: { readonly enabled?: boolean } = {}): readonly User[] {
  const isKnown = useKnownSession() !== undefined;
  return useLiveQuery('users', usersQuery, { enabled: enabled && isKnown }).items;
}
