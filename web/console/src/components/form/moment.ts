// SPDX-License-Identifier: Apache-2.0
// Times as the browser's field for them has them: local, without a zone.

/** `2026-12-31T09:30` of a time; empty without one. */
export function toLocal(time: string | null | undefined): string {
  if (!time) return '';
  const at = new Date(time);
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The time of what was typed; null while it is none. */
export function fromLocal(text: string): string | null {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
