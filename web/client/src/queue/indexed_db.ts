// SPDX-License-Identifier: Apache-2.0
// Actions in IndexedDB: one object store ordered by an ever rising position, found by owner and by key. Everything that
// has to hold together is one transaction with strict durability, so that what was answered as kept outlives a crash.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { StorageFailed } from '../errors.js';
import type { StoredAction } from './action.js';
import type { ActionStore, NewAction } from './store.js';

interface Schema extends DBSchema {
  actions: {
    key: number;
    value: StoredAction;
    indexes: { by_owner: [string, number]; by_key: string };
  };
  leases: { key: string; value: { name: string; holder: string; until: number } };
  values: { key: string; value: { name: string; value: unknown } };
}

const schemaVersion = 1;
const unavailableNames = ['SecurityError', 'InvalidStateError', 'NotSupportedError', 'VersionError'];

function storageFailed(error: unknown, whileOpening: boolean): StorageFailed {
  const name = (error as { name?: string })?.name ?? '';
  if (name === 'QuotaExceededError') return new StorageFailed('full', { cause: error });
  const unavailable = whileOpening || unavailableNames.includes(name);
  return new StorageFailed(unavailable ? 'unavailable' : 'failed', { cause: error });
}

/** A request that fails ends its transaction too; the first of the two rejections is the one that is told. */
function begun<T extends { done: Promise<void> }>(transaction: T): T {
  transaction.done.catch(() => {});
  return transaction;
}

/** Keeps actions in the browser. Opened at first use, and again when the browser has closed it. */
export class IndexedDbStore implements ActionStore {
  readonly durable = true;
  #database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(readonly name = 'interlock') {}

  async add(actions: readonly NewAction[]): Promise<StoredAction[]> {
    return this.#use(async (database) => {
      const transaction = begun(database.transaction('actions', 'readwrite', { durability: 'strict' }));
      const added = await Promise.all(
        actions.map(async (action) => {
          // The position is made by the browser, over all tabs: the value that is put has none yet.
          const position = await transaction.store.add(action as StoredAction);
          return { ...action, position };
        }),
      );
      await transaction.done;
      return added;
    });
  }

  async list(owner: string): Promise<StoredAction[]> {
    const range = IDBKeyRange.bound([owner, 0], [owner, Number.MAX_SAFE_INTEGER]);
    return this.#use((database) => database.getAllFromIndex('actions', 'by_owner', range));
  }

  async change(puts: readonly StoredAction[], removedKeys: readonly string[]): Promise<string[]> {
    return this.#use(async (database) => {
      const transaction = begun(database.transaction('actions', 'readwrite', { durability: 'strict' }));
      const { store } = transaction;
      const there: string[] = [];
      for (const action of puts) {
        if ((await store.getKey(action.position)) === undefined) continue; // discarded by another tab meanwhile
        await store.put(action);
        there.push(action.key);
      }
      for (const key of removedKeys) {
        const position = await store.index('by_key').getKey(key);
        if (position === undefined) continue;
        await store.delete(position);
        there.push(key);
      }
      await transaction.done;
      return there;
    });
  }

  async takeLease(name: string, holder: string, now: number, until: number): Promise<boolean> {
    return this.#use(async (database) => {
      const transaction = begun(database.transaction('leases', 'readwrite'));
      const held = await transaction.store.get(name);
      const free = !held || held.holder === holder || held.until <= now;
      if (free) await transaction.store.put({ name, holder, until });
      await transaction.done;
      return free;
    });
  }

  async remember(name: string, value: unknown): Promise<void> {
    await this.#use((database) => database.put('values', { name, value }));
  }

  async recall(name: string): Promise<unknown> {
    return (await this.#use((database) => database.get('values', name)))?.value;
  }

  close(): void {
    this.#database?.then((database) => database.close()).catch(() => {}); // what never opened needs no closing
    this.#database = undefined;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      this.#database = undefined;
    };
    this.#database ??= openDB<Schema>(this.name, schemaVersion, {
      upgrade(database) {
        const actions = database.createObjectStore('actions', { keyPath: 'position', autoIncrement: true });
        actions.createIndex('by_owner', ['owner', 'position']);
        actions.createIndex('by_key', 'key', { unique: true });
        database.createObjectStore('leases', { keyPath: 'name' });
        database.createObjectStore('values', { keyPath: 'name' });
      },
      // Another tab has a newer release of the library: let it have the database.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
    this.#database.catch(forget);
    return this.#database;
  }

  async #use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    let database: IDBPDatabase<Schema>;
    try {
      database = await this.#open();
    } catch (error) {
      throw storageFailed(error, true);
    }
    try {
      return await work(database);
    } catch (error) {
      throw storageFailed(error, false);
    }
  }
}
