// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { fromInput, toInput } from './moment';

test('what is typed is meant, and shown, in the time zone of the tenant', () => {
  const time = fromInput('2026-12-01T09:00', 'Australia/Melbourne');
  expect(time).toBe('2026-11-30T22:00:00.000Z');
  expect(toInput(time, 'Australia/Melbourne')).toBe('2026-12-01T09:00');
  expect(fromInput('2026-07-01T09:00', 'America/St_Johns')).toBe('2026-07-01T11:30:00.000Z');
  expect(fromInput('2026-01-01T00:15', 'UTC')).toBe('2026-01-01T00:15:00.000Z');
});

test('nothing, and what is no time yet', () => {
  expect(fromInput('', 'UTC')).toBeNull();
  expect(fromInput('2026-13-01T09:00', 'UTC')).toBeNull();
  expect(toInput(null, 'UTC')).toBe('');
});

test('where clocks are put back the first time is meant; where they are put forward the hour that is not there is the next', () => {
  expect(fromInput('2026-10-25T02:30', 'Europe/Madrid')).toBe('2026-10-25T00:30:00.000Z');
  const skipped = fromInput('2026-03-29T02:30', 'Europe/Madrid');
  expect(skipped).toBe('2026-03-29T01:30:00.000Z');
  expect(toInput(skipped, 'Europe/Madrid')).toBe('2026-03-29T03:30');
});

test('there and back, through the changes of the clocks of a year', () => {
  for (const zone of ['Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/New_York', 'Pacific/Apia']) {
    const first = Date.UTC(2026, 0, 1);
    for (let hour = 0; hour < 365 * 24; hour += 7) {
      const time = new Date(first + hour * 3_600_000).toISOString();
      const shown = toInput(time, zone);
      expect(toInput(fromInput(shown, zone), zone), `${zone} ${time}`).toBe(shown);
    }
  }
});
