// SPDX-License-Identifier: Apache-2.0
// Clients of the real server, as tabs of browsers.
import { WebSocket } from 'ws';
import { createClient, type InterlockClient } from '../../src/index.js';
import type { Platform, SocketLike } from '../../src/platform.js';
import { realClock, TestBrowser, type TestTab } from './surroundings.js';

/** Fails unless the condition holds within the time. */
export async function eventually(condition: () => unknown, what = 'the condition', ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not come true within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One person's browser; their tabs share the session. */
export class Person {
  readonly browser = new TestBrowser(realClock);
  readonly clients: InterlockClient[] = [];
  /** Every socket that was opened, so that tests can break them. */
  readonly sockets: WebSocket[] = [];
  #token = '';

  constructor(
    readonly url: string,
    readonly email: string,
  ) {}

  async logIn(): Promise<this> {
    const body = JSON.stringify({ email: this.email, password: 'demo-password' });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${this.url}/api/sessions`, { method: 'POST', headers, body });
    this.#token = ((await answer.json()) as { token: string }).token;
    return this;
  }

  /** A client in a tab of its own, or in the given one. */
  open(tab: TestTab = this.browser.tab(), more: Partial<Platform> = {}): InterlockClient {
    const openSocket = (url: string) => {
      const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${this.#token}` } });
      this.sockets.push(socket);
      return socket as unknown as SocketLike;
    };
    const platform = tab.platform((url, init) => fetch(url, init), { openSocket, ...more });
    const client = createClient({ baseUrl: this.url, token: this.#token, platform });
    this.clients.push(client);
    return client;
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}
