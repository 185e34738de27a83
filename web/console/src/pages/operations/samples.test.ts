// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { type Metrics, sampleOf, sinceStart } from './samples';

function metrics(at: string, operations: number, counts: number[], more: Partial<Metrics> = {}): Metrics {
  const request_us = counts.map((count, index) => ({ le: [1_000, 5_000, null][index] ?? null, count }));
  const requests = { '2xx': counts.reduce((sum, one) => sum + one, 0) };
  const zero = {
    refusals: 0,
    failures: 0,
    groups: 0,
    commit_us_sum: 0,
    changes: 0,
    feed_deliveries: 0,
    feed_cut_off: 0,
  };
  const gauges = {
    subscriptions: 0,
    lanes_open: 0,
    lanes_stopped: 0,
    queued: 0,
    outbox_delivered: 0,
    outbox_failed: 0,
  };
  return { at, version: '1', operations, requests, request_us, login_failures: 0, ...zero, ...gauges, ...more };
}

test('rates are per second between two looks', () => {
  const before = metrics('2026-01-01T00:00:00Z', 100, [10, 0, 0], { groups: 1, commit_us_sum: 1_000 });
  const now = metrics('2026-01-01T00:00:02Z', 300, [108, 1, 1], { groups: 3, commit_us_sum: 5_000 });
  expect(sampleOf(before, now)).toEqual({
    operations: 100,
    requests: 50,
    refusals: 0,
    deliveries: 0,
    p99Ms: 5,
    commitMs: 2,
    lagMs: undefined,
  });
});

test('the lag of the feed is that of the changes between two looks', () => {
  const times = (...counts: number[]) => counts.map((count, index) => ({ le: [1_000, 5_000, null][index]!, count }));
  const before = metrics('2026-01-01T00:00:00Z', 100, [10, 0, 0], { feed_lag_us: times(7, 0, 9) });
  const now = metrics('2026-01-01T00:00:02Z', 100, [10, 0, 0], { feed_lag_us: times(106, 1, 9) });
  expect(sampleOf(before, now)?.lagMs).toBe(1);
  expect(sampleOf(before, { ...now, feed_lag_us: times(7, 5, 9) })?.lagMs).toBe(5);
  expect(sampleOf(before, { ...now, feed_lag_us: times(7, 0, 9) })?.lagMs).toBeUndefined();
});

test('what took longer than every bound is said to', () => {
  const before = metrics('2026-01-01T00:00:00Z', 1, [0, 0, 0]);
  expect(sampleOf(before, metrics('2026-01-01T00:00:01Z', 1, [0, 0, 5]))?.p99Ms).toBe(Number.POSITIVE_INFINITY);
  expect(sampleOf(before, metrics('2026-01-01T00:00:01Z', 1, [0, 0, 0]))?.p99Ms).toBeUndefined();
});

test('a restart of the server gives no sample', () => {
  const before = metrics('2026-01-01T00:00:00Z', 100, [10, 0, 0]);
  expect(sampleOf(before, metrics('2026-01-01T00:00:02Z', 3, [1, 0, 0]))).toBeUndefined();
});

test('before two looks can be compared, times since the start are there', () => {
  const now = metrics('2026-01-01T00:00:02Z', 300, [1, 99, 0], { groups: 2, commit_us_sum: 5_000 });
  expect(sinceStart(now)).toEqual({ p99Ms: 5, commitMs: 2.5, lagMs: undefined });
  expect(sinceStart(metrics('2026-01-01T00:00:02Z', 0, [0, 0, 0])).commitMs).toBeUndefined();
});
