// SPDX-License-Identifier: Apache-2.0
// A queue that is sent in any order that the plan allows, several at once, while a server refuses what it likes: whatever
// the interleaving, every record's actions keep their order and nothing is sent that builds on what was set aside.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../../test/support/seed.js';
import type { StoredAction } from './action.js';
import { cannotDoWithout, plan } from './order.js';

const refusal = { kind: 'refusal', status: 409, document: {}, replayed: false } as const;
const keptMs = 1_000;

interface Given {
  readonly creates: boolean;
  readonly writes: boolean;
  /** Records by number; later actions speak of those of earlier ones. */
  readonly of: number;
  readonly about: readonly number[];
  readonly after: readonly number[];
  readonly old: boolean;
  readonly bad: boolean;
}

const given: fc.Arbitrary<Given> = fc.record({
  creates: fc.boolean(),
  writes: fc.boolean(),
  of: fc.nat(4),
  about: fc.array(fc.nat(4), { maxLength: 2 }),
  after: fc.array(fc.nat(11), { maxLength: 1 }),
  old: fc.nat(15).map((n) => n === 0),
  bad: fc.nat(5).map((n) => n === 0),
});
const rounds = fc.array(fc.record({ pick: fc.nat(11), answer: fc.boolean() }), { maxLength: 60 });

/** Each record is made at most once, by the first who would. */
function actionsOf(all: readonly Given[]): StoredAction[] {
  const made = new Set<string>();
  return all.map((one, i) => {
    const id = `r${one.of}`;
    const creates = one.creates && !made.has(id) ? [id] : [];
    if (creates.length > 0) made.add(id);
    const writes = one.writes || creates.length > 0 ? [id] : [];
    const mentions = [...new Set([...writes, ...one.about.map((about) => `r${about}`)])];
    const after = one.after.filter((before) => before < i).map((before) => `k${before}`);
    const head = { position: i + 1, key: `k${i}`, owner: 'o', operation: 'x/y', tries: 0, shown: [], request: {} };
    return { ...head, creates, writes, mentions, after, confirmedAt: one.old ? -keptMs : 0 };
  });
}

/** Whether the later of two has to wait for the earlier. */
const follows = (later: StoredAction, earlier: StoredAction) =>
  later.mentions.some((id) => earlier.mentions.includes(id)) || later.after.includes(earlier.key);

/** Whether the later of two cannot go on where the earlier is set aside. */
const buildsOn = (later: StoredAction, earlier: StoredAction) =>
  later.mentions.some((id) => earlier.creates.includes(id)) ||
  later.writes.some((id) => earlier.writes.includes(id)) ||
  later.after.includes(earlier.key);

test('whatever is sent when, each record’s actions keep their order, and what was set aside holds what builds on it', () => {
  const property = fc.property(fc.array(given, { minLength: 1, maxLength: 12 }), rounds, (all, steps) => {
    const every = actionsOf(all);
    let queue = every;
    const sent = new Set<string>();
    const done: StoredAction[] = [];
    const send = (action: StoredAction) => {
      const before = every.filter((one) => one.position < action.position);
      for (const one of before.filter((earlier) => follows(action, earlier))) {
        const isAside = queue.some((item) => item.key === one.key && (item.error || item.confirmedAt < 0));
        const isHeld = plan(queue, 0, keptMs).some(
          ({ action: other, standing }) => other.key === one.key && standing === 'held',
        );
        expect(done.includes(one) || isAside || isHeld, `${action.key} before ${one.key}`).toBe(true);
        if (isAside || isHeld) expect(buildsOn(action, one), `${action.key} builds on ${one.key}`).toBe(false);
      }
      sent.add(action.key);
    };
    const answer = (key: string) => {
      sent.delete(key);
      if (all[Number(key.slice(1))]!.bad) {
        queue = queue.map((one) => (one.key === key ? ({ ...one, error: refusal } as StoredAction) : one));
      } else {
        done.push(every.find((one) => one.key === key)!);
        queue = queue.filter((one) => one.key !== key);
      }
    };
    const ready = () =>
      plan(queue, 0, keptMs)
        .filter(({ action, standing }) => standing === 'ready' && !sent.has(action.key))
        .map(({ action }) => action);
    for (const { pick, answer: answers } of steps) {
      const able = ready();
      const open = [...sent];
      if (answers && open.length > 0) answer(open[pick % open.length]!);
      else if (able.length > 0) send(able[pick % able.length]!);
    }
    // Then everything that can go out does.
    for (let i = 0; i < 100 && (sent.size > 0 || ready().length > 0); i++) {
      for (const action of ready()) send(action);
      for (const key of [...sent]) answer(key);
    }
    for (const { action, standing, heldBy } of plan(queue, 0, keptMs)) {
      expect(['refused', 'too_old', 'held']).toContain(standing);
      if (standing !== 'held') continue;
      const holder = queue.find((one) => one.key === heldBy)!;
      expect(holder.position < action.position && buildsOn(action, holder), `${action.key} by ${heldBy}`).toBe(true);
    }
    for (const id of new Set(every.flatMap((one) => one.writes))) {
      const places = done.filter((one) => one.writes.includes(id)).map((one) => one.position);
      expect(places).toEqual([...places].sort((x, y) => x - y));
    }
  });
  fc.assert(property, seeded('plan', 1_000));
});

test('what is dropped with an action is what names what it makes, or comes after it, and nothing else', () => {
  const property = fc.property(fc.array(given, { minLength: 1, maxLength: 12 }), fc.nat(11), (all, which) => {
    const every = actionsOf(all);
    const first = every[which % every.length]!;
    const lost = cannotDoWithout(every, first.key);
    const gone = new Set([first.key, ...lost]);
    const needs = (later: StoredAction, earlier: StoredAction) =>
      later.mentions.some((id) => earlier.creates.includes(id)) || later.after.includes(earlier.key);
    for (const one of every.filter(({ key }) => key !== first.key)) {
      const isNeedy = every.some((other) => other.position < one.position && gone.has(other.key) && needs(one, other));
      expect(gone.has(one.key), one.key).toBe(isNeedy);
    }
  });
  fc.assert(property, seeded('drop', 1_000));
});
