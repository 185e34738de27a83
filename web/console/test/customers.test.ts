// SPDX-License-Identifier: Apache-2.0
// Rows B1 to B8 as people meet them: two browsers side by side, a network that goes away, a click too many.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../client/test/support/people';
import { binary, TestServer } from '../../client/test/support/server';
import { chromium, Person, startBrowser } from './support/people';

interface Customer {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly phone: string;
  readonly status: string;
  readonly tags: readonly string[];
}

describe.skipIf(!binary || !chromium)('customers', () => {
  let server: TestServer;
  let browser: Browser;
  let ana: Person;
  let ben: Person;
  let files: string;
  let number = 0;

  beforeAll(async () => {
    files = mkdtempSync(join(tmpdir(), 'interlock-console-'));
    server = await TestServer.start();
    browser = await startBrowser();
    ana = await Person.open(browser, server.url, 'staff01@demo.test');
    ben = await Person.open(browser, server.url, 'staff02@demo.test');
  }, 120_000);
  afterAll(async () => {
    await ana?.close();
    await ben?.close();
    await browser?.close();
    await server?.stop();
    rmSync(files, { recursive: true, force: true });
  });

  let tag: string;
  beforeEach(() => {
    number += 1;
    tag = `tag${number}`;
  });
  afterEach(() => ana.context.setOffline(false));

  const key = () => `test-${number}-${Math.random()}`;
  async function make(name: string, more: object = {}): Promise<Customer> {
    const data = { name, tags: [tag], ...more };
    const answer = await ana.context.request.post('/api/customers', { data, headers: { 'Idempotency-Key': key() } });
    expect(answer.status()).toBe(201);
    return answer.json();
  }
  const read = async (id: string): Promise<Customer> => (await ana.context.request.get(`/api/customers/${id}`)).json();
  const list = async (): Promise<Customer[]> =>
    (
      (await (await ana.context.request.get('/api/customers', { params: { tags: tag, limit: 1000 } })).json()) as {
        items: Customer[];
      }
    ).items;
  const openAt = async (who: Person, one: Customer): Promise<Page> => who.go(`/customers/${one.id}`, one.name);
  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();

  test('B2, B3: two people change one field: the second one compares and decides', async () => {
    const one = await make('Conflicted');
    const [mine, theirs] = [await openAt(ana, one), await openAt(ben, one)];
    await mine.getByLabel('Phone').fill('1');
    await theirs.getByLabel('Phone').fill('2');
    await save(theirs);
    await eventually(async () => (await read(one.id)).phone === '2', 'the first save');
    await save(mine);
    const dialog = mine.getByRole('dialog');
    await dialog.waitFor();
    await ana.isFine();
    await dialog.getByText('2', { exact: true }).first().waitFor();
    const { user } = await (await ben.context.request.get('/api/sessions/current')).json();
    await dialog.getByText(`${user.name} saved this record`, { exact: false }).waitFor();
    await dialog.getByRole('radio', { name: /mine/i }).first().check({ force: true });
    await dialog.getByRole('button', { name: /save/i }).click();
    await eventually(async () => (await read(one.id)).phone === '1', 'the decision');
    await dialog.waitFor({ state: 'detached' });
  });

  test('B3, B8: what does not clash is merged, and shows on every page without a reload', async () => {
    const one = await make('Merged');
    const [mine, theirs] = [await openAt(ana, one), await openAt(ben, one)];
    await mine.getByLabel('Phone').fill('77');
    await mine
      .getByText(/editing|for editing/i)
      .first()
      .waitFor();
    await theirs
      .getByText(/is editing|has this/i)
      .first()
      .waitFor();
    await theirs.getByLabel('Address').fill('Mill Lane 1');
    await save(theirs);
    await save(mine);
    await eventually(async () => (await read(one.id)).phone === '77', 'both changes');
    await theirs.waitForFunction(() => [...document.querySelectorAll('input')].some((box) => box.value === '77'));
    expect(await mine.getByLabel('Address').inputValue()).toBe('Mill Lane 1');
  });

  test('a draft survives a reload, and is forgotten when it is discarded', async () => {
    const one = await make('Drafted');
    const page = await openAt(ana, one);
    await page.getByLabel('Phone').fill('555');
    await page.reload();
    await page.getByText('Your unsaved changes from before are here again.').waitFor();
    expect(await page.getByLabel('Phone').inputValue()).toBe('555');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    expect(await page.getByLabel('Phone').inputValue()).toBe('');
    expect((await read(one.id)).phone).toBe('');
  });

  test('B5: ten clicks make one customer', async () => {
    const page = await ana.go('/customers', 'Customers');
    await page.getByRole('button', { name: 'New customer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Clicked often');
    await dialog.getByLabel('Tags').fill(tag);
    await dialog.getByLabel('Tags').press('Tab');
    const create = dialog.getByRole('button', { name: 'Create' });
    await create.evaluate((button: HTMLButtonElement) => {
      for (let i = 0; i < 10; i++) button.click();
    });
    await page.getByRole('heading', { level: 1, name: 'Clicked often' }).waitFor();
    expect(await list()).toHaveLength(1);
  });

  test('B6, B7: without a network it is kept, shown as waiting, and sent once when the network is back', async () => {
    const page = await ana.go('/customers', 'Customers');
    await page.getByText(/loaded, more below/).waitFor();
    await page.getByRole('button', { name: 'New customer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Made offline');
    await dialog.getByLabel('Tags').fill(tag);
    await dialog.getByLabel('Tags').press('Tab');
    await ana.context.setOffline(true);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Made offline is not confirmed yet', { exact: false }).waitFor({ timeout: 40_000 });
    await ana.context.setOffline(false);
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await eventually(async () => (await list()).length === 1, 'the customer', 40_000);
  });

  test('races 20: a refused drag moves back and says why; with the keyboard too', async () => {
    const one = await make('Dragged');
    const page = await ana.go(`/customers?view=board&tag=${tag}`, 'Customers');
    const column = (name: string) =>
      page.locator('.board-column').filter({ has: page.getByText(name, { exact: true }) });
    const card = (name: string) => column(name).getByRole('button', { name: one.name });
    const transfer = await page.evaluateHandle(() => new DataTransfer());
    await card('New').dispatchEvent('dragstart', { dataTransfer: transfer });
    await column('Active').getByText('Not from here').waitFor();
    expect(await column('Contacted').getByText('Not from here').count()).toBe(0);
    expect(await column('New').getByText('Not from here').count()).toBe(0);
    await card('New').dispatchEvent('dragend', { dataTransfer: transfer });
    await column('Active').getByText('Not from here').waitFor({ state: 'detached' });
    await card('New').dragTo(column('Active'));
    await page.getByText('From New to Active is no allowed move.').first().waitFor();
    expect(await card('New').count()).toBe(1);
    await card('New').focus();
    for (const press of ['Space', 'ArrowRight', 'Space']) await page.keyboard.press(press);
    await card('Contacted').waitFor();
    await eventually(async () => (await read(one.id)).status === 'contacted', 'the move');
    await ana.isFine();
  });

  test('a move that the server refuses is taken back', async () => {
    const one = await make('Raced');
    const page = await ana.go(`/customers?view=board&tag=${tag}`, 'Customers');
    await page.getByRole('button', { name: one.name }).waitFor();
    await page.route('**/api/customers/set-status', (route) =>
      route.fulfill({ status: 409, json: { type: 'x', title: 'no', status: 409, code: 'status_mismatch' } }),
    );
    await page.getByRole('button', { name: one.name }).focus();
    for (const press of ['Space', 'ArrowRight', 'Space']) await page.keyboard.press(press);
    await page.getByText('Raced stays in New').first().waitFor();
    await page.unroute('**/api/customers/set-status');
    await page.locator('.board-column').first().getByRole('button', { name: one.name }).waitFor();
    await page.getByRole('button', { name: 'Close' }).first().click();
  });

  test('a bulk action tells what became of each', async () => {
    await make('Bulk new');
    await make('Bulk contacted', { status: 'contacted' });
    await make('Bulk qualified', { status: 'qualified' });
    const page = await ana.go(`/customers?tag=${tag}`, 'Customers');
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Set status' }).click();
    await page.getByRole('menuitem', { name: 'Qualified' }).click();
    const dialog = page.getByRole('dialog');
    for (const text of ['1 done', '1 already so', '1 refused', 'From New to Qualified is no allowed move.'])
      await dialog.getByText(text).waitFor();
    await ana.isFine();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect((await list()).map(({ status }) => status).sort()).toEqual(['new', 'qualified', 'qualified']);
  });

  test('deleted, found in the trash, restored', async () => {
    const one = await make('Thrown away');
    const page = await openAt(ana, one);
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    await page.goto('/customers?view=trash');
    const row = page.getByRole('row').filter({ hasText: one.name });
    await row.getByRole('button', { name: 'Restore' }).click();
    await eventually(async () => (await read(one.id)).name === one.name, 'the customer');
  });

  test('an import shows what is wrong, and doubles nothing when it is repeated', async () => {
    const path = join(files, 'customers.csv');
    writeFileSync(path, `Nombre;Correo;Etiquetas\nAna Import;ana@x.test;${tag}\n;no;\n'=1+1;;${tag}\n`);
    const page = await ana.go('/customers', 'Customers');
    for (let round = 0; round < 2; round++) {
      await page.getByRole('button', { name: 'Actions' }).click();
      await page.getByRole('menuitem', { name: 'Import' }).click();
      await page.locator('input[type=file]').setInputFiles(path);
      const dialog = page.getByRole('dialog');
      await dialog.getByText('2 rows can be imported · 1 row has a problem').waitFor();
      await ana.isFine();
      await dialog.getByRole('button', { name: 'Import 2 rows' }).click();
      await dialog.getByText('2 done').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
    }
    expect((await list()).map(({ name }) => name).sort()).toEqual(['=1+1', 'Ana Import']);
  });

  test('an export runs in no spreadsheet', async () => {
    await make('=HYPERLINK("http://x")');
    const page = await ana.go(`/customers?tag=${tag}`, 'Customers');
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'Actions' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Export' }).click(),
    ]);
    const text = await (await download.createReadStream()).setEncoding('utf8').toArray();
    expect(text.join('')).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  test('a comment that is half typed is kept and counted, as every other draft', async () => {
    const one = await make('Half told');
    const page = await openAt(ana, one);
    await page.getByRole('tabpanel').getByRole('textbox').fill('half a sent');
    await page.getByText('Not saved yet', { exact: true }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).click();
    await page.getByText('Your changes are kept as a draft').waitFor();
    await page.goBack();
    await page.getByText('half a sent').waitFor();
    await page.getByRole('tabpanel').getByRole('textbox').press('Control+Enter');
    await page.getByText('Everything is saved', { exact: true }).waitFor();
  });

  test('comments and activities; what is pinned stands on top', async () => {
    const one = await make('Talked to');
    const [mine, theirs] = [await openAt(ana, one), await openAt(ben, one)];
    await mine.getByRole('tabpanel').getByRole('textbox').fill('hello <b>there</b>');
    await mine.getByRole('tabpanel').getByRole('textbox').press('Control+Enter');
    await theirs.getByText('hello <b>there</b>').waitFor();
    await mine.getByRole('tab', { name: 'Timeline' }).click();
    await mine.getByPlaceholder('What happened?').fill('Called twice');
    await mine.getByRole('button', { name: 'Add', exact: true }).click();
    await mine.getByRole('button', { name: 'Pin' }).click();
    await mine.getByRole('region', { name: 'Pinned' }).getByText('Called twice').waitFor();
    await theirs.getByRole('tab', { name: 'Timeline' }).click();
    await theirs.getByRole('region', { name: 'Pinned' }).getByText('Called twice').waitFor();
  });

  test('the keyboard alone: find, open, come back', async () => {
    await make('Keyed one');
    await make('Keyed two');
    const page = await ana.go(`/customers?tag=${tag}&sort=name`, 'Customers');
    await page.getByRole('row').nth(2).waitFor();
    for (const press of ['j', 'j', 'Enter']) await page.keyboard.press(press);
    await page.getByRole('heading', { level: 1, name: 'Keyed two' }).waitFor();
    await page.goBack();
    await page.getByRole('row').nth(2).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('one');
    await page.getByRole('row').filter({ hasText: 'Keyed two' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('row').filter({ hasText: 'Keyed one' }).count()).toBe(1);
  });

  const oddAnswers: readonly [string, object, RegExp][] = [
    [
      'HTML',
      { status: 200, contentType: 'text/html', body: '<!doctype html><p>Welcome to our network' },
      /The network answers with a page of its own/,
    ],
    ['a broken answer', { status: 200, contentType: 'application/json', body: '{"items": [' }, /damaged/],
    ['500', { status: 500, body: 'oops' }, /The server failed/],
    [
      'another tenant’s id',
      { status: 404, json: { status: 404, code: 'not_found', title: 'x' } },
      /It was deleted, or you may not see it any more/,
    ],
  ];
  test.each(oddAnswers)('%s instead of the audit trail: a clear message and a way on', async (_name, answer, text) => {
    const person = await Person.open(browser, server.url, 'admin@demo.test');
    await person.page.route('**/api/audit*', (route) => route.fulfill(answer));
    const page = await person.go('/audit', 'Audit trail');
    await page.getByText(text).waitFor();
    await person.isFine();
    await page.unroute('**/api/audit*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row').nth(1).waitFor();
    await person.close();
  });
});
