// SPDX-License-Identifier: Apache-2.0
// Calendar days, which belong to no time zone: `2026-12-31`.
import { useFormat } from '@interlock/react';
import { useMemo } from 'react';

export interface Days {
  day(day: string): string;
  /** From and until, of which either may be open; undefined without both. */
  span(from: string | null, until: string | null): string | undefined;
  /** Today, where the tenant is. */
  readonly today: string;
}

export function useDays(): Days {
  const { locale, timeZone } = useFormat().settings;
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
    const day = (text: string) => format.format(new Date(`${text}T00:00:00Z`));
    return {
      day,
      span: (from, until) => {
        if (!from && !until) return undefined;
        return `${from ? day(from) : '…'} – ${until ? day(until) : '…'}`;
      },
      today: todayIn(timeZone),
    };
  }, [locale, timeZone]);
}

function todayIn(timeZone: string | undefined): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...(timeZone && { timeZone }),
  });
  return format.format(new Date());
}
