// SPDX-License-Identifier: Apache-2.0
// Counters that rise since the server's start, as rates between two looks.

/** How many took more than the bound before and not more than `le` microseconds; null: no bound. */
type Times = readonly { readonly le: number | null; readonly count: number }[];

/** What the server tells. */
export interface Metrics {
  readonly at: string;
  readonly version: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly request_us: Times;
  /** The same of changes, from their commit until a live subscriber's socket had them. */
  readonly feed_lag_us?: Times;
  readonly operations: number;
  readonly refusals: number;
  readonly failures: number;
  readonly groups: number;
  readonly commit_us_sum: number;
  readonly changes: number;
  readonly feed_deliveries: number;
  readonly feed_cut_off: number;
  readonly subscriptions: number;
  readonly lanes_open: number;
  readonly lanes_stopped: number;
  readonly queued: number;
  readonly outbox_delivered: number;
  readonly outbox_failed: number;
  readonly connections?: number;
  readonly login_failures: number;
}

/** Between two looks, per second; undefined where nothing happened that could be measured. */
export interface Sample {
  readonly operations: number;
  readonly requests: number;
  readonly refusals: number;
  readonly deliveries: number;
  /** The bound below which 99 of 100 answers came, in milliseconds. */
  readonly p99Ms: number | undefined;
  readonly commitMs: number | undefined;
  /** The same of changes on their way from the commit to the network. */
  readonly lagMs: number | undefined;
}

const total = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, one) => sum + one, 0);

/** The rates between two looks; none if the server was started anew between them. */
export function sampleOf(before: Metrics, now: Metrics): Sample | undefined {
  const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1_000;
  if (seconds <= 0 || now.operations < before.operations || total(now.requests) < total(before.requests))
    return undefined;
  const rate = (a: number, b: number) => (b - a) / seconds;
  const groups = now.groups - before.groups;
  return {
    operations: rate(before.operations, now.operations),
    requests: rate(total(before.requests), total(now.requests)),
    refusals: rate(before.refusals, now.refusals),
    deliveries: rate(before.feed_deliveries, now.feed_deliveries),
    p99Ms: percentileMs(before.request_us, now.request_us, 0.99),
    lagMs: percentileMs(before.feed_lag_us ?? [], now.feed_lag_us ?? [], 0.99),
    commitMs: groups > 0 ? (now.commit_us_sum - before.commit_us_sum) / groups / 1_000 : undefined,
  };
}

/** Times since the server's start: what there is to show before the first two looks are compared. */
export function sinceStart(now: Metrics): Pick<Sample, 'p99Ms' | 'commitMs' | 'lagMs'> {
  return {
    p99Ms: percentileMs([], now.request_us, 0.99),
    commitMs: now.groups > 0 ? now.commit_us_sum / now.groups / 1_000 : undefined,
    lagMs: percentileMs([], now.feed_lag_us ?? [], 0.99),
  };
}

function percentileMs(before: Times, now: Times, share: number): number | undefined {
  const counts = now.map(({ count }, index) => count - (before[index]?.count ?? 0));
  const all = counts.reduce((sum, one) => sum + one, 0);
  if (all === 0) return undefined;
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    seen += count;
    const { le } = now[index]!;
    if (seen >= all * share) return le === null ? Number.POSITIVE_INFINITY : le / 1_000;
  }
  return undefined;
}
