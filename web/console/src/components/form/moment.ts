// SPDX-License-Identifier: Apache-2.0
// Times as the browser's field for them has them, `2026-12-31T09:30`: what the clock shows in the tenant's time zone, in
// which all times are shown, wherever the browser is.

/** What the clock shows in a zone that the browser knows, else in its own; empty without a time. */
export function toInput(time: string | null | undefined, zone: string | undefined): string {
  return time ? new Date(clockAt(Date.parse(time), zone)).toISOString().slice(0, 16) : '';
}

/**
 * The time at which the clock shows what was typed; null while it is none. Where clocks are put back, the first of the two;
 * where they are put forward, as if they had not been yet.
 */
export function fromInput(text: string, zone: string | undefined): string | null {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  const ahead = (ms: number) => clockAt(ms, zone) - ms;
  // What the zone is ahead of UTC a day earlier and a day later: it changes once between them, if at all.
  const [before, after] = [ahead(wanted - dayMs), ahead(wanted + dayMs)];
  const fits = [before, after].map((each) => wanted - each).filter((ms) => clockAt(ms, zone) === wanted);
  return new Date(fits.length > 0 ? Math.min(...fits) : wanted - before).toISOString();
}

const dayMs = 86_400_000;

/** What a clock of the zone shows, in milliseconds as if it were UTC. */
function clockAt(ms: number, zone: string | undefined): number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(zone && { timeZone: zone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const minute = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!);
  return minute + (((ms % 60_000) + 60_000) % 60_000);
}
