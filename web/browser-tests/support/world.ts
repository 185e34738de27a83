// SPDX-License-Identifier: Apache-2.0
// The real server with the demo data, and people in front of it.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import type { TestServer } from '../../client/test/support/server.js';
import { appears, button, eventually, field, type TestPage } from './page.js';

export { binary, TestServer } from '../../client/test/support/server.js';

export const owner = 'owner@demo.test';
export const staff = 'staff01@demo.test';
export const password = 'demo-password';
const json = { 'Content-Type': 'application/json' };

export interface BatchResult {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** Somebody who asks the server directly, to see what became of what was done in a browser. */
export class Program {
  private constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  static async logIn(url: string, email: string): Promise<Program> {
    const body = JSON.stringify({ email, password });
    const answer = await fetch(`${url}/api/sessions`, { method: 'POST', headers: json, body });
    expect(answer.status).toBe(201);
    return new Program(url, ((await answer.json()) as { token: string }).token);
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
  async get(path: string): Promise<any> {
    const answer = await fetch(this.url + path, { headers: { Authorization: `Bearer ${this.token}` } });
    expect(answer.status, path).toBe(200);
    return answer.json();
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
  async post(path: string, body: object): Promise<any> {
    return (await this.#write('POST', path, body)).json();
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
  async patch(path: string, body: object): Promise<any> {
    return (await this.#write('PATCH', path, body)).json();
  }

  /** Each operation for itself, under a key of its own. */
  async batch(operations: readonly { operation: string; request: object }[]): Promise<BatchResult[]> {
    const keyed = operations.map((one) => ({ ...one, key: randomUUID() }));
    const answer = await this.#write('POST', '/api/batch', { mode: 'each', operations: keyed }, false);
    return ((await answer.json()) as { results: BatchResult[] }).results;
  }

  async delete(path: string, body: object): Promise<void> {
    await this.#write('DELETE', path, body);
  }

  async #write(method: string, path: string, body: object, isKeyed = true): Promise<Response> {
    const key = isKeyed ? { 'Idempotency-Key': randomUUID() } : undefined;
    const headers: Record<string, string> = { ...json, Authorization: `Bearer ${this.token}`, ...key };
    const answer = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Texts of a record's comments, oldest first. */
  async comments(id: string): Promise<string[]> {
    const { items } = await this.get(`/api/comments?subject=${id}`);
    return items.map(({ text }: { text: string }) => text);
  }
}

export async function logIn(page: TestPage, url: string, email: string, title = 'Customers'): Promise<void> {
  await page.goto(url);
  await page.fill(field('E-mail address'), email);
  await page.fill(field('Password'), password);
  await page.click(button('Log in'));
  await appears(page, `//h1[normalize-space(.)='${title}']`);
}

/** Clicks as fast as a hand cannot. */
export const clickTenTimes = (page: TestPage, place: string) =>
  page.run(
    `const it = document.evaluate(${JSON.stringify(place)}, document, null, 9).singleNodeValue;
     for (let i = 0; i < 10; ++i) it.click();`,
  );

/** Script errors that browsers have told the server. */
export async function scriptErrors(server: TestServer): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^interlock_script_errors_total (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}

/** Where INTERLOCK_SCREENSHOTS says, if it says anything. */
export async function picture(page: TestPage, name: string): Promise<void> {
  const folder = process.env.INTERLOCK_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot(`${folder}/${name}.png`);
}

export { eventually };
