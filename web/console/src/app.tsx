// SPDX-License-Identifier: Apache-2.0
// The whole application: texts, theme, and the page of the address, or the log-in where somebody has to be known.
import { InterlockProvider } from '@interlock/react';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { client, queries } from './client';
import { ErrorBoundary } from './components/error_boundary';
import { router } from './router';
import { TextsProvider } from './texts/context';
import { theme } from './theme';

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <InterlockProvider client={client}>
          <TextsProvider>
            <Notifications position="bottom-right" autoClose={6_000} limit={4} />
            <ErrorBoundary>
              <RouterProvider router={router} />
            </ErrorBoundary>
          </TextsProvider>
        </InterlockProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}
