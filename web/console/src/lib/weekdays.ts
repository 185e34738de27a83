// SPDX-License-Identifier: Apache-2.0

/** The days of the week in a language: 1 is Monday, 7 Sunday. */
export function weekdaysOf(language: string): { readonly value: string; readonly label: string }[] {
  const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  // The first of January 2024 was a Monday.
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: format.format(Date.UTC(2024, 0, day)) }));
}
