import { reactive } from 'vue';
import type { Counts } from './api/types.ts';
import { restoreOrLose } from './session-watch.ts';

export interface Change {
  readonly caseId: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
}

/** What the server has told since the page was opened. The newest changes last; only so many are kept. */
export const live = reactive<{ counts: Counts | undefined; changes: Change[]; isOffline: boolean }>({
  counts: undefined,
  changes: [],
  isOffline: false,
});

const KEPT = 500;
let source: EventSource | undefined;

/** Listens to the server's events until `unlisten`; the browser takes a broken connection up again by itself. */
export function listen(): void {
  if (source) return;
  source = new EventSource('/api/events');
  for (const name of ['counts', 'ready', 'reset']) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      live.counts = JSON.parse(event.data) as Counts;
      live.isOffline = false;
    });
  }
  source.addEventListener('case', (event: MessageEvent<string>) => {
    live.changes = [...live.changes, JSON.parse(event.data) as Change].slice(-KEPT);
  });
  // The server ends the stream of a session that is over, and the browser gives up where it is refused.
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    unlisten();
    void restoreOrLose().then((isThere) => isThere && setTimeout(listen, 2_000));
  });
}

export function unlisten(): void {
  source?.close();
  source = undefined;
}

window.addEventListener('offline', () => (live.isOffline = true));
window.addEventListener('online', () => (live.isOffline = false));
