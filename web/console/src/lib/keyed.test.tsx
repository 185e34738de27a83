// SPDX-License-Identifier: Apache-2.0
// @vitest-environment jsdom
import { ConnectionLost, Refusal } from '@interlock/client';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useKeyed } from './keyed';

test('the same content has one key until the server has answered for certain', async () => {
  const keyed = renderHook(() => useKeyed()).result.current;
  const keys: string[] = [];
  const outcomes: unknown[] = [];
  const send = async (_request: object, key: string) => {
    keys.push(key);
    const outcome = outcomes.shift();
    if (outcome) throw outcome;
  };
  const run = (request: object, outcome?: unknown) => {
    outcomes.push(outcome);
    return keyed(request, send).catch(() => {});
  };
  await run({ name: 'a' }, new ConnectionLost('lost'));
  await run({ name: 'a' }, new Refusal(503, { code: 'commit_unknown' }));
  await run({ name: 'a' });
  expect(new Set(keys).size).toBe(1);
  await run({ name: 'a' }, new Refusal(409, { code: 'not_unique' }));
  await run({ name: 'a' }, new ConnectionLost('lost'));
  await run({ name: 'b' });
  expect(new Set(keys).size).toBe(4);
});
