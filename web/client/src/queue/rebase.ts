// SPDX-License-Identifier: Apache-2.0
// A second change of a record that was made before the first one was answered is based on what its user saw: the old
// version plus their own first change. Sent with the old version it would clash with that first change; sent with the new
// one it might run over what somebody else changed in between. So it gets the new version only where nothing but the
// user's own change lies between, or where the fields that it changes still hold what the user saw.
import { sameJson } from '../merge.js';
import type { StoredAction } from './action.js';

/** The later actions that the answer of `done` gives a new base; none that was sent already. */
export function rebased(done: StoredAction, answer: unknown, later: readonly StoredAction[]): StoredAction[] {
  const record = answer as { id?: unknown; version?: unknown } & Record<string, unknown>;
  if (typeof record?.id !== 'string' || typeof record.version !== 'number') return [];
  const version = record.version;
  const concerned = later.filter(
    (action) =>
      action.position > done.position &&
      action.tries === 0 &&
      typeof action.request.version === 'number' &&
      action.request.version < version &&
      action.request.id === record.id,
  );
  return concerned
    .filter((action) => mayBaseOn(action, done, record, version))
    .map((action) => ({ ...action, request: { ...action.request, version } }));
}

function mayBaseOn(
  action: StoredAction,
  done: StoredAction,
  record: Record<string, unknown>,
  version: number,
): boolean {
  const base = action.request.version as number;
  if (done.creates.includes(record.id as string)) return true;
  const nothingBetween = version === base + 1;
  if (nothingBetween) return true;
  const fields = Object.entries(action.seen ?? {});
  return fields.length > 0 && fields.every(([name, value]) => sameJson(record[name], value));
}
