// SPDX-License-Identifier: Apache-2.0
// An interested service becomes an application: from four pages, by several people at once, over networks that fail.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Agency, owner, type Sold, staff } from '../support/agency.js';
import { chromium, openChromium } from '../support/chromium.js';
import { firefox, openFirefox } from '../support/firefox.js';
import { Network, slow3G } from '../support/network.js';
import { appears, disappears, eventually, has, type TestBrowser, type TestPage, tab, words } from '../support/page.js';
import { binary, clickTenTimes, logIn, picture, scriptErrors, TestServer } from '../support/world.js';

const line = (name: string) => `//li[contains(@class, 'row')][.//a[normalize-space(.)="${name}"]]`;
const convert = (name: string) => `${line(name)}//button[contains(@class, 'il-button')]`;
const working = (name: string) => `${convert(name)}[@aria-busy='true']`;
const ready = (name: string) => `${convert(name)}[@aria-disabled='false']`;
const state = (name: string, text: string) =>
  `${line(name)}//span[contains(@class, 'status')][normalize-space(.)='${text}']`;
const toApplication = (name: string) => `${line(name)}//a[normalize-space(.)='Open application']`;
const notice = (text: string) => `//*[contains(@class, 'il-notice')]//button[normalize-space(.)='${text}']`;

const browsers = [
  { name: 'Chromium', program: chromium, open: openChromium },
  { name: 'Firefox', program: firefox, open: openFirefox },
];

/** The line shows what came of it, and nothing more to click. */
async function isConverted(page: TestPage, name: string): Promise<void> {
  await appears(page, toApplication(name), 60_000);
  await appears(page, state(name, 'Converted'));
  expect(await has(page, convert(name))).toBe(false);
}

async function open(page: TestPage, url: string, path: string, name: string): Promise<void> {
  await page.goto(url + path);
  await appears(page, line(name));
}

describe.skipIf(!binary)('a conversion', () => {
  let server: TestServer;
  let agency: Agency;
  beforeAll(async () => {
    server = await TestServer.start();
    agency = await Agency.open(server.url);
  });
  afterAll(() => server.stop());

  describe.each(browsers)('in $name', ({ name, program, open: openBrowser }) => {
    let browser: TestBrowser;
    let first: TestPage;
    let second: TestPage;
    beforeAll(async () => {
      if (!program) return;
      browser = await openBrowser();
      first = await browser.page();
      second = await browser.page();
      await logIn(first, server.url, staff, 'Clients');
      await logIn(second, server.url, owner, 'Clients');
    });
    afterAll(() => browser?.close());

    const pages: [string, (sold: Sold) => string, (sold: Sold) => string][] = [
      ['client', ({ customer }) => `/customers/${customer}`, ({ name }) => name],
      ['user', () => '/work', ({ name }) => name],
      ['partner', ({ partner }) => `/partners/${partner}`, ({ name }) => name],
      ['product', ({ product }) => `/products/${product}`, ({ client }) => client],
    ];
    it.skipIf(!program).each(pages)(
      'from the page of a %s shows on it and on every other one (A4, A5)',
      async (kind, path, named) => {
        const sold = await agency.sell(`${kind} ${name}`);
        await open(first, server.url, path(sold), named(sold));
        await open(second, server.url, `/customers/${sold.customer}`, sold.name);
        await first.click(convert(named(sold)));
        await isConverted(first, named(sold));
        await isConverted(second, sold.name); // without a refresh
        await second.click(tab('Applications'));
        await appears(second, line(sold.name));
        await appears(second, state(sold.name, 'Draft'));
        await second.click(tab('Timeline'));
        await appears(second, words('Became an application'));
        await appears(second, words(`${sold.name} · ${sold.school}`));
        if (kind === 'client') {
          await first.click(tab('Applications'));
          await appears(first, line(sold.name));
          await picture(first, `conversion-${name.toLowerCase()}`);
        }
        expect(await agency.applications(sold)).toHaveLength(1);
      },
    );

    it.skipIf(!program)('by two people side by side at once makes one application, and both see it (A2)', async () => {
      const sold = await agency.sell(`both ${name}`);
      await open(first, server.url, `/customers/${sold.customer}`, sold.name);
      await open(second, server.url, `/partners/${sold.partner}`, sold.name);
      // Whoever is slower may find no button any more.
      const clicked = [clickTenTimes(first, convert(sold.name)), clickTenTimes(second, convert(sold.name))];
      await Promise.any(clicked);
      await Promise.allSettled(clicked);
      await Promise.all([isConverted(first, sold.name), isConverted(second, sold.name)]);
      const [application, ...more] = await agency.applications(sold);
      if (!application) throw new Error('no application');
      expect(more).toEqual([]);
      expect(await agency.activities(sold)).toHaveLength(1);
      await first.click(toApplication(sold.name));
      await appears(first, words('Interested service'));
      expect(await first.run<string>('return location.pathname')).toBe(`/applications/${application.id}`);
    });

    it.skipIf(!program)('leaves no complaint in the log of the page', async () => {
      expect([...first.complaints(), ...second.complaints()]).toEqual([]);
      expect(await scriptErrors(server)).toBe(0);
    });
  });

  describe.skipIf(!chromium)('over a network that fails', () => {
    let browser: TestBrowser;
    let network: Network;
    let page: TestPage;
    let sold: Sold;
    let made = 0;

    beforeAll(async () => {
      browser = await openChromium();
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      network = await Network.before(server.url);
      page = await browser.page();
      await logIn(page, network.url, staff, 'Clients');
      sold = await agency.sell(`network ${++made}`);
      await open(page, network.url, `/customers/${sold.customer}`, sold.name);
    });
    afterEach(async () => {
      expect(page.complaints()).toEqual([]);
      await page.close();
      network.stop();
      expect(await scriptErrors(server)).toBe(0);
    });
    const isDoneOnce = async () => {
      await isConverted(page, sold.name);
      expect(await agency.applications(sold)).toHaveLength(1);
      expect(await agency.activities(sold)).toHaveLength(1);
    };

    it('slow as Slow 3G, clicked ten times: the loader at once, one application (A6)', async () => {
      network.slowness = slow3G;
      await clickTenTimes(page, convert(sold.name));
      expect(await has(page, working(sold.name))).toBe(true);
      await isDoneOnce();
    });

    it('that is cut: says so, sends by itself when it is back', async () => {
      network.cut();
      await page.click(convert(sold.name));
      await appears(page, words('no second click is needed'));
      await picture(page, 'conversion-offline');
      expect(await agency.applications(sold)).toEqual([]);
      network.mend();
      await isDoneOnce();
      await disappears(page, words('no second click is needed'));
    });

    it('that is cut: it can be left undone, and the button is usable again', async () => {
      network.cut();
      await page.click(convert(sold.name));
      await page.click(notice('Leave it undone'));
      await appears(page, ready(sold.name));
      network.mend();
      await appears(page, words('Everything is saved'), 60_000);
      expect(await agency.applications(sold)).toEqual([]);
      await page.click(convert(sold.name));
      await isDoneOnce();
    });

    it('that is cut, and the tab is loaded anew while it waits', async () => {
      network.cut();
      await page.click(convert(sold.name));
      await appears(page, words('no second click is needed'));
      network.mend();
      await page.reload();
      await isDoneOnce();
    });

    it('that loses the answer: asked for again, done once', async () => {
      let lost = 0;
      network.losesAnswerTo = (request) => request.startsWith('POST /api/interested-services/convert') && lost++ < 1;
      await page.click(convert(sold.name));
      await isDoneOnce();
      expect(lost).toBeGreaterThan(1);
    });

    it('behind which the server fails: told, tried again, done once', async () => {
      network.failsAt = (request) => request.startsWith('POST /api/interested-services/convert');
      await page.click(convert(sold.name));
      await appears(page, words('The server failed'));
      await picture(page, 'conversion-server-failed');
      expect(await agency.applications(sold)).toEqual([]);
      network.failsAt = () => false;
      await page.click(notice('Try now'));
      await isDoneOnce();
    });

    it('where only the update of the page fails: says that it was converted, and invites no second click', async () => {
      let converted = false;
      network.failsAt = (request) => {
        converted ||= request.startsWith('POST /api/interested-services/convert');
        return converted && request.startsWith('GET /api/interested-services');
      };
      await page.click(convert(sold.name));
      await appears(page, words('Converted, but this page could not be updated'), 60_000);
      expect(await has(page, ready(sold.name))).toBe(false);
      expect(await agency.applications(sold)).toHaveLength(1);
      await picture(page, 'conversion-not-refreshed');
      network.failsAt = () => false;
      await page.click(notice('Update the page'));
      await isDoneOnce();
    });

    it('behind which the server is killed in the middle and started again: the page goes on', async () => {
      network.slowness = { ...slow3G, delayMs: 200 };
      const clicked = page.click(convert(sold.name));
      await eventually(() => has(page, working(sold.name)), 'the loader');
      await server.kill();
      await clicked;
      network.slowness = undefined;
      await server.run();
      agency = await Agency.open(server.url);
      await isDoneOnce();
      const next = await agency.sell('after the kill');
      await open(page, network.url, `/customers/${next.customer}`, next.name);
      await page.click(convert(next.name));
      await isConverted(page, next.name);
    });

    it('a service that is not there: said so, with a way on', async () => {
      await page.goto(`${network.url}/services/interested_service_00000000000000000000000000`);
      await appears(page, words('This is not here'));
      await page.goto(`${network.url}/services/nonsense`);
      await appears(page, words('To the list'));
    });
  });
});
