// SPDX-License-Identifier: Apache-2.0
// What the stores of a client have in common.
import type { InterlockClient } from '@interlock/client';

/** An external store of React. */
export interface Store<T> {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changes. */
  readonly get: () => T;
}

/** One store for each client, made when it is first asked for, and kept as long as the client. */
export function onePerClient<T>(make: (client: InterlockClient) => Store<T>): (client: InterlockClient) => Store<T> {
  const stores = new WeakMap<InterlockClient, Store<T>>();
  return (client) => {
    const store = stores.get(client) ?? make(client);
    stores.set(client, store);
    return store;
  };
}
