// SPDX-License-Identifier: Apache-2.0
// Members of a company, each in a browser of their own: invited, given another role and another sight, thrown out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, type ChromiumPage, chromium, openChromium } from '../support/chromium.js';
import { appears, button, disappears, eventually, field, has, words } from '../support/page.js';
import { binary, logIn, owner, Program, picture, scriptErrors, TestServer } from '../support/world.js';

const email = 'mia@demo.test';
const inDialog = (place: string) => `//*[@role='dialog']${place}`;
const item = (name: string) => `//*[@role='menuitem'][normalize-space(.)="${name}"]`;
const option = (name: string) => `//*[@role='option'][normalize-space(.)="${name}"]`;
const member = (state: string) => `//tr[contains(., "${email}")][contains(., "${state}")]`;
const heading = (name: string) => `//h1[normalize-space(.)="${name}"]`;
const row = (name: string) => `//*[@role="row"][contains(., "${name}")]`;

describe.skipIf(!binary || !chromium)('a member', () => {
  let server: TestServer;
  let browser: Chromium;
  let boss: ChromiumPage;
  let mia: ChromiumPage;
  let asking: Program;

  beforeAll(async () => {
    server = await TestServer.start();
    asking = await Program.logIn(server.url, owner);
    browser = await openChromium();
    boss = await browser.page();
    mia = await browser.page();
    await logIn(boss, server.url, owner);
    await boss.goto(`${server.url}/users`);
    await appears(boss, heading('Users'));
  });
  afterAll(async () => {
    expect([...boss.complaints(), ...mia.complaints()]).toEqual([]);
    expect(await scriptErrors(server)).toBe(0);
    await browser?.close();
    await server?.stop();
  });

  async function find(): Promise<void> {
    await boss.fill("//input[@aria-label='Search in users']", 'mia');
    await appears(boss, `//tr[contains(., "${email}")]`);
  }
  async function choose(label: string, name: string): Promise<void> {
    await boss.click(`//button[@aria-label="Actions: Mia"]`);
    await boss.click(item('Role and rights'));
    await boss.click(inDialog(field(label)));
    await boss.click(option(name));
    await boss.click(inDialog(button('Save')));
    await disappears(boss, inDialog(''));
  }

  it('is invited twice by mistake and told so, takes the link, sets a password and is in', async () => {
    const link = /https?:\/\/\S+(\/invitation\S*#token=\S+)/.exec(
      server.command('user', 'invite', email, '--tenant', 'demo', '--role', 'staff', '--name', 'Mia'),
    )?.[1];
    await find();
    await appears(boss, member('Invited'));
    await boss.click(button('Invite'));
    await boss.fill(inDialog(field('E-mail address')), email);
    await boss.click(inDialog(button('Invite')));
    await appears(boss, inDialog(words('This value is taken').slice('//body'.length)));
    await boss.fill(inDialog(field('E-mail address')), 'noa@demo.test');
    await boss.click(inDialog(button('Invite')));
    await appears(boss, inDialog(words('No mail server is set up yet, so nothing was sent').slice('//body'.length)));
    await boss.click(inDialog(button('Close')));
    await disappears(boss, inDialog(''));
    await mia.goto(`${server.url}${link}`);
    await appears(mia, heading('Welcome'));
    await mia.fill(field('Password'), 'short');
    await mia.click(button('Accept the invitation'));
    await appears(mia, "//*[contains(@class, 'mantine-PasswordInput-error')]");
    await mia.fill(field('Password'), 'a password of mine');
    await mia.click(button('Accept the invitation'));
    await appears(mia, heading('Customers'));
    await find();
    await appears(boss, member('Active'));
  });

  it('sees only what is assigned, in list, board and search; what goes to somebody else goes at once', async () => {
    const [me] = (await asking.get(`/api/users?email=${encodeURIComponent(email)}`)).items;
    const hers = await asking.post('/api/customers', { name: 'Hers to care for', assigned_to: me.id });
    await asking.post('/api/customers', { name: 'Hers not', assigned_to: null });
    await choose('Which customers they see', 'Assigned ones');
    await mia.goto(`${server.url}/customers`);
    await appears(mia, row(hers.name));
    expect(await has(mia, row('Hers not'))).toBe(false);
    await mia.goto(`${server.url}/customers?view=board`);
    await appears(mia, words(hers.name));
    expect(await has(mia, words('Hers not'))).toBe(false);
    await mia.own.keyboard.press('Control+k');
    await mia.own.locator('[role=dialog] input').fill('Hers');
    await appears(mia, `//*[@role='option'][contains(., "${hers.name}")]`);
    expect(await has(mia, "//*[@role='option'][contains(., 'Hers not')]")).toBe(false);
    await mia.press('Escape');
    await mia.goto(`${server.url}/customers`);
    await appears(mia, row(hers.name));
    await asking.patch(`/api/customers/${hers.id}`, { version: hers.version, assigned_to: null });
    await disappears(mia, row(hers.name)); // without a reload
    await mia.goto(`${server.url}/customers/${hers.id}`);
    await appears(mia, words('There is no such customer'));
  });

  it('whose role is taken down is offered no more than it allows', async () => {
    await mia.goto(`${server.url}/customers`);
    await appears(mia, button('New customer'));
    await choose('Role', 'Viewer');
    await appears(boss, member('Viewer'));
    await mia.reload();
    await appears(mia, heading('Customers'));
    await eventually(async () => !(await has(mia, button('New customer'))), 'no button for what is not allowed');
  });

  it('who is disabled is outside at once, is told so, and does not come in again until enabled', async () => {
    await boss.click(`//button[@aria-label="Actions: Mia"]`);
    await boss.click(item('Disable'));
    await boss.click(inDialog(button('Disable')));
    await appears(boss, member('Disabled'));
    await appears(mia, words('Your session has ended'));
    await picture(mia, 'disabled');
    await mia.fill(field('E-mail address'), email);
    await mia.fill(field('Password'), 'a password of mine');
    await mia.click(button('Log in'));
    await appears(mia, words('E-mail address or password is wrong'));
    await boss.click(`//button[@aria-label="Actions: Mia"]`);
    await boss.click(item('Enable'));
    await appears(boss, member('Active'));
    await mia.click(button('Log in'));
    await appears(mia, heading('Customers'));
  });
});
