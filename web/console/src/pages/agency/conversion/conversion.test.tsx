// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
// Every state that the conversion can be in, over a model of the server: what is read, and what can be clicked.
import 'fake-indexeddb/auto';
import { createClient, type InterestedService, type InterlockClient, type Session } from '@interlock/client';
import { InterlockProvider } from '@interlock/react';
import { MantineProvider } from '@mantine/core';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { IDBFactory } from 'fake-indexeddb';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventually } from '../../../../../client/test/support/people';
import { realClock, TestBrowser } from '../../../../../client/test/support/surroundings';
import { SessionProvider } from '../../../session/session';
import { ConversionMessage, ConvertButton } from './conversion';
import { useConversion } from './use_conversion';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
window.scrollTo = () => {};
window.matchMedia = ((query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
})) as unknown as typeof window.matchMedia;

const id = 'interested_service_01kdvdna02e00amycd00000001';
const applicationId = 'application_01kdvdna02e00amycd00000002';
const draft: InterestedService = {
  id,
  version: 1,
  created_at: '2026-01-05T09:00:00Z',
  updated_at: '2026-01-05T09:00:00Z',
  created_by: null,
  customer: 'customer_01kdvdna02e00amycd00000003',
  partner: 'partner_01kdvdna02e00amycd00000004',
  product: 'product_01kdvdna02e00amycd00000005',
  note: '',
  expected_start: null,
  expected_end: null,
  status: 'draft',
  application: null,
};
const user = {
  id: 'user_a',
  name: 'Ana',
  email: 'ana@agency.test',
  role: 'staff',
  permissions: ['interested-services.*'],
};
const session = { user, tenant: { id: 'tenant_a', slug: 'agency', name: 'Agency' } } as unknown as Session;

type Answer = () => Response | Promise<Response>;

/** Answers to the next conversions; the last one stays. */
let answers: Answer[];
let keys: string[];
let client: InterlockClient;
let refresh: () => Promise<unknown>;

const problem =
  (status: number, code: string): Answer =>
  () =>
    Response.json({ status, code, title: code }, { status });
const lost: Answer = () => Promise.reject(new TypeError('fetch failed'));
const convertedBy =
  (created: boolean): Answer =>
  () =>
    Response.json({
      interested_service: { ...draft, version: 2, status: 'converted', application: applicationId },
      application: { id: applicationId, version: 1, customer: draft.customer, status: 'draft' },
      created,
    });

async function answer(address: string, init: RequestInit): Promise<Response> {
  const { pathname } = new URL(address);
  if (pathname === '/api/sessions/current') return Response.json(session);
  if (!pathname.endsWith('/convert')) return Response.json({ items: [], next_cursor: null, seq: 1 });
  keys.push(new Headers(init.headers).get('Idempotency-Key') ?? '');
  return (answers.length > 1 ? answers.shift()! : answers[0]!)();
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  answers = [convertedBy(true)];
  keys = [];
  refresh = async () => {};
  const tab = new TestBrowser(realClock).tab();
  client = createClient({
    baseUrl: 'http://server.test',
    platform: tab.platform(answer, { openSocket: undefined as never }),
  });
});
afterEach(() => {
  cleanup();
  client.close();
});

let become: (service: InterestedService) => void;

function Line() {
  const [service, setService] = useState(draft);
  become = setService;
  const conversion = useConversion(service, () => refresh());
  return (
    <main>
      <ConvertButton service={service} conversion={conversion} />
      <ConversionMessage service={service} conversion={conversion} />
    </main>
  );
}

async function open() {
  const router = createRouter({
    routeTree: createRootRoute({ component: Line }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  await client.sessions.current();
  render(
    <MantineProvider>
      <SessionProvider session={session}>
        <InterlockProvider client={client} locale="en-GB" timeZone="UTC" nameOf={() => undefined}>
          <RouterProvider router={router as never} />
        </InterlockProvider>
      </SessionProvider>
    </MantineProvider>,
  );
  await screen.findByText('Convert');
}

const button = () => document.querySelector<HTMLButtonElement>('main .il-button');
const click = (detail = 1) => fireEvent.click(button()!, { detail });
const state = () => button()?.dataset.state;
const until = (condition: () => unknown, what: string) => eventually(condition, what);
const reads = (text: string) => until(() => document.body.textContent?.includes(text), text);

test('ten rapid clicks: the loader at once, one request, and in the end the way to the application', async () => {
  let go = () => {};
  answers = [() => new Promise((resolve) => (go = () => resolve(convertedBy(true)() as Response)))];
  await open();
  for (let detail = 1; detail <= 10; ++detail) click(detail);
  await until(() => button()?.getAttribute('aria-busy') === 'true', 'the loader');
  await until(() => keys.length === 1, 'the request');
  go();
  await until(() => state() === 'done', 'done');
  become({ ...draft, version: 2, status: 'converted', application: applicationId });
  await reads('Open application');
  expect(button()).toBeNull();
  expect(keys).toHaveLength(1);
});

test('somebody else was faster: nothing is done twice, and the button goes', async () => {
  answers = [convertedBy(false)];
  await open();
  click();
  await until(() => state() === 'done', 'done');
  become({ ...draft, version: 2, status: 'converted', application: applicationId });
  await reads('Open application');
});

test('without a network it waits, can be left undone, and the button is usable again', async () => {
  answers = [lost];
  await open();
  click();
  await reads('Waiting for the network');
  expect(button()?.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(screen.getByText('Leave it undone'));
  await until(() => button()?.getAttribute('aria-disabled') === 'false', 'the button');
  expect(screen.queryByRole('alert')).toBeNull();
  expect((await client.queue()).known).toEqual([]);
  answers = [convertedBy(true)];
  await new Promise((resolve) => setTimeout(resolve, 510));
  click();
  await until(() => state() === 'done', 'done');
});

test('a server that fails: told; the next try goes out under the same key', async () => {
  let works = false;
  answers = [() => (works ? convertedBy(true)() : new Response('Internal error', { status: 500 }))];
  await open();
  click();
  await reads('The server failed');
  works = true;
  fireEvent.click(screen.getByText('Try now'));
  await until(() => state() === 'done', 'done');
  expect(new Set(keys).size).toBe(1);
});

test.each([
  ['an id that is none', problem(404, 'not_found'), 'Not found'],
  ['no right to it', problem(403, 'forbidden'), 'You may not do this'],
  ['a module that is off', problem(403, 'module_off'), 'This module is switched off'],
])('%s: a clear message, the loader gone, the button usable, nothing left in the queue', async (_, refusal, title) => {
  answers = [refusal];
  await open();
  click();
  await reads(title);
  expect(button()?.getAttribute('aria-busy')).toBe('false');
  expect(button()?.getAttribute('aria-disabled')).toBe('false');
  await until(async () => (await client.queue()).known.length === 0, 'an empty queue');
  fireEvent.click(screen.getByText('Dismiss'));
  await until(() => !document.body.textContent?.includes(title), 'no message');
});

test('converted, and only the page could not be brought up to date: said so, and no second click does anything', async () => {
  refresh = vi.fn().mockRejectedValueOnce(new TypeError('fetch failed')).mockResolvedValue(undefined);
  await open();
  click();
  await reads('Converted, but this page could not be updated');
  become({ ...draft, version: 2, status: 'converted', application: applicationId });
  expect(button()?.getAttribute('aria-disabled')).toBe('true');
  await new Promise((resolve) => setTimeout(resolve, 510));
  click();
  expect(keys).toHaveLength(1);
  fireEvent.click(screen.getByText('Update the page'));
  await reads('Open application');
  expect(document.body.textContent).not.toContain('could not be updated');
});

test('what waits in the queue since before a reload shows as waiting', async () => {
  answers = [lost];
  await client.perform('interested-services/convert', { id }, { optimistic: false });
  await open();
  await reads('Waiting for the network');
});
