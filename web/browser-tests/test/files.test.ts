// SPDX-License-Identifier: Apache-2.0
// Files that are not taken, or that are called something odd: told before anything is sent where the page can know it.
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromium } from '../support/chromium.js';
import { appears, button, disappears, has, words } from '../support/page.js';
import { PageStage } from '../support/stage.js';
import { binary, picture } from '../support/world.js';

const line = (name: string) => `//li[contains(@class, 'row')][.//*[normalize-space(.)="${name}"]]`;
const bytesMax = 25 * 1024 * 1024;

describe.skipIf(!binary || !chromium)('a file', () => {
  const stage = new PageStage();
  let subject: string;
  let uploads: string[];

  beforeAll(() => {
    stage.page.own.on('request', (request) => request.url().includes('/api/files?') && uploads.push(request.url()));
    uploads = [];
  });
  beforeEach(async () => {
    subject = (await stage.asking.post('/api/customers', { name: 'With files' })).id;
    await stage.page.goto(`${stage.server.url}/customers/${subject}?tab=documents`);
    await appears(stage.page, words('No documents yet'));
    uploads = [];
  });

  /** As if chosen; of any name, type and size. */
  const drop = (name: string, type: string, content: string) =>
    stage.page.run(
      `const files = new DataTransfer();
       files.items.add(new File([${content}], ${JSON.stringify(name)}, { type: '${type}' }));
       const zone = document.querySelector('.drop-zone');
       zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: files }));`,
    );
  const names = async () =>
    (await stage.asking.get(`/api/documents?subject=${subject}`)).items.map(({ name }: { name: string }) => name);
  const isUsable = async () => {
    await drop('after.txt', 'text/plain', "'hello'");
    await appears(stage.page, `${line('after.txt')}//a[.='View']`);
    expect(await names()).toEqual(['after.txt']);
  };

  const refused: [string, string, string, string, string][] = [
    ['of a byte too much', 'large.pdf', 'application/pdf', `new Uint8Array(${bytesMax + 1})`, '25 MB at most'],
    ['that is empty', 'empty.pdf', 'application/pdf', "''", 'This file is empty'],
    ['that is a page', 'page.html', 'text/html', "'<h1>x</h1>'", 'Files of this kind are not taken'],
    ['that is a film', 'film.mp4', 'video/mp4', "'xxxx'", 'Files of this kind are not taken'],
  ];
  it.each(refused)(
    '%s is refused before anything is sent; the next one is taken',
    async (_, name, type, content, text) => {
      await drop(name, type, content);
      await appears(stage.page, `${line(name)}${words(text).slice('//body'.length)}`);
      expect(await has(stage.page, `${line(name)}${button('Try again')}`)).toBe(false);
      await picture(stage.page, `file-${name}`);
      expect(uploads).toEqual([]);
      await stage.page.click(`${line(name)}${button('Close')}`);
      await disappears(stage.page, line(name));
      await isUsable();
    },
  );

  it('that is not what it says is refused by the server, and told', async () => {
    await drop('picture.png', 'image/png', "'<script>alert(1)</script>'");
    await appears(stage.page, words('the file is not what its name says'));
    expect(uploads).toHaveLength(1);
    await stage.page.click(`${line('picture.png')}${button('Close')}`);
    await isUsable();
  });

  it('that passes by the page is refused by the server as well', async () => {
    const send = async (name: string, type: string, content: Uint8Array | string) => {
      const headers = {
        Authorization: `Bearer ${stage.asking.token}`,
        'Content-Type': type,
        'Idempotency-Key': randomUUID(),
      };
      const body = content as unknown as string;
      return fetch(`${stage.server.url}/api/files?name=${encodeURIComponent(name)}`, { method: 'POST', headers, body });
    };
    const large = await send('large.pdf', 'application/pdf', new Uint8Array(bytesMax + 1));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ code: 'body_too_large', limit: bytesMax });
    expect((await send('empty.pdf', 'application/pdf', '')).status).toBe(422);
    expect((await send('page.html', 'text/html', '<h1>x</h1>')).status).toBe(415);
    expect((await send('page.png', 'image/png', '<h1>x</h1>')).status).toBe(415);
  });

  const odd: [string, string, (shown: string) => boolean][] = [
    ['with a path', '../../etc/passwd', (shown) => shown === 'passwd.txt'],
    ['with a path of Windows', 'C:\\fakepath\\boot.ini', (shown) => shown === 'boot.ini.txt'],
    [
      'of 300 bytes',
      `${'\u00e1'.repeat(148)}.txt`,
      (shown) => Buffer.byteLength(shown) <= 200 && shown.endsWith('.txt'),
    ],
    ['that turns its end around', 'invoice\u202efdp.exe', (shown) => shown === 'invoicefdp.exe.txt'],
    ['with markup', '<img src=x onerror=alert(1)>.txt', (shown) => shown.endsWith('.txt')],
  ];
  it.each(odd)('whose name is odd (%s) is there once, under a name that does no harm', async (_, name, isGood) => {
    await drop(name, 'text/plain', "'hello'");
    await appears(stage.page, "//a[.='View']");
    // The server names it as its bytes are; until then it is called as it was sent.
    await expect.poll(async () => (await names()).map(isGood), { timeout: 20_000 }).toEqual([true]);
    const [shown] = await names();
    expect(await stage.page.run('return document.querySelector(".row-title").textContent')).toBe(shown);
    expect(await stage.page.run('return document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const [{ file }] = (await stage.asking.get(`/api/documents?subject=${subject}`)).items;
    const content = await fetch(`${stage.server.url}/api/files/${file}/content`, {
      headers: { Authorization: `Bearer ${stage.asking.token}` },
    });
    expect(await content.text()).toBe('hello');
  });
});
