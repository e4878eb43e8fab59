import { Readable } from 'node:stream';
import type { FeedItem } from '../store/feed.ts';
import type { NoticeRow } from '../store/notices.ts';
import type { Caller } from './endpoint.ts';
import type { Feed } from './feed.ts';

export interface StreamOptions {
  readonly feed: Feed;
  readonly caller: Caller;
  /** The position after which to begin; absent: with what happens from now on. */
  readonly after?: number;
  /** False: ends once everything that is there has been told. */
  readonly isLive: boolean;
  sees(item: FeedItem): boolean;
  presentEvent(item: FeedItem): unknown;
  presentNotice(row: NoticeRow): unknown;
  counts(): Promise<unknown>;
  /** Milliseconds between two signs of life: less than the minute after which proxies give up. */
  readonly heartbeatMs?: number;
}

const HEARTBEAT_MS = 15_000;
/** At most one set of counters in so many milliseconds. */
const COUNTS_MS = 1_000;

/**
 * What the caller may see, as server-sent events. Nothing is kept for a reader: what it has not taken yet is read when it
 * takes it, so a slow one costs no memory, and one that comes back goes on where it was.
 */
export function eventStream(options: StreamOptions): Readable {
  const { feed, caller } = options;
  const over = new AbortController();
  let stuckSince: number | undefined;
  let leave = (): void => undefined;

  /** Begins with the first read: a stream that nobody reads, as with HEAD, joins nothing. */
  async function* chunks(): AsyncGenerator<string> {
    leave = feed.join({ caller, stuckSince: () => stuckSince, end: () => over.abort(), cut: () => stream.destroy() });
    for await (const chunk of told(options, over.signal)) {
      stuckSince = performance.now();
      yield chunk;
      stuckSince = undefined;
    }
  }

  const stream = Readable.from(chunks(), { objectMode: false });
  stream.once('close', () => {
    over.abort();
    leave();
  });
  return stream;
}

async function* told(options: StreamOptions, signal: AbortSignal): AsyncGenerator<string> {
  const { feed, caller, isLive, heartbeatMs = HEARTBEAT_MS } = options;
  const { head, swept } = await feed.ends();
  let at = options.after ?? head;
  // What lies between is gone, or was never there: whoever relies on it has to look at everything anew.
  const isLost = at < swept || at > head;
  if (isLost) at = head;
  yield `retry: 2000\n${message(isLost ? 'reset' : 'ready', await options.counts(), at)}`;
  let countedAt = performance.now();
  let toldAt = countedAt;
  let isTouched = false;
  while (!signal.aborted) {
    const items = await feed.read(at);
    const chunk = items.map((item) => messagesOf(item, options)).join('');
    at = items.at(-1)?.position ?? at;
    isTouched ||= items.some((item) => concerns(item, caller));
    if (chunk !== '') {
      yield chunk;
      toldAt = performance.now();
    }
    // A sign of life that scripts hear of too, however much happens that this reader may not see; with its id one that comes
    // back need not go through that again.
    if (performance.now() - toldAt >= heartbeatMs) {
      yield message('alive', {}, at);
      toldAt = performance.now();
    }
    if (items.length > 0) continue;
    if (!isLive) return;
    const rest = COUNTS_MS - (performance.now() - countedAt);
    if (isTouched && rest <= 0) {
      isTouched = false;
      countedAt = performance.now();
      yield message('counts', await options.counts(), at);
      toldAt = performance.now();
      continue;
    }
    const quiet = Math.max(1, heartbeatMs - (performance.now() - toldAt));
    await feed.later(at, isTouched ? Math.min(rest, quiet) : quiet, signal);
  }
  yield message('end', {}, undefined);
}

/** Whether the caller's counters may be others by it: those of a supervisor do not change with every case of the city. */
function concerns({ notices, parties }: FeedItem, { actor }: Caller): boolean {
  return parties.includes(actor.department) || notices.some(({ personId }) => personId === actor.person);
}

/**
 * A position as messages: the notices first, and the id with the last message only. So a reader that was cut off in between
 * gets all of it again, and none is lost.
 */
function messagesOf(item: FeedItem, options: StreamOptions): string {
  const own = item.notices.filter(({ personId }) => personId === options.caller.actor.person);
  const all = own.map((row) => ['notice', options.presentNotice(row)] as const);
  const shown = options.sees(item)
    ? [...all, [item.streamKind === 'grant' ? 'grant' : 'case', options.presentEvent(item)] as const]
    : all;
  return shown
    .map(([name, data], index) => message(name, data, index === shown.length - 1 ? item.position : undefined))
    .join('');
}

/** JSON has no line breaks of its own, so one line of data is enough. */
function message(name: string, data: unknown, id: number | undefined): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
