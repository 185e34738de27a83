// SPDX-License-Identifier: Apache-2.0
// Random actions, tabs that crash, a network that loses calls before and after their effect: whatever happens, every action
// has one effect or is set aside for a reason, and every record's actions keep their order.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { test } from 'vitest';
import { type Fault, ModelServer } from '../../test/support/model_server.js';
import { seeded } from '../../test/support/seed.js';
import { TestBrowser, type TestTab } from '../../test/support/surroundings.js';
import { CoreClient } from '../client.js';

type Step =
  | { do: 'create' | 'update' | 'comment'; of: number; bad: boolean; tab: number }
  | { do: 'crash'; tab: number }
  | { do: 'network'; fault: Fault | 'down' | 'up' }
  | { do: 'wait'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('create' as const, 'update' as const, 'comment' as const),
      of: fc.nat(9),
      bad: fc.boolean().chain((bad) => (bad ? fc.boolean() : fc.constant(false))),
      tab: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), tab: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('network' as const),
      fault: fc.constantFrom<Fault | 'down' | 'up'>(
        'lost_before',
        'lost_after',
        'busy',
        'unknown',
        'html',
        'broken',
        'down',
        'up',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(20_000) }) },
);

interface Made {
  key: string;
  id: string;
  subject: string | undefined;
  operation: string;
  bad: boolean;
}

class World {
  readonly server = new ModelServer();
  readonly browser = new TestBrowser();
  readonly tabs: { tab: TestTab; client: CoreClient }[] = [];
  readonly made: Made[] = [];
  #number = 0;

  open(index: number): void {
    const tab = this.browser.tab();
    const client = new CoreClient({ baseUrl: 'http://server.test', platform: tab.platform(this.server.fetch) });
    this.tabs[index] = { tab, client };
  }

  async take(one: Step): Promise<void> {
    if (one.do === 'wait') return this.browser.clock.pass(one.ms);
    if (one.do === 'crash') {
      this.tabs[one.tab]!.tab.crash();
      return this.open(one.tab);
    }
    if (one.do === 'network') {
      this.server.down = one.fault === 'down';
      if (one.fault !== 'down' && one.fault !== 'up') (this.server.faults as Fault[]).push(one.fault, one.fault);
      return;
    }
    await this.#act(one);
  }

  async #act({ do: what, of, bad, tab }: Extract<Step, { of: number }>): Promise<void> {
    const { client } = this.tabs[tab]!;
    const customers = this.made.filter((one) => one.operation === 'customers/create');
    const about = customers[of % Math.max(1, customers.length)];
    const text = `${bad ? 'bad' : 'good'} ${this.#number++}`;
    const known = about && this.server.records.get(about.id);
    const perform = () => {
      if (what === 'create' || !about) return client.perform('customers/create', { name: text });
      if (what === 'comment') return client.perform('comments/create', { subject: about.id, text });
      return client.perform('customers/update', { id: about.id, version: known?.version ?? 0, name: text });
    };
    const action = await this.browser.clock.settle<{ key: string; id: string | undefined }>(perform());
    const operation =
      what === 'create' || !about ? 'customers/create' : what === 'comment' ? 'comments/create' : 'customers/update';
    const subject = operation === 'customers/create' ? undefined : about?.id;
    this.made.push({ key: action.key, id: action.id!, subject, operation, bad });
  }

  /** The network is good again: everything that can go out does. */
  async finish(): Promise<{ key: string; standing: string; code: string | undefined }[]> {
    this.server.down = false;
    this.server.faults = [];
    const sync = () => this.browser.clock.settle(this.tabs[0]!.client.syncOfflineQueue());
    for (let i = 0; i < 2 || (i < 9 && (await sync()).state !== 'idle'); i++) await sync();
    const items = await this.browser.clock.settle(this.tabs[0]!.client.getOfflineQueue());
    return items.map(({ key, standing, error }) => ({
      key,
      standing,
      code: (error as { code?: string } | undefined)?.code,
    }));
  }

  close(): void {
    for (const { client } of this.tabs) client.close();
  }
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function run(steps: readonly Step[]): Promise<void> {
  globalThis.indexedDB = new IDBFactory();
  const world = new World();
  for (const index of [0, 1]) world.open(index);
  try {
    await world.browser.clock.settle(Promise.all(world.tabs.map(({ client }) => client.queue())));
    for (const one of steps) await world.take(one);
    const left = await world.finish();
    const aside = new Map(left.map((item) => [item.key, item]));
    const effects = world.server.effects.map((effect) => effect.key);
    check(new Set(effects).size === effects.length, 'an action had two effects');
    for (const action of world.made) {
      check(
        effects.includes(action.key) !== aside.has(action.key),
        `${action.operation} ${action.key}: neither done nor set aside`,
      );
      if (action.bad) check(aside.has(action.key), 'what is refused is set aside');
    }
    check(
      left.every((item) => item.standing === 'refused' || item.standing === 'held'),
      'something still waits',
    );
    const codes = left.flatMap((item) => (item.standing === 'refused' ? [item.code] : []));
    // A crash between an answer and its being told to other tabs may cost a question to the user, but nothing else.
    const crashed = steps.some((one) => one.do === 'crash');
    const justified = codes.every((code) => code === 'not_unique' || (crashed && code === 'stale_version'));
    check(justified, `refused for no reason of its own: ${codes}`);
    const order = world.made.map((action) => action.key);
    for (const id of new Set(world.made.map((action) => action.subject ?? action.id))) {
      const concerned = world.server.effects.filter((effect) => effect.id === id || effect.request.subject === id);
      const places = concerned.map((effect) => order.indexOf(effect.key));
      check(
        places.every((place, i) => i === 0 || places[i - 1]! < place),
        `the actions of ${id} changed places`,
      );
    }
  } finally {
    world.close();
  }
}

test('every action has one effect or is set aside, in order, whatever happens', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), run);
  await fc.assert(property, seeded('queue', 150));
});
