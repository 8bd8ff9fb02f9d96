/** The phone's store. Plain are only device, clock and the locked key; all else is ciphertext that ``vault`` makes and reads. */

export const PLAIN = "plain"; // name → value
export const SEALED = "sealed"; // name → box: the packet
export const DRAFTS = "drafts"; // random id → box
export const OUTBOX = "outbox"; // running number → {seq, id, state, attempts, box, answer}
export const PHOTOS = "photos"; // random id → {id, state, attempts, box}

const NAME = "shouwang-app";
const EVERYTHING = [PLAIN, SEALED, DRAFTS, OUTBOX, PHOTOS];
let opened = null;
const others = new BroadcastChannel(NAME);

function database() {
  opened = opened || new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const store of EVERYTHING.filter((name) => name !== OUTBOX)) asked.result.createObjectStore(store);
      asked.result.createObjectStore(OUTBOX, { keyPath: "seq", autoIncrement: true });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/**
 * One transaction, done or not done as a whole: work gets the stores by name, and may wait for nothing but them. What it gives
 * back (for a request: its result) comes once the phone has it on disk.
 */
export async function transact(stores, mode, work) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
    const given = work(Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)])));
    transaction.oncomplete = () => resolve(given instanceof IDBRequest ? given.result : given);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const read = (store, key) => transact([store], "readonly", (stores) => stores[store].get(key));
export const readAll = (store) => transact([store], "readonly", (stores) => stores[store].getAll());
export const readKeys = (store) => transact([store], "readonly", (stores) => stores[store].getAllKeys());
export const write = (store, key, value) => transact([store], "readwrite", (stores) => { stores[store].put(value, key); });
export const remove = (store, key) => transact([store], "readwrite", (stores) => { stores[store].delete(key); });

export const readPlain = (name) => read(PLAIN, name);
export const writePlain = (name, value) => write(PLAIN, name, value);

/** Removes everything, in one transaction, and tells other pages of the app. What is left: that the old signing in is to be given up. */
export async function wipeAll(leaving = "") {
  await transact(EVERYTHING, "readwrite", (stores) => {
    EVERYTHING.forEach((name) => stores[name].clear());
    if (leaving) stores[PLAIN].put(leaving, "leaving");
  });
  others.postMessage("wiped");
}

/** Another page has emptied the store. */
export const onWiped = (hear) => { others.onmessage = hear; };

/** Removes what came from the server and what was begun; what was finished and not yet sent stays, sealed. */
export const wipeExpired = () => transact(EVERYTHING, "readwrite", (stores) => {
  stores[SEALED].clear();
  stores[DRAFTS].clear();
  stores[PLAIN].delete("expires_at");
  removeWhere(stores[OUTBOX], (row) => !["waiting", "sent"].includes(row.state));
  removeWhere(stores[PHOTOS], (row) => !row.record);
});

function removeWhere(store, isMeant) {
  store.openCursor().onsuccess = (event) => {
    const cursor = event.target.result;
    if (!cursor) return;
    if (isMeant(cursor.value)) cursor.delete();
    cursor.continue();
  };
}
