// SPDX-License-Identifier: Apache-2.0
// Calendar days, which belong to no time zone: `2026-12-31`.
import { useMemo } from 'react';
import { localeOf } from '../../lib/format';
import { useSettings } from '../../session/session';
import { useTexts } from '../../texts/context';

export interface Days {
  day(day: string): string;
  /** From and until, of which either may be open; undefined without both. */
  span(from: string | null, until: string | null): string | undefined;
  /** Today, where the tenant is. */
  readonly today: string;
}

export function useDays(): Days {
  const settings = useSettings();
  const { language } = useTexts();
  const locale = localeOf(language, settings?.language);
  const zone = settings?.time_zone;
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
    const day = (text: string) => format.format(new Date(`${text}T00:00:00Z`));
    return {
      day,
      span: (from, until) => {
        if (!from && !until) return undefined;
        return `${from ? day(from) : '…'} – ${until ? day(until) : '…'}`;
      },
      today: todayIn(zone),
    };
  }, [locale, zone]);
}

function todayIn(zone: string | undefined): string {
  const format = (timeZone: string | undefined) =>
    new Intl.DateTimeFormat('en-CA', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      ...(timeZone && { timeZone }),
    }).format(new Date());
  try {
    return format(zone);
  } catch {
    return format(undefined); // a zone that this browser does not know
  }
}
