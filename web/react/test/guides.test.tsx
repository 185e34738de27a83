// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
// The code of the guides does what the guides say.
import type { Customer } from '@interlock/client';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { InterlockProvider, OfflineIndicator, useDraft, useFormat, useTexts } from '../src/index.js';
import { Agency, NewCustomer, Redact, SetAside, Ship, Star, Start, shop, takeCall } from './guides.js';
import { show, until, world } from './support/page.js';

const id = 'customer_01kdvdna02e00amycd00000001';
const pause = (ms: number) => act(() => new Promise((resolve) => setTimeout(resolve, ms)));

test('start: a list, a button, and what waits', async () => {
  world.server.records.set(id, { id, version: 1, name: 'Ana', status: 'new' });
  render(<Start client={world.client()} />);
  await until(() => screen.queryByText('Everything is saved') && screen.queryByText(/Ana/));
  fireEvent.click(screen.getByRole('button', { name: /Contacted/ }));
  await until(() => world.server.effects.length === 1);
  expect(world.server.effects[0]?.operation).toBe('customers/set-status');
});

test('form: the field is told, and the same form goes on', async () => {
  const made: Customer[] = [];
  show(<NewCustomer onMade={(customer) => made.push(customer)} />);
  fireEvent.click(screen.getByRole('button'));
  await until(() => screen.getByLabelText('Name').getAttribute('aria-invalid') === 'true');
  expect(screen.getByText('Fill in this field.')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Ana' } });
  await pause(510);
  fireEvent.click(screen.getByRole('button'));
  await until(() => made.length === 1);
  expect(made[0]).toMatchObject({ name: 'Ana', version: 1 });
});

test('refresh: done, though the page could not be updated', async () => {
  world.server.records.set(id, { id, version: 1 });
  show(<Redact id={id} reload={() => Promise.reject(new Error('no figures'))} />);
  fireEvent.click(screen.getByRole('button'));
  await until(() => screen.queryByText('Update the page'));
  expect(world.server.effects).toHaveLength(1);
});

test('chain: create, then comment, without a network', async () => {
  const client = world.client();
  await client.sessions.current();
  world.server.down = true;
  const made = await takeCall(client, 'Ana', 'wants an offer');
  world.server.down = false;
  await client.syncOfflineQueue();
  expect(world.server.effects.map((effect) => effect.operation)).toEqual(['customers/create', 'comments/create']);
  expect(world.server.effects[1]?.request.subject).toBe(made);
});

test('queue: what was refused, sent again or discarded', async () => {
  const { client } = show(<SetAside />);
  const action = await act(() => client.perform('customers/create', { name: 'bad' }));
  await act(() => action.settled.catch(() => {}));
  await until(() => screen.queryByText(/This value is taken/));
  fireEvent.click(screen.getByText('Discard'));
  await until(() => screen.queryByRole('listitem') === null);
});

test('optimistic: an update on the version that was seen', async () => {
  const customer = { id, version: 1, tags: ['a'] } as unknown as Customer;
  world.server.records.set(id, { ...customer });
  show(<Star customer={customer} />);
  fireEvent.click(screen.getByRole('button'));
  await until(() => world.server.effects.length === 1);
  expect(world.server.records.get(id)).toMatchObject({ tags: ['a', 'starred'], version: 2 });
});

test('other servers: a key, a queue, and nothing else of ours', async () => {
  const calls: { url: string; key: string | null }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    calls.push({ url, key: new Headers(init.headers).get('Idempotency-Key') });
    return Response.json({ id: 1 });
  };
  const client = shop(world.browser.tab().platform(fetch));
  const Remark = () => {
    const draft = useDraft('remark', '');
    return <input value={draft.value} onChange={(event) => draft.set(event.target.value)} />;
  };
  const page = () => (
    <InterlockProvider client={client}>
      <OfflineIndicator />
      <Remark />
      <Ship order="7" />
    </InterlockProvider>
  );
  const { unmount } = render(page());
  const remark = () => screen.getByRole<HTMLInputElement>('textbox');
  fireEvent.change(remark(), { target: { value: 'by noon' } });
  unmount();
  render(page());
  await until(() => remark().value === 'by noon', 'the draft');
  await until(() => screen.queryByText('Everything is saved'));
  const ship = screen.getByRole('button', { name: /Ship/ });
  for (let i = 0; i < 3; i++) fireEvent.click(ship);
  await until(() => ship.dataset.state === 'done');
  client.close();
  expect(calls.map((call) => call.url)).toEqual(['https://shop.example/orders/7/shipments']);
  expect(calls[0]?.key).toBeTruthy();
});

test('texts: own operations and codes beside those of the catalogue', () => {
  const Names = () => {
    const texts = useTexts();
    return `${texts.operations['interested-services/convert']} ${texts.codes.already_converted?.title} ${useFormat().money(1_250)}`;
  };
  render(
    <Agency client={world.client()}>
      <Names />
    </Agency>,
  );
  expect(document.body.textContent).toBe('Convert to application Converted already €12.50');
});
