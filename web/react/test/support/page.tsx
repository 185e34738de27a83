// SPDX-License-Identifier: Apache-2.0
// A page for tests: a real client over a model of the server, in a tab of its own, drawn by React.
import 'fake-indexeddb/auto';
import { createClient, type InterlockClient } from '@interlock/client';
import { act, cleanup, render } from '@testing-library/react';
import axe from 'axe-core';
import { IDBFactory } from 'fake-indexeddb';
import { type ReactElement, type ReactNode, StrictMode } from 'react';
import { afterEach, beforeEach } from 'vitest';
import { ModelServer } from '../../../client/test/support/model_server.js';
import { realClock, TestBrowser, type TestTab } from '../../../client/test/support/surroundings.js';
import { InterlockProvider, type InterlockProviderProps } from '../../src/index.js';

// Much happens by itself here, as in a browser: the tests wait for it.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });

/** One person's browser and the server that it speaks to; made anew for each test. */
export class World {
  readonly server = new ModelServer();
  readonly browser = new TestBrowser(realClock);
  readonly clients: InterlockClient[] = [];

  /** Histories by record, newest first. */
  readonly histories = new Map<string, readonly object[]>();
  /** Paths of lists and histories that fail. */
  failing: (path: string) => boolean = () => false;
  /** True: nobody waits for the pauses between tries. */
  hurries = false;

  client(tab: TestTab = this.browser.tab()): InterlockClient {
    const openSocket = undefined as never; // lists are asked for instead
    const timer = (ms: number, work: () => void) => realClock.timer(this.hurries ? 1 : ms, work);
    const platform = tab.platform((url, init) => this.#fetch(url, init), { openSocket, timer });
    const client = createClient({ baseUrl: 'http://server.test', platform });
    this.clients.push(client);
    return client;
  }

  /** The model knows single records; lists and histories are made of them here. */
  async #fetch(address: string, init: RequestInit): Promise<Response> {
    const url = new URL(address);
    const parts = url.pathname.split('/').slice(2);
    const isHistory = parts[2] === 'history';
    const isList = init.method === 'GET' && parts.length === 1;
    if (!isHistory && !isList) return this.server.fetch(address, init);
    if (this.server.down || this.failing(url.pathname)) throw new TypeError('fetch failed');
    const limit = Number(url.searchParams.get('limit') ?? 50);
    const all = isHistory ? (this.histories.get(parts[1]!) ?? []) : this.#list(parts[0]!, url.searchParams);
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const items = all.slice(from, from + limit);
    const next_cursor = from + limit < all.length ? String(from + limit) : null;
    return Response.json({ items, next_cursor, seq: this.server.seq });
  }

  #list(collection: string, query: URLSearchParams): object[] {
    const prefix = `${collection.replace(/s$/, '')}_`;
    const subject = query.get('subject');
    const id = query.get('id');
    return [...this.server.records]
      .filter(([key, record]) => key.startsWith(prefix) && (!subject || record.subject === subject))
      .filter(([key]) => !id || key === id)
      .map(([, record]) => record)
      .sort((a, b) => (String(a.created_at) < String(b.created_at) ? 1 : -1));
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

/** What axe has to say about what is shown. Contrast needs a real browser: see the gallery's test. */
export async function accessible(element: Element = document.body): Promise<void> {
  const { violations } = await axe.run(element, {
    rules: {
      'color-contrast': { enabled: false },
      'label-content-name-mismatch': { enabled: false },
      region: { enabled: false },
    },
  });
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => node.html).join('\n')}`);
  if (told.length > 0) throw new Error(told.join('\n'));
}
