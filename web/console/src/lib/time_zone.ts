// SPDX-License-Identifier: Apache-2.0

/** Whether this browser knows the time zone. */
export function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
