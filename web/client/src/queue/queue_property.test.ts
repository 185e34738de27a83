// SPDX-License-Identifier: Apache-2.0
// Random actions, tabs that crash or leave, a network that loses calls before and after their effect, users who mend or drop
// what was refused: whatever happens, every action has one effect, is set aside for a reason or was dropped, and every
// record's actions keep their order.
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
  | { do: 'crash' | 'leave'; tab: number }
  | { do: 'mend' | 'again' | 'drop'; of: number; tab: number }
  | { do: 'network'; fault: Fault | 'down' | 'up' }
  | { do: 'wait'; ms: number };

const tabsMax = 2;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('create' as const, 'update' as const, 'comment' as const),
      of: fc.nat(9),
      bad: fc.boolean().chain((bad) => (bad ? fc.boolean() : fc.constant(false))),
      tab: fc.nat(tabsMax),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'leave' as const), tab: fc.nat(tabsMax) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('mend' as const, 'again' as const, 'drop' as const),
      of: fc.nat(9),
      tab: fc.nat(tabsMax),
    }),
  },
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
  /** It was set aside for a while: what does not build on it went on before it. */
  late: boolean;
}

class World {
  readonly server = new ModelServer();
  readonly browser = new TestBrowser();
  readonly tabs: { tab: TestTab; client: CoreClient }[] = [];
  readonly made: Made[] = [];
  readonly dropped = new Set<string>();
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
    if (one.do === 'leave') {
      this.tabs[one.tab]!.client.close();
      return this.open(one.tab);
    }
    if (one.do === 'mend' || one.do === 'again' || one.do === 'drop') return this.#settle(one);
    if (one.do === 'network') {
      this.server.down = one.fault === 'down';
      if (one.fault !== 'down' && one.fault !== 'up') (this.server.faults as Fault[]).push(one.fault, one.fault);
      return;
    }
    if ('bad' in one) await this.#act(one);
  }

  /** What was refused is sent once more, as it was or better, or dropped. */
  async #settle({ do: what, of, tab }: Extract<Step, { do: 'mend' | 'again' | 'drop' }>): Promise<void> {
    const { clock } = this.browser;
    const queue = await clock.settle(this.tabs[tab]!.client.queue());
    const items = await clock.settle(queue.items());
    const refused = items.filter(({ standing }) => standing === 'refused');
    const item = refused[of % Math.max(1, refused.length)];
    if (!item) return;
    for (const { key, standing } of items) {
      if (standing === 'held' || key === item.key) this.made.find((one) => one.key === key)!.late = true;
    }
    if (what === 'drop') {
      for (const { key } of await clock.settle(queue.discard(item.key))) this.dropped.add(key);
      return;
    }
    const text = `good ${this.#number++}`;
    const words = item.operation === 'comments/create' ? { text } : { name: text };
    const again = queue.retry(item.key, what === 'mend' ? { ...item.request, ...words } : undefined);
    const { key, settled } = await clock.settle(again);
    settled.catch(() => {}); // it stands in the queue
    const made = this.made.find((one) => one.key === item.key)!;
    Object.assign(made, { key, bad: made.bad && what === 'again' });
  }

  async #act({ do: what, of, bad, tab }: Extract<Step, { bad: boolean }>): Promise<void> {
    const { client } = this.tabs[tab]!;
    const customers = this.made.filter((one) => one.operation === 'customers/create' && !this.dropped.has(one.key));
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
    this.made.push({ key: action.key, id: action.id!, subject, operation, bad, late: false });
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
  for (let index = 0; index <= tabsMax; index++) world.open(index);
  try {
    await world.browser.clock.settle(Promise.all(world.tabs.map(({ client }) => client.queue())));
    for (const one of steps) await world.take(one);
    const left = await world.finish();
    const aside = new Map(left.map((item) => [item.key, item]));
    const effects = world.server.effects.map((effect) => effect.key);
    check(new Set(effects).size === effects.length, 'an action had two effects');
    for (const action of world.made) {
      const ends = [effects.includes(action.key), aside.has(action.key), world.dropped.has(action.key)];
      check(ends.filter(Boolean).length === 1, `${action.operation} ${action.key}: done, aside, dropped: ${ends}`);
      if (action.bad) check(!effects.includes(action.key), 'what is refused has no effect');
    }
    check(
      left.every((item) => item.standing === 'refused' || item.standing === 'held'),
      'something still waits',
    );
    const codes = left.flatMap((item) => (item.standing === 'refused' ? [item.code] : []));
    // A crash between an answer and its being told to other tabs may cost a question to the user, but nothing else. What
    // was refused is based on what was there then.
    const asks = steps.some((one) => ['crash', 'leave', 'mend', 'again', 'drop'].includes(one.do));
    const justified = codes.every((code) => code === 'not_unique' || (asks && code === 'stale_version'));
    check(justified, `refused for no reason of its own: ${codes}`);
    const order = world.made.map((action) => action.key);
    for (const id of new Set(world.made.map((action) => action.subject ?? action.id))) {
      const isOf = (effect: { id: string; request: { subject?: unknown } }) =>
        effect.id === id || effect.request.subject === id;
      const late = new Set(world.made.filter((action) => action.late).map((action) => action.key));
      const concerned = world.server.effects.filter((effect) => isOf(effect) && !late.has(effect.key));
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
