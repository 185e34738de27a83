// SPDX-License-Identifier: Apache-2.0
// Times and numbers as the tenant has chosen: its language, its time zone.
import { useMemo } from 'react';
import { useSettings } from '../session/session';
import { useTexts } from '../texts/context';
import { isZone } from './time_zone';

export interface Formats {
  dateTime(time: string): string;
  date(time: string): string;
  /** `5 minutes ago`, as of now. */
  ago(time: string, now?: number): string;
  number(value: number): string;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** Formats of a language and a time zone; a zone that this browser does not know is the browser's own. */
function makeFormats(language: string, zone: string | undefined): Formats {
  const known = zone && isZone(zone) ? { timeZone: zone } : {};
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', ...known });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...known });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const number = new Intl.NumberFormat(language);
  return {
    dateTime: (time) => dateTime.format(new Date(time)),
    date: (time) => date.format(new Date(time)),
    ago: (time, now = Date.now()) => {
      // updated_at may run a little ahead of the clock
      const seconds = Math.min(0, (Date.parse(time) - now) / 1_000);
      const [unit, size] = steps.find(([, each]) => -seconds >= each) ?? (['second', 1] as const);
      return relative.format(Math.ceil(unit === 'second' ? 0 : seconds / size), unit);
    },
    number: (value) => number.format(value),
  };
}

/** With `es` on screen and `es-MX` in the settings, the settings know more. */
export function localeOf(language: string, tenant: string | undefined): string {
  return tenant?.split('-')[0] === language ? tenant : language;
}

/** Formats of the tenant that one is in. */
export function useFormats(): Formats {
  const { language } = useTexts();
  const settings = useSettings();
  const tag = localeOf(language, settings?.language);
  return useMemo(() => makeFormats(tag, settings?.time_zone), [tag, settings?.time_zone]);
}
