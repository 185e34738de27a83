// SPDX-License-Identifier: Apache-2.0
// Amounts are whole minor units; how many make one depends on the currency.

const digitsUsual = 2;

/** Digits behind the point; the usual ones for what is no currency (yet). */
export function currencyDigits(currency: string | undefined): number {
  if (!currency) return digitsUsual;
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? digitsUsual;
  } catch {
    return digitsUsual;
  }
}

export function toMajor(minor: number, currency: string | undefined): number {
  return minor / 10 ** currencyDigits(currency);
}

export function toMinor(major: number, currency: string | undefined): number {
  return Math.round(major * 10 ** currencyDigits(currency));
}

/** Whether an amount of it can be written. */
export function isCurrency(currency: string): boolean {
  return /^[A-Z]{3}$/.test(currency);
}
