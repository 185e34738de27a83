// SPDX-License-Identifier: Apache-2.0
// A page for tests: a real client over a model of the server, in a tab of its own, drawn by React.
import 'fake-indexeddb/auto';
import { createClient, type InterlockClient } from '@interlock/client';
import { cleanup, render } from '@testing-library/react';
import { IDBFactory } from 'fake-indexeddb';
import { act, type ReactElement, type ReactNode, StrictMode } from 'react';
import { afterEach, beforeEach } from 'vitest';
import { ModelServer } from '../../../client/test/support/model_server.js';
import { realClock, TestBrowser, type TestTab } from '../../../client/test/support/surroundings.js';
import { InterlockProvider, type InterlockProviderProps } from '../../src/index.js';

// Told to React: state changes outside of act are a mistake of the test.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** One person's browser and the server that it speaks to; made anew for each test. */
export class World {
  readonly server = new ModelServer();
  readonly browser = new TestBrowser(realClock);
  readonly clients: InterlockClient[] = [];

  client(tab: TestTab = this.browser.tab()): InterlockClient {
    const openSocket = undefined as never; // lists are asked for instead
    const platform = tab.platform((url, init) => this.server.fetch(url, init), { openSocket });
    const client = createClient({ baseUrl: 'http://server.test', platform });
    this.clients.push(client);
    return client;
  }
}

export let world: World;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  world = new World();
});

afterEach(() => {
  cleanup();
  for (const client of world.clients) client.close();
});

/** Draws something below a provider, twice as React's strict mode does. */
export function show(ui: ReactElement, more: Partial<InterlockProviderProps> = {}) {
  const client = more.client ?? world.client();
  const settings = { locale: 'en-GB', timeZone: 'Europe/Madrid', nameOf: () => undefined, ...more, client };
  const around = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <InterlockProvider {...settings}>{children}</InterlockProvider>
    </StrictMode>
  );
  return { client, ...render(ui, { wrapper: around }) };
}

/** Waits for a condition, with everything drawn in between. */
export async function until(condition: () => unknown, what = 'the condition', ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} did not come true within ${ms} ms:\n${document.body.innerHTML}`);
    await act(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
  }
}
