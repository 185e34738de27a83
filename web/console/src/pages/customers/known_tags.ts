// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { client } from '../../client';

const recordsMax = 500;

/** Tags in use among the customers that were changed last, once they are wanted: the server keeps no list of them. */
export function useKnownTags(wanted: boolean): string[] {
  const { data } = useQuery({
    enabled: wanted,
    queryKey: ['known-tags'],
    queryFn: async ({ signal }) => {
      const { items } = await client.customers.list({ sort: '-updated_at', limit: recordsMax }, { signal });
      return [...new Set(items.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
    },
    staleTime: 60_000,
  });
  return data ?? [];
}
