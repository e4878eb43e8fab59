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
  /** How often something was missed: whatever is shown has to be read anew. */
  resets: number;
}

/** What the server has told since the page was opened. The newest changes last; only so many are kept. */
export const live = reactive<Live>({ counts: undefined, changes: [], arrived: 0, isOffline: false, resets: 0 });

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
/** The server gives a sign of life every 15 s. A connection without any, or that nobody answers, is dead, and no browser says so. */
const SILENCE_MS = 40_000;
const UNANSWERED_MS = 10_000;
let source: EventSource | undefined;
let missing: ReturnType<typeof setTimeout> | undefined;
let silent: ReturnType<typeof setTimeout> | undefined;
let lastId = '';

/**
 * Listens to the server's events until `unlisten`. The browser takes a broken connection up again by itself; one that has
 * fallen silent is opened anew after the last event that came.
 */
export function listen(): void {
  if (source) return;
  source = new EventSource(lastId === '' ? '/api/events' : `/api/events?after=${lastId}`);
  waitFor(UNANSWERED_MS);
  for (const name of ['alive', 'notice', 'grant']) source.addEventListener(name, heard);
  for (const name of ['counts', 'ready', 'reset']) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      heard(event);
      live.counts = JSON.parse(event.data) as Counts;
      live.isOffline = false;
    });
  }
  source.addEventListener('reset', () => (live.resets += 1));
  source.addEventListener('case', (event: MessageEvent<string>) => {
    heard(event);
    live.arrived += 1;
    const change = { ...(JSON.parse(event.data) as Omit<Change, 'number'>), number: live.arrived };
    live.changes = [...live.changes, change].slice(-KEPT);
  });
  source.addEventListener('open', waitNoMore);
  // The server ends the stream of a session that is over, and the browser gives up where it is refused.
  source.addEventListener('error', () => {
    // It tries again and again, and fails each time: what counts is since when.
    missing ??= setTimeout(() => (live.isOffline = true), PATIENCE_MS);
    if (source?.readyState !== EventSource.CLOSED) return waitFor(UNANSWERED_MS);
    leave();
    void restoreOrLose().then((isThere) => isThere && setTimeout(listen, 2_000));
  });
}

function waitNoMore(): void {
  clearTimeout(missing);
  missing = undefined;
}

function heard({ lastEventId }: MessageEvent): void {
  if (lastEventId !== '') lastId = lastEventId;
  waitFor(SILENCE_MS);
}

function waitFor(ms: number): void {
  clearTimeout(silent);
  silent = setTimeout(() => {
    missing ??= setTimeout(() => (live.isOffline = true), PATIENCE_MS);
    leave();
    listen();
  }, ms);
}

function leave(): void {
  clearTimeout(silent);
  source?.close();
  source = undefined;
}

export function unlisten(): void {
  waitNoMore();
  leave();
}

window.addEventListener('offline', () => (live.isOffline = true));
window.addEventListener('online', () => (live.isOffline = false));
