// SPDX-License-Identifier: Apache-2.0
// A page whose clock the tests turn, before a server that answers late, never, or with something else.
import type { ChromiumPage } from './chromium.js';
import type { StrangeAnswer } from './network.js';
import { eventually, has } from './page.js';

/** As they come from proxies, from networks that ask for a log-in, and from programs that fail. */
export const strangeAnswers = {
  page: { status: 200, type: 'text/html', body: '<!doctype html><title>Wi-Fi</title><h1>Log in to the network</h1>' },
  proxy: { status: 502, type: 'text/html', body: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
  document: {
    status: 500,
    type: 'application/problem+json',
    body: JSON.stringify({ status: 500, code: 'internal', title: 'The server failed unexpectedly' }),
  },
  empty: { status: 500 },
} satisfies Record<string, StrangeAnswer>;

export type Strange = keyof typeof strangeAnswers;

/** Waits as long as the page's clock takes, not ours: four seconds of the page for every look. */
export const patiently = (page: ChromiumPage, place: string) =>
  eventually(async () => {
    if (await has(page, place)) return true;
    await page.own.clock.fastForward(4_000);
    return false;
  }, place);
