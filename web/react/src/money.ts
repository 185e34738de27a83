// SPDX-License-Identifier: Apache-2.0
// Amounts are whole minor units, as records hold them; how many make one depends on the currency.

const digitsUsual = 2;

/** Digits behind the point: 2 for EUR, 0 for JPY; the usual ones for what is no currency (yet). */
export function currencyDigits(currency: string | undefined): number {
  return currencyFormat('en', currency)?.resolvedOptions().maximumFractionDigits ?? digitsUsual;
}

/** 1,250 cents are 12.5 euros. */
export function toMajor(minor: number, currency: string | undefined): number {
  return minor / 10 ** currencyDigits(currency);
}

/** 12.5 euros are 1,250 cents; what is less than a minor unit is rounded. */
export function toMinor(major: number, currency: string | undefined): number {
  return Math.round(major * 10 ** currencyDigits(currency));
}

/** The amount as it is written; as a plain number without a currency, or with one that the browser does not know. */
export function moneyText(locale: string, minor: number, currency: string | undefined): string {
  const format =
    currencyFormat(locale, currency) ??
    new Intl.NumberFormat(locale, { minimumFractionDigits: digitsUsual, maximumFractionDigits: digitsUsual });
  return format.format(toMajor(minor, currency));
}

function currencyFormat(locale: string, currency: string | undefined): Intl.NumberFormat | undefined {
  if (!currency) return undefined;
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency });
  } catch {
    return undefined; // a RangeError: nothing that could be one
  }
}
