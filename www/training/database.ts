// Where the browser keeps trainings.

export interface Stores {
  /** Those under way: the state under the name alone, kept snapshots under name, run and iteration. */
  trainings: IDBObjectStore;
  /** Those that are over, by what was trained. */
  finished: IDBObjectStore;
  /** Their networks, by their names and those trainings. */
  networks: IDBObjectStore;
}

const database = 'guidance-playground-training';
const stores = ['trainings', 'finished', 'networks'] as const;
const version = 2;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, version);
    request.onupgradeneeded = () => {
      // What version 1 has says less than is read now.
      for (const name of [...request.result.objectStoreNames]) request.result.deleteObjectStore(name);
      for (const name of stores) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      // A page of a later version is not held up by this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

/** All that `act` does, or nothing; resolves with the result of the request that it returns. */
export async function transact<T>(mode: IDBTransactionMode, act: (stores: Stores) => IDBRequest<T>): Promise<T> {
  const opened = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction(stores, mode);
      transaction.onabort = () => reject(transaction.error);
      try {
        const request = act(Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)])) as unknown as Stores);
        transaction.oncomplete = () => resolve(request.result);
      } catch (thrown) {
        transaction.abort();
        reject(thrown);
      }
    });
  } finally {
    opened.close();
  }
}
