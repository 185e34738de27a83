// SPDX-License-Identifier: Apache-2.0
// F4 and F8 as people meet them: first start, invitation, reset, demo log-ins, several tenants, the session's end.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../client/test/support/people';
import { binary, TestServer } from '../../client/test/support/server';
import { chromium, Person, startBrowser } from './support/people';

const secret = 'a long enough password';
const linkIn = (text: string) => /https?:\/\/\S+#token=\S+/.exec(text)?.[0].replace(/^https?:\/\/[^/]+/, '');

/** A field that opens a list when it is used; browsers' libraries call it one or the other. */
const selectOf = (page: Page, name: string) =>
  page.getByRole('combobox', { name }).or(page.getByRole('textbox', { name })).first();

describe.skipIf(!binary || !chromium)('the way in', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test('the first start is set up by its link, once: what the company does is switched on', async () => {
    const server = await TestServer.start({ demo: false });
    const olga = await Person.open(browser, server.url, undefined, { timeZone: 'America/Bogota' });
    await olga.page.goto('/');
    await olga.page.getByText('The server printed a link', { exact: false }).waitFor();
    await olga.isFine();
    await eventually(() => linkIn(server.output), 'the link');
    const page = await olga.go(linkIn(server.output)!, 'Set up Interlock');
    await page.getByLabel('Company').waitFor();
    await eventually(() => !page.url().includes('token'), 'an address without the token');
    await olga.isFine();
    // What is wrong is told beside its field, in the page's own words: no browser's bubble, which speaks its own language.
    const form = page.locator('form');
    await page.getByRole('button', { name: 'Set up' }).click();
    expect(await form.getByText('Fill in this field.').count(), 'company, short name, name, address').toBe(4);
    await page.getByLabel('New password').fill('short');
    await form.getByText('Too short: it needs at least 10 characters.').waitFor();
    await form.getByText('The two differ.').waitFor();
    await olga.isFine();
    await page.getByRole('button', { name: 'Español' }).click();
    await form.getByText('Demasiado corta: necesita al menos 10 caracteres.').waitFor();
    expect(await form.getByText('Rellene este campo.').count()).toBe(4);
    await page.getByRole('button', { name: 'English' }).click();
    expect(await form.evaluate((element: HTMLFormElement) => element.noValidate)).toBe(true);

    const slug = page.getByLabel('Short name');
    await page.getByLabel('Company').fill('Café');
    expect(await slug.inputValue()).toBe('cafe');
    await page.getByLabel('Company').fill('Café Zürich');
    expect(await slug.inputValue(), 'as one types').toBe('cafe-zurich');
    await slug.fill('zurich');
    await page.getByLabel('Company').fill('Café Zürich & Co.');
    expect(await slug.inputValue(), 'edited by hand').toBe('zurich');
    await page.getByLabel('E-mail address').fill('olga@first');
    await page.getByRole('radio', { name: 'Sales of partners’ products' }).check();
    expect(await selectOf(page, 'Time zone').inputValue()).toBe('America/Bogota');
    await selectOf(page, 'Currency').fill('COP');
    await page.getByRole('option', { name: /^COP/ }).click();
    await page.getByLabel('Your name').fill('Olga Owner');
    await page.getByLabel('New password').fill(secret);
    await page.getByLabel('The same again').fill(secret);
    await page.getByRole('button', { name: 'Set up' }).click();
    await form.getByText('with a dot behind the @', { exact: false }).waitFor();
    await page.getByLabel('E-mail address').fill('olga@first.test');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByText('No customers yet').waitFor();
    await page.getByRole('link', { name: 'Products' }).waitFor();
    await olga.isFine();

    await page.getByRole('button', { name: 'New customer' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('First of all');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await page.getByText('First of all').first().waitFor();

    await olga.go('/settings', 'Settings');
    expect(await selectOf(page, 'Time zone').inputValue()).toBe('America/Bogota');
    expect(await selectOf(page, 'Currency').inputValue()).toMatch(/^COP/);
    // The name ends with a full stop of its own, and the sentence is none the worse.
    await page.getByText('Café Zürich & Co.: what holds for everybody.', { exact: true }).waitFor();
    await page.getByText('What is switched off disappears from the navigation', { exact: false }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Partners and products' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'Services and applications' }).isChecked()).toBe(false);

    await olga.go('/audit', 'Audit trail');
    await page
      .getByRole('cell', { name: /^Set up/ })
      .first()
      .waitFor();
    expect(await page.getByText(/^[a-z-]+\/[a-z-]+$/).count(), 'operations by names of the program').toBe(0);

    await page.goto('/applications');
    await page.getByRole('heading', { name: 'This part is switched off' }).waitFor();
    await olga.isFine();
    await page.getByRole('link', { name: 'Open the settings' }).click();
    await page.getByRole('checkbox', { name: 'Services and applications' }).check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'Applications' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();

    await page.goto('/set-up');
    await page.getByText('Already set up').waitFor();
    await olga.close();
    await server.stop();
  });

  describe('with the demo', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await TestServer.start();
    }, 120_000);
    afterAll(() => server?.stop());

    test('F8: one click logs in, whichever page was asked for is there', async () => {
      const person = await Person.open(browser, server.url);
      const page = await person.go('/users', 'Log in');
      const demo = page.getByRole('region', { name: 'Demo' });
      const agency = demo.getByRole('button', { name: 'Staff Daily work with the clients assigned to them' });
      expect(await agency.getAttribute('title')).toBe('staff01@agency.test');
      await demo.getByRole('button', { name: 'Viewer Looks, changes nothing' }).first().waitFor();
      await demo.getByText('A neighbour, to see what stays apart').waitFor();
      await person.isFine();
      await page.getByRole('button', { name: 'Español' }).click();
      const demostracion = page.getByRole('region', { name: 'Demostración' });
      await demostracion.getByRole('button', { name: 'Consulta Mira, no cambia nada' }).first().waitFor();
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('button', { name: 'Owner' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
      await page.getByRole('button', { name: /menu of/ }).click();
      await page.getByRole('menuitem', { name: 'Log out' }).click();
      await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
      await person.close();
    });

    test('a page that is switched off says so, and whom to ask', async () => {
      const person = await Person.open(browser, server.url, 'staff08@demo.test');
      await person.page.goto('/partners');
      await person.page.getByRole('heading', { name: 'This part is switched off' }).waitFor();
      await person.page.getByText(/An owner or administrator of your company can switch/).waitFor();
      expect(await person.page.getByRole('link', { name: 'Open the settings' }).count()).toBe(0);
      await person.isFine();
      await person.close();
    });

    test('a wrong password is told', async () => {
      const person = await Person.open(browser, server.url);
      const page = await person.go('/', 'Log in');
      await page.getByLabel('E-mail address').fill('owner@demo.test');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('E-mail address or password is wrong.').waitFor();
      await person.isFine();
      await person.close();
    });

    test('an invitation, a second tenant, and the way between them', async () => {
      const person = await Person.open(browser, server.url);
      for (const tenant of ['demo', 'other']) {
        const printed = server.command(
          'user',
          'invite',
          'both@demo.test',
          '--tenant',
          tenant,
          '--role',
          'admin',
          '--name',
          'Bea',
        );
        const page = await person.go(linkIn(printed)!, 'Welcome');
        await page.getByLabel('Password').fill(secret);
        await person.isFine();
        await page.getByRole('button', { name: 'Accept the invitation' }).click();
        await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      }
      const { page } = person;
      await page.getByRole('button', { name: /You are in Other Company/ }).click();
      await page.getByRole('menuitem', { name: 'Demo Company' }).click();
      await page.getByRole('button', { name: /You are in Demo Company/ }).waitFor();
      await page.getByText(/loaded, more below/).waitFor();
      await person.close();

      const again = await Person.open(browser, server.url);
      const entrance = await again.go('/', 'Log in');
      await entrance.getByLabel('E-mail address').fill('both@demo.test');
      await entrance.getByLabel('Password', { exact: true }).fill(secret);
      await entrance.getByRole('button', { name: 'Log in' }).click();
      await entrance.getByRole('heading', { name: 'Where do you want to work?' }).waitFor();
      await again.isFine();
      await entrance.getByRole('button', { name: 'Other Company' }).click();
      await entrance.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      await again.close();
    });

    test('without a mail server the inviter hands the link over; it says who invites whom, and where', async () => {
      const admin = await Person.open(browser, server.url, 'admin@demo.test');
      const page = await admin.go('/users', 'Users');
      await page.getByRole('button', { name: 'Invite' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('you get a link to hand over', { exact: false }).waitFor();
      expect(await dialog.getByText('mail with a link', { exact: false }).count()).toBe(0);
      await dialog.getByLabel('E-mail address').fill('a@b');
      await dialog.getByLabel('Name').fill('Nora New');
      await dialog.getByRole('button', { name: 'Invite' }).click();
      await dialog.getByText('with a dot behind the @', { exact: false }).waitFor();
      await admin.isFine();
      await dialog.getByLabel('E-mail address').fill('nora@new.test');
      await dialog.getByRole('button', { name: 'Invite' }).click();
      await dialog.getByText(/No mail server is set up yet, so nothing was sent/).waitFor();
      await dialog.getByText('docs/operating/start.md', { exact: false }).waitFor();
      await dialog.getByRole('button', { name: 'Copy' }).waitFor();
      await admin.isFine();
      const link = (await dialog.locator('.secret').innerText()).trim();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      const actions = page.getByRole('button', { name: 'Actions: Nora New' });
      await actions.click();
      await page.getByRole('menuitem', { name: 'Make a link to hand over' }).click();
      expect((await dialog.locator('.secret').innerText()).trim(), 'another link').not.toBe(link);
      await admin.close();

      const nora = await Person.open(browser, server.url);
      const invitation = await nora.go(new URL(link).pathname + new URL(link).hash, 'Welcome');
      await invitation.getByText(/ invited you to Demo Company$/).waitFor();
      expect(await invitation.getByLabel('Your name').inputValue()).toBe('Nora New');
      await invitation.getByLabel('Password').fill('short');
      await invitation.getByRole('button', { name: 'Accept the invitation' }).click();
      await invitation.getByText('Too short: it needs at least 10 characters.').waitFor();
      await nora.isFine();
      await invitation.getByLabel('Password').fill(secret);
      await invitation.getByRole('button', { name: 'Accept the invitation' }).click();
      await invitation.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      await nora.close();

      const late = await Person.open(browser, server.url);
      await late.go(new URL(link).pathname + new URL(link).hash, 'Welcome');
      await late.page.getByText(/This link does not work any more/).waitFor();
      expect(await late.page.getByText(/Demo Company|Nora/).count(), 'what the link said').toBe(0);
      await late.isFine();
      await late.close();
    });

    test('who has forgotten a password is promised no mail without a mail server', async () => {
      const person = await Person.open(browser, server.url);
      const page = await person.go('/', 'Log in');
      await page.getByRole('button', { name: 'Forgotten your password?' }).click();
      await page.getByText(/No mail server is set up here yet/).waitFor();
      expect(await page.getByRole('button', { name: 'Send the link' }).count()).toBe(0);
      await person.isFine();
      await page.getByRole('button', { name: 'To the log-in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
      await person.close();
    });

    test('a reset by its link, good once', async () => {
      const path = linkIn(server.command('user', 'reset-password', 'staff05@demo.test'))!;
      const person = await Person.open(browser, server.url);
      for (const text of [/Your password is set/, /This link does not work any more/]) {
        await person.page.goto('about:blank');
        const page = await person.go(path, 'Set a new password');
        await page.getByLabel('New password').fill(secret);
        await page.getByLabel('The same again').fill(secret);
        await page.getByRole('button', { name: 'Set the password' }).click();
        await page.getByText(text).waitFor();
        await person.isFine();
      }
      await person.page.goto('/invitation');
      await person.page.getByText('This page needs a link').waitFor();
      await person.close();
    });

    test('log out everywhere ends the other browser’s session too, in place', async () => {
      const [here, there] = [
        await Person.open(browser, server.url, 'staff06@demo.test'),
        await Person.open(browser, server.url, 'staff06@demo.test'),
      ];
      const other = await there.go('/customers', 'Customers');
      await other.getByText(/loaded, more below/).waitFor();
      const page = await here.go('/account', 'My account');
      await page.getByRole('button', { name: 'Log out everywhere' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Log out everywhere' }).click();
      await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
      await other.getByRole('heading', { level: 1, name: 'Log in' }).waitFor({ timeout: 30_000 });
      await here.close();
      await there.close();
    });

    test('a token’s secret is shown once', async () => {
      const person = await Person.open(browser, server.url, 'admin@demo.test');
      const page = await person.go('/tokens', 'API tokens');
      await page.getByRole('button', { name: 'New token' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('What it is for').fill('robot');
      await dialog.getByRole('button', { name: 'Create' }).click();
      await dialog.getByText('Copy it now', { exact: false }).waitFor();
      await person.isFine();
      const token = (await dialog.locator('.secret').innerText()).trim();
      const headers = { Authorization: `Bearer ${token}` };
      expect((await fetch(`${server.url}/api/customers?limit=1`, { headers })).status).toBe(200);
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('Revoked').waitFor();
      expect((await fetch(`${server.url}/api/customers?limit=1`, { headers })).status).toBe(401);
      await person.close();
    });

    test('F7: the tenant’s language and words show at once, for everybody', async () => {
      const [admin, staff] = [
        await Person.open(browser, server.url, 'admin@demo.test'),
        await Person.open(browser, server.url, 'staff07@demo.test'),
      ];
      const other = await staff.go('/customers', 'Customers');
      const page = await admin.go('/settings', 'Settings');
      await page.getByLabel('One', { exact: true }).fill('client');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await other.getByRole('heading', { level: 1, name: 'Clients' }).waitFor();
      await selectOf(page, 'Language').click();
      await page.getByRole('option', { name: 'Español' }).click();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      // An English word stands in no Spanish sentence: the usual ones, until somebody tells Spanish ones.
      await other.getByRole('button', { name: 'Añadir cliente', exact: true }).waitFor();
      await page.getByText('Cómo llama a quienes atiende, en español.', { exact: false }).waitFor();
      await page.getByLabel('Uno', { exact: true }).fill('socio');
      await page.getByRole('button', { name: 'Guardar', exact: true }).click();
      await other.getByRole('heading', { level: 1, name: 'Socios' }).waitFor();
      await other.getByRole('button', { name: /menú de/ }).click();
      await other.getByRole('menuitem', { name: 'English' }).click();
      await other.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
      await admin.close();
      await staff.close();
    });
  });
});
