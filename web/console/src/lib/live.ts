// SPDX-License-Identifier: Apache-2.0
import type { LiveCollectionName, LiveListQuery } from '@interlock/client';
import { client } from '../client';

/** Begins to load a list that will be shown soon. Resolves when it is there or has failed: either way it can be shown. */
export async function loadSoon<C extends LiveCollectionName>(
  collection: C,
  query: LiveListQuery<C> = {} as LiveListQuery<C>,
): Promise<void> {
  await client
    .live(collection, query)
    .ready()
    .catch(() => {}); // the page tells, and offers the way on
}
