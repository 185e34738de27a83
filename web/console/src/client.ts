// SPDX-License-Identifier: Apache-2.0
// The one connection of this page to its server, and the cache of what was asked for once.
import { createClient, isInterlockError } from '@interlock/client';
import { QueryClient } from '@tanstack/react-query';

export const client = createClient();

export const queries = new QueryClient({
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
