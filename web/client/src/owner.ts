// SPDX-License-Identifier: Apache-2.0
import type { Session } from './session.js';

/** Whose something is: one server, one tenant, one user. Names locks, channels and what is kept in the browser. */
export function ownerOf(baseUrl: string, session: Pick<Session, 'user' | 'tenant'>): string {
  return [baseUrl, session.tenant.id, session.user.id].join('|');
}

/** The user's id in what `ownerOf` answered. */
export function userOf(owner: string): string {
  return owner.slice(owner.lastIndexOf('|') + 1);
}
