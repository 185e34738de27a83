// SPDX-License-Identifier: Apache-2.0
// What the page of the customers shows, asked for while the page around it is still being drawn.
import { loadSoon } from '../../lib/live';
import { usersQuery } from '../../lib/people';
import { statusesQuery } from '../../lib/statuses';
import { allows, sessionNow } from '../../session/session';
import { type CustomerSearch, listQuery, listRows } from './search';

/** The page is drawn without it, and says that it loads, when it takes longer than this. */
const patienceMs = 1_000;

export async function loadCustomers(search: CustomerSearch): Promise<void> {
  const session = await sessionNow();
  if (!session || search.view === 'board') return;
  const loads = [
    loadSoon('statuses', statusesQuery),
    loadSoon('users', usersQuery(allows(session.user.permissions, 'users.read'))),
    loadSoon('customers', listQuery(search, listRows)),
  ];
  await Promise.race([Promise.all(loads), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}
