// SPDX-License-Identifier: Apache-2.0
// What an agency does beside converting: services, applications, tasks and documents come, change, go and come back (A7).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Agency, type Sold, staff } from '../support/agency.js';
import { chromium, openChromium } from '../support/chromium.js';
import {
  appears,
  button,
  disappears,
  field,
  has,
  type TestBrowser,
  type TestPage,
  tab,
  words,
} from '../support/page.js';
import { binary, logIn, picture, scriptErrors, TestServer } from '../support/world.js';

const line = (name: string) => `//li[contains(@class, 'row')][.//*[normalize-space(.)="${name}"]]`;
const menu = (name: string) => `//button[@aria-label="Actions: ${name}"]`;
const item = (name: string) => `//*[@role='menuitem'][normalize-space(.)="${name}"]`;
const option = (name: string) => `//*[@role='option'][.//*[normalize-space(.)="${name}"]]`;
const inDialog = (place: string) => `//*[@role='dialog']${place}`;
const inList = (name: string, text: string) => `${line(name)}//*[normalize-space(.)="${text}"]`;

describe.skipIf(!binary || !chromium)('the agency', () => {
  let server: TestServer;
  let browser: TestBrowser;
  let agency: Agency;
  let page: TestPage;
  let sold: Sold;
  let made = 0;

  beforeAll(async () => {
    server = await TestServer.start();
    agency = await Agency.open(server.url);
    browser = await openChromium();
    page = await browser.page();
    await logIn(page, server.url, staff, 'Clients');
  });
  afterAll(async () => {
    expect(page.complaints()).toEqual([]);
    expect(await scriptErrors(server)).toBe(0);
    await browser.close();
    await server.stop();
  });
  beforeEach(async () => {
    sold = await agency.sell(`round ${++made}`);
    await page.goto(`${server.url}/customers/${sold.customer}`);
    await appears(page, line(sold.name));
  });

  const choose = async (label: string, name: string) => {
    await page.fill(inDialog(field(label)), name);
    await page.click(option(name));
  };

  it('adds a service, changes it, deletes it and brings it back', async () => {
    const other = await agency.sell(`other ${made}`);
    await page.click(button('Add service'));
    await choose('Product', other.name);
    await page.fill(inDialog(field('Note')), 'In autumn');
    await page.click(inDialog(button('Create')));
    await appears(page, line(other.name));
    await appears(page, inList(other.name, 'In autumn'));
    await page.click(menu(other.name));
    await page.click(item('Edit'));
    await page.fill(inDialog(field('Note')), 'In spring');
    await page.click(inDialog(button('Save')));
    await appears(page, inList(other.name, 'In spring'));
    await page.click(menu(other.name));
    await page.click(item('Delete'));
    await page.click(inDialog(button('Delete')));
    await disappears(page, line(other.name));
    await page.goto(`${server.url}/services?view=trash`);
    const deleted = `${other.name} · ${sold.client}`;
    await page.click(`${line(deleted)}${button('Restore')}`);
    await disappears(page, line(deleted));
  });

  it('adds an application directly, moves it, plans a task, and deletes it', async () => {
    await page.click(tab('Applications'));
    await page.click(button('Add application'));
    await choose('Product', sold.name);
    await page.click(inDialog(button('Create')));
    await appears(page, words('Added directly'));
    await page.click("//button[starts-with(@aria-label, 'Status: Draft')]");
    await page.click(item('Submitted'));
    await appears(page, "//button[@aria-label='Status: Submitted']");
    await page.click(tab('Tasks'));
    await page.click(button('Add task'));
    await page.fill(inDialog(field('What is to be done')), 'Call the school');
    await page.click(inDialog(button('Create')));
    await page.click("//input[@aria-label='Done: Call the school']");
    await appears(page, words('Done'));
    await picture(page, 'application');
    const [application, ...more] = await agency.applications(sold);
    expect(application).toMatchObject({ status: 'submitted', interested_service: null });
    expect(more).toEqual([]);
    await page.click(`//h1/following::button[@aria-label="Actions: ${sold.name}"]`);
    await page.click(item('Delete'));
    await page.click(inDialog(button('Delete')));
    await appears(page, "//h1[normalize-space(.)='Applications']");
    expect(await agency.applications(sold)).toEqual([]);
  });

  it('takes a document, and says why it takes another one not', async () => {
    await page.click(tab('Documents'));
    await appears(page, words('No documents yet'));
    const drop = (name: string, type: string) =>
      page.run(
        `const files = new DataTransfer();
         files.items.add(new File(['hello'], '${name}', { type: '${type}' }));
         const zone = document.querySelector('.drop-zone');
         zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: files }));`,
      );
    await drop('letter.txt', 'text/plain');
    await appears(page, line('letter.txt'));
    await appears(page, "//a[@aria-label='View letter.txt']");
    await drop('passport.pdf', 'application/pdf');
    await appears(page, words('Files of this kind are not taken'));
    await page.click(`${line('passport.pdf')}${button('Close')}`);
    await disappears(page, line('passport.pdf'));
    expect(await has(page, line('letter.txt'))).toBe(true);
  });

  it('ties what an application waits for to the document that came, and unties it', async () => {
    const application = await agency.asking.post('/api/applications', {
      customer: sold.customer,
      product: sold.product,
    });
    await agency.asking.post('/api/checklist-items', { subject: application.id, name: 'Passport', position: 10 });
    await agency.asking.post('/api/checklist-items', { subject: application.id, name: 'School report', position: 20 });
    await page.goto(`${server.url}/applications/${application.id}`);
    await appears(page, inList('Passport', 'Not received yet'));
    await page.run(
      `const files = new DataTransfer();
       files.items.add(new File(['hello'], 'scan.txt', { type: 'text/plain' }));
       const input = document.querySelector('li.row input[type=file]');
       input.files = files.files;
       input.dispatchEvent(new Event('change', { bubbles: true }));`,
    );
    await appears(page, `${line('Passport')}//a[@aria-label='View scan.txt']`);
    await appears(page, words('1 of 2 needed documents are there'));
    const href = await page.run<string>(`return document.querySelector('a[aria-label="View scan.txt"]').href`);
    expect(await page.run(`return fetch('${href}').then((answer) => answer.text())`)).toBe('hello');

    await page.click("//button[@aria-label='Attach: School report']");
    await page.click(item('Choose a document'));
    await page.click(inDialog(button('Choose scan.txt')));
    await appears(page, `${line('School report')}//a[@aria-label='View scan.txt']`);
    await appears(page, words('2 of 2 needed documents are there'));
    await picture(page, 'checklist');

    await page.click(menu('Passport'));
    await page.click(item('Take the document off'));
    await appears(page, inList('Passport', 'Not received yet'));
    await appears(page, "//button[@aria-label='Attach: Passport']");
    const { items } = await agency.asking.get(`/api/checklist-items?subject=${application.id}&sort=position`);
    expect(items).toMatchObject([
      { received: false, document: null },
      { received: true, document: expect.stringMatching(/^document_/) },
    ]);
    expect((await agency.asking.get(`/api/documents?subject=${application.id}`)).items).toHaveLength(1);
  });

  it('pins what matters, and takes the pin away', async () => {
    await page.click(tab('Timeline'));
    await page.fill("//textarea[@aria-label='What happened?']", 'Visited us');
    await page.click(button('Add'));
    await appears(page, words('Visited us'));
    await page.click(button('Pin'));
    await appears(page, "//section[@aria-label='Pinned']");
    await page.click(button('Unpin'));
    await disappears(page, "//section[@aria-label='Pinned']");
  });
});
