// SPDX-License-Identifier: Apache-2.0
// Times, numbers and values as the tenant writes them: locale and time zone from its settings, all by Intl.
import { moneyText } from './money.js';
import type { Texts } from './texts/english.js';

/** What a tenant sets. */
export interface FormatSettings {
  readonly locale: string;
  /** An IANA name; the browser's own unless given. */
  readonly timeZone?: string | undefined;
  /** An ISO code; amounts are shown without one unless given. */
  readonly currency?: string | undefined;
}

/** Texts of times, numbers and values. Times are RFC 3339 texts, as records hold them, or dates. */
export interface Format {
  readonly settings: FormatSettings;
  dateTime(at: string | Date): string;
  date(at: string | Date): string;
  time(at: string | Date): string;
  /** "5 minutes ago"; from a week on the date. */
  relative(at: string | Date, now: Date): string;
  /** As relative, of what has happened: the server's clock may be a little ahead of this one. Within a minute "now". */
  ago(at: string | Date, now?: Date): string;
  number(value: number): string;
  /** A size: "1.5 MB". */
  bytes(count: number): string;
  /** An amount in minor units of the currency, as records hold it. */
  money(minor: number, currency?: string): string;
  list(values: readonly string[]): string;
  /** Any value of a record, for people. */
  value(value: unknown): string;
}

const relativeSteps: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['second', 1_000, 60_000],
  ['minute', 60_000, 3_600_000],
  ['hour', 3_600_000, 86_400_000],
  ['day', 86_400_000, 7 * 86_400_000],
];
const sizeSteps = [
  ['megabyte', 1_048_576],
  ['kilobyte', 1_024],
] as const;
/** RFC 3339, with or without fractions. */
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Formats for one tenant. A locale or time zone that the browser does not know is replaced by its own. */
export function makeFormat(wanted: FormatSettings, texts: Texts): Format {
  const settings = knownSettings(wanted, texts.language);
  const { locale, timeZone } = settings;
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

  const format: Format = {
    settings,
    dateTime: (at) => dateTimes.format(dateOf(at)),
    date: (at) => dates.format(dateOf(at)),
    time: (at) => times.format(dateOf(at)),
    relative: (at, now) => {
      const ms = dateOf(at).getTime() - now.getTime();
      const step = relativeSteps.find(([, , below]) => Math.abs(ms) < below);
      return step ? relatives.format(Math.trunc(ms / step[1]), step[0]) : format.date(at);
    },
    ago: (at, now = new Date()) => {
      const isRecent = now.getTime() - dateOf(at).getTime() < 60_000;
      return format.relative(isRecent ? now : at, now);
    },
    number: (value) => numbers.format(value),
    bytes: (count) => bytesText(locale, count),
    money: (minor, currency = settings.currency) => moneyText(locale, minor, currency),
    list: (values) => lists.format(values),
    value: (value) => {
      if (value === null || value === undefined || value === '') return texts.empty;
      if (typeof value === 'boolean') return value ? texts.yes : texts.no;
      if (typeof value === 'number') return format.number(value);
      if (Array.isArray(value)) return value.length === 0 ? texts.empty : value.map(format.value).join(', ');
      if (typeof value === 'string') return timePattern.test(value) ? format.dateTime(value) : value;
      return JSON.stringify(value);
    },
  };
  return format;
}

function dateOf(at: string | Date): Date {
  return typeof at === 'string' ? new Date(at) : at;
}

function bytesText(locale: string, count: number): string {
  const [unit, size] = sizeSteps.find(([, each]) => count >= each) ?? (['byte', 1] as const);
  // English shortens one byte and many of them to the same word.
  const unitDisplay = unit === 'byte' ? 'long' : 'short';
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 }).format(
    count / size,
  );
}

function knownSettings({ locale, timeZone, currency }: FormatSettings, language: string): FormatSettings {
  const known = (make: () => unknown) => {
    try {
      make();
      return true;
    } catch {
      return false; // a RangeError: this browser does not know it
    }
  };
  return {
    locale: known(() => new Intl.DateTimeFormat(locale)) ? locale : language,
    ...(timeZone && known(() => new Intl.DateTimeFormat('en', { timeZone })) && { timeZone }),
    ...(currency && known(() => new Intl.NumberFormat('en', { style: 'currency', currency })) && { currency }),
  };
}
