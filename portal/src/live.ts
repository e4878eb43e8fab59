import { reactive } from 'vue';
import type { Counts } from './api/types.ts';
import { restoreOrLose } from './session-watch.ts';

export interface Change {
  readonly caseId: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  /** As which it came, from 1. */
  readonly number: number;
}

interface Live {
  counts: Counts | undefined;
  changes: Change[];
  /** How many changes have come. */
  arrived: number;
  isOffline: boolean;
}

/** What the server has told since the page was opened. The newest changes last; only so many are kept. */
export const live = reactive<Live>({ counts: undefined, changes: [], arrived: 0, isOffline: false });

/** Up to which event of a case what happened is the reader's own doing. */
const own = reactive(new Map<string, number>());

export function noteOwn(caseId: string, seq: number): void {
  own.set(caseId, Math.max(seq, own.get(caseId) ?? 0));
}

/** Which cases have changed since something was read: not by the reader, and beyond what is shown of them. */
export function changedCases(seenUpTo: number, shown: ReadonlyMap<string, number>): string[] {
  const later = live.changes.filter(({ number, caseId, seq }) => {
    const known = Math.max(own.get(caseId) ?? 0, shown.get(caseId) ?? 0);
    return number > seenUpTo && seq > known;
  });
  return [...new Set(later.map(({ caseId }) => caseId))];
}

const KEPT = 500;
/** A server that is started anew is back by then. */
const PATIENCE_MS = 3_000;
let source: EventSource | undefined;
let missing: ReturnType<typeof setTimeout> | undefined;

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
    live.arrived += 1;
    const change = { ...(JSON.parse(event.data) as Omit<Change, 'number'>), number: live.arrived };
    live.changes = [...live.changes, change].slice(-KEPT);
  });
  source.addEventListener('open', waitNoMore);
  // The server ends the stream of a session that is over, and the browser gives up where it is refused.
  source.addEventListener('error', () => {
    // It tries again and again, and fails each time: what counts is since when.
    if (source?.readyState === EventSource.CONNECTING) {
      missing ??= setTimeout(() => (live.isOffline = true), PATIENCE_MS);
      return;
    }
    if (source?.readyState !== EventSource.CLOSED) return;
    unlisten();
    void restoreOrLose().then((isThere) => isThere && setTimeout(listen, 2_000));
  });
}

function waitNoMore(): void {
  clearTimeout(missing);
  missing = undefined;
}

export function unlisten(): void {
  waitNoMore();
  source?.close();
  source = undefined;
}

window.addEventListener('offline', () => (live.isOffline = true));
window.addEventListener('online', () => (live.isOffline = false));
