// SPDX-License-Identifier: Apache-2.0
// What the address says about a list: search words, states, whose, and whether it is the trash.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export interface ListSearch {
  readonly q?: string;
  readonly status?: string;
  readonly mine?: boolean;
  readonly view?: 'trash';
}

/** Takes what an address may hold; what makes no sense is left out. */
export function readListSearch({ q, status, mine, view }: Record<string, unknown>): ListSearch {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
  return {
    ...(isText(q) && { q }),
    ...(isText(status) && { status }),
    ...(mine === true && { mine }),
    ...(view === 'trash' && { view }),
  };
}

/** The search of the address, and the way to change it. */
export function useListSearch() {
  const search = readListSearch(useSearch({ strict: false }) as Record<string, unknown>);
  const navigate = useNavigate();
  const change = useCallback(
    (part: { readonly [F in keyof ListSearch]?: ListSearch[F] | undefined }) =>
      void navigate({
        to: '.',
        search: ((before: Record<string, unknown>) => readListSearch({ ...before, ...part })) as never,
        replace: true,
      }),
    [navigate],
  );
  return { search, change };
}
