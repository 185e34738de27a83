// SPDX-License-Identifier: Apache-2.0
// The one connection of this page to its server, and the cache of what was asked for once.
import { createClient, isInterlockError, Refusal } from '@interlock/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';

export const client = createClient();

/** A session that has ended shows at the next answer: then the log-in takes the page's place. */
export function noticeLoggedOut(error: unknown): void {
  const ended = isInterlockError(error) && error instanceof Refusal && error.code === 'unauthenticated';
  if (ended) void queries.invalidateQueries({ queryKey: ['session'] });
}

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== 'session') noticeLoggedOut(error);
    },
  }),
  defaultOptions: {
    queries: {
      // The client tries again by itself, with its own pauses.
      retry: false,
      staleTime: 10_000,
      refetchOnWindowFocus: (query) => !isInterlockError(query.state.error) || query.state.error.retryable,
    },
    mutations: { retry: false },
  },
});
