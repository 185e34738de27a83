// SPDX-License-Identifier: Apache-2.0
// Live queries as hooks.
import type { CollectionName, LiveListQuery, LiveSnapshot, RecordOf } from '@interlock/client';
import { useCallback, useSyncExternalStore } from 'react';
import { client } from '../client';

/** A list that stays right. */
export function useLive<C extends CollectionName>(
  collection: C,
  query: LiveListQuery<C> = {} as LiveListQuery<C>,
): LiveSnapshot<RecordOf<C>> {
  const live = client.live(collection, query);
  return useSyncExternalStore(
    useCallback((listener) => live.subscribe(listener), [live]),
    () => live.snapshot,
  );
}
