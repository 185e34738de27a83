// SPDX-License-Identifier: Apache-2.0
import type { Session } from '../session.js';

/** Whose something is: one server, one tenant, one user. Names locks, channels and what is kept. */
export function ownerOf(baseUrl: string, session: Pick<Session, 'user' | 'tenant'>): string {
  return [baseUrl, session.tenant.id, session.user.id].join('|');
}
