// SPDX-License-Identifier: Apache-2.0
// What the tests of a file begin with, and leave tidy: whatever a page or a script complained of fails them.
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Chromium, type ChromiumPage, openChromium } from './chromium.js';
import { Network } from './network.js';
import { logIn, owner, Program, scriptErrors, TestServer } from './world.js';

/** One server, one browser, and the owner's program, for all tests of a file; members are there once a test begins. */
export class Stage {
  server!: TestServer;
  browser!: Chromium;
  /** The owner, who asks the server what became of what was done. */
  asking!: Program;
  page!: ChromiumPage;

  constructor() {
    beforeAll(async () => {
      this.server = await TestServer.start();
      this.browser = await openChromium();
      await this.askAnew();
    });
    afterAll(async () => {
      await this.browser?.close();
      await this.server?.stop();
    });
  }

  async askAnew(): Promise<void> {
    this.asking = await Program.logIn(this.server.url, owner);
  }

  async isQuiet(): Promise<void> {
    expect(this.page.complaints()).toEqual([]);
    expect(await scriptErrors(this.server)).toBe(0);
  }
}

/** With one page for all tests of the file, the owner's. */
export class PageStage extends Stage {
  constructor() {
    super();
    beforeAll(async () => {
      this.page = await this.browser.page();
      await logIn(this.page, this.server.url, owner);
    });
    afterAll(() => this.isQuiet());
  }
}

/** With a network before the server, and a page, for each test. */
export class NetworkStage extends Stage {
  network!: Network;

  constructor() {
    super();
    beforeEach(async () => {
      this.network = await Network.before(this.server.url);
    });
    afterEach(async () => {
      await this.isQuiet();
      await this.page.close();
      this.network.stop();
    });
  }

  /** Opens the test's page as the owner's. */
  async open(prepare?: Parameters<Chromium['page']>[0]): Promise<void> {
    this.page = await this.browser.page(prepare);
    await logIn(this.page, this.network.url, owner);
  }
}
