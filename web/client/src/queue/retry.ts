// SPDX-License-Identifier: Apache-2.0
// An action that is to be sent once more, by its user's wish.
import { newKey } from '../ids.js';
import type { Platform } from '../platform.js';
import { describeOperation, type StoredAction } from './action.js';

/**
 * The action as it is sent again. Its key stays where the refusal left it unused; otherwise, and for another request, it
 * gets a new one: the old one would only be answered as before.
 */
export function retried(
  before: StoredAction,
  request: StoredAction['request'] | undefined,
  platform: Pick<Platform, 'now' | 'random'>,
): StoredAction {
  const { error, seen, ...action } = before;
  const keep = !request && (!error || keyIsUnused(error));
  return {
    ...action,
    ...(request ? asked(action, request, platform.now()) : seen && { seen }),
    key: keep ? action.key : newKey(platform),
    confirmedAt: platform.now(),
    tries: keep ? action.tries : 0,
  };
}

/** The parts of an action that another request changes. */
function asked(action: Omit<StoredAction, 'error' | 'seen'>, request: StoredAction['request'], now: number) {
  if (action.call) return { request, call: { ...action.call, body: request } };
  return { request, ...describeOperation(action.operation, request, { now }) };
}

/** Refusals before the lane leave a key unused; those that a lane decided are stored with it. */
function keyIsUnused(error: NonNullable<StoredAction['error']>): boolean {
  if (error.kind !== 'refusal') return true;
  return !error.replayed && ![404, 409, 410, 423].includes(error.status);
}
