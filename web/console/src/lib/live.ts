// SPDX-License-Identifier: Apache-2.0
// Live queries as hooks.
import type { LiveCollectionName, LiveListQuery, LiveSnapshot, RecordOf } from '@interlock/client';
import { useCallback, useSyncExternalStore } from 'react';
import { client } from '../client';

/** A list that stays right. */
export function useLive<C extends LiveCollectionName>(
  collection: C,
  query: LiveListQuery<C> = {} as LiveListQuery<C>,
): LiveSnapshot<RecordOf<C>> {
  const live = client.live(collection, query);
  return useSyncExternalStore(
    useCallback((listener) => live.subscribe(listener), [live]),
    () => live.snapshot,
  );
}

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
