/** What people type, kept in this browser as they type: a lost connection, session or tab loses nothing. */
const NAME = 'santong';
const STORE = 'drafts';

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
  return opening;
}

async function run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  return new Promise((resolve, reject) => {
    const request = ask(db.transaction(STORE, mode).objectStore(STORE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
}

/** A browser that keeps nothing (private windows) is no reason to stop anybody from working. */
export async function keepDraft(key: string, value: unknown): Promise<void> {
  await run('readwrite', (store) => store.put(JSON.stringify(value), key)).catch(() => undefined);
}

export async function readDraft<T>(key: string): Promise<T | undefined> {
  const text = await run<unknown>('readonly', (store) => store.get(key)).catch(() => undefined);
  return typeof text === 'string' ? (JSON.parse(text) as T) : undefined;
}

export async function dropDraft(key: string): Promise<void> {
  await run('readwrite', (store) => store.delete(key)).catch(() => undefined);
}

/** Calls after a pause of so many milliseconds since it was last asked to. */
export function paused(ms: number, act: () => void): { again(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    again() {
      clearTimeout(timer);
      timer = setTimeout(act, ms);
    },
    stop: () => clearTimeout(timer),
  };
}
