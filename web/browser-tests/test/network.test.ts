// SPDX-License-Identifier: Apache-2.0
// A bad network, an impatient hand, a server that dies: what was done is done once, and the page goes on.
import { beforeEach, describe, expect, it } from 'vitest';
import { chromium } from '../support/chromium.js';
import { slow3G } from '../support/network.js';
import { appears, button, eventually, field, words } from '../support/page.js';
import { NetworkStage } from '../support/stage.js';
import { binary, clickTenTimes } from '../support/world.js';

describe.skipIf(!binary || !chromium)('a network that is bad', () => {
  const stage = new NetworkStage();
  let id: string;

  beforeEach(async () => {
    await stage.open();
    ({ id } = await stage.asking.post('/api/customers', { name: 'Clara' }));
    await stage.page.goto(`${stage.network.url}/customers/${id}`);
    await appears(stage.page, field('Your comment'));
  });

  async function comment(text: string): Promise<void> {
    await stage.page.fill(field('Your comment'), text);
    await stage.page.click(button('Comment'));
    await appears(stage.page, words(text));
  }
  const arrive = (texts: string[]) =>
    eventually(
      async () => (await stage.asking.comments(id)).length >= texts.length,
      `${texts.length} comments`,
      60_000,
    ).then(async () => expect(await stage.asking.comments(id)).toEqual(texts));

  it('slow as Slow 3G: ten rapid clicks make one change (A6, B5)', async () => {
    stage.network.slowness = slow3G;
    await stage.page.fill(field('Phone'), '+34 333');
    await clickTenTimes(stage.page, button('Save'));
    await eventually(
      async () => (await stage.asking.get(`/api/customers/${id}`)).phone === '+34 333',
      'the change',
      60_000,
    );
    await stage.page.fill(field('Your comment'), 'once');
    await clickTenTimes(stage.page, button('Comment'));
    await arrive(['once']);
    stage.network.slowness = undefined;
    await comment('and again');
    await arrive(['once', 'and again']);
    expect((await stage.asking.get(`/api/customers/${id}/history`)).items.length).toBe(2);
  });

  it('that loses the answer: the action is asked for again and done once', async () => {
    let lost = 0;
    stage.network.losesAnswerTo = (request) =>
      request.startsWith('POST /api/') && request.includes('lost on the way') && lost++ < 2;
    await comment('lost on the way');
    await arrive(['lost on the way']);
    expect(lost).toBeGreaterThan(1);
  });

  it('that is cut: what is done meanwhile is kept, and goes out in order when it is back', async () => {
    stage.network.cut();
    const texts = ['one', 'two', 'three'];
    for (const text of texts) await comment(text);
    expect(await stage.asking.comments(id)).toEqual([]);
    stage.network.mend();
    await arrive(texts);
  });

  it('that is cut and a tab that is loaded anew with a full queue', async () => {
    stage.network.cut();
    const texts = Array.from({ length: 5 }, (_, i) => `kept ${i}`);
    for (const text of texts) await comment(text);
    stage.network.mend();
    await stage.page.reload();
    await arrive(texts);
    for (const text of texts) await appears(stage.page, words(text));
  });

  it('a server that is killed in the middle and started again', async () => {
    await comment('before');
    await arrive(['before']);
    await stage.server.kill();
    await comment('while it was gone');
    await stage.server.run();
    await stage.askAnew();
    await arrive(['before', 'while it was gone']);
  });
});
