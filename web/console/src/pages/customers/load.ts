// SPDX-License-Identifier: Apache-2.0
// What the page of the customers shows, asked for while the page around it is still being drawn.
import { usersQuery } from '@interlock/react';
import { loadSoon } from '../../lib/live';
import { statusesQuery } from '../../lib/statuses';
import { sessionNow } from '../../session/session';
import { type CustomerSearch, listQuery, listRows } from './search';

/** The page is drawn without it, and says that it loads, when it takes longer than this. */
const patienceMs = 1_000;

export async function loadCustomers(search: CustomerSearch): Promise<void> {
  const session = await sessionNow();
  if (!session || search.view === 'board') return;
  const loads = [
    loadSoon('statuses', statusesQuery),
    loadSoon('users', usersQuery),
    loadSoon('customers', listQuery(search, listRows)),
  ];
  await Promise.race([Promise.all(loads), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}
