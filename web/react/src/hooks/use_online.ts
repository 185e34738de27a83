// SPDX-License-Identifier: Apache-2.0
import { isInterlockError } from '@interlock/client';
import { useSyncExternalStore } from 'react';

/** False: the browser knows that there is no network. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, isOnline, () => true);
}

/** Whether something failed only because there is no network, and there still is none. */
export function useIsAway(error: unknown): boolean {
  const online = useOnline();
  return !online && isInterlockError(error) && (error.kind === 'connection_lost' || error.kind === 'timed_out');
}

export const isOnline = (): boolean => globalThis.navigator?.onLine !== false;

function subscribe(listener: () => void): () => void {
  const { window: page } = globalThis;
  for (const name of ['online', 'offline']) page?.addEventListener(name, listener);
  return () => {
    for (const name of ['online', 'offline']) page?.removeEventListener(name, listener);
  };
}
