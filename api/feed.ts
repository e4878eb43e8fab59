import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { feedEnds, type FeedItem, liveSessions, readFeed } from '../store/feed.ts';
import { listen, type Listener } from '../store/listen.ts';
import { CHANNELS } from '../store/outbox.ts';
import type { Caller } from './endpoint.ts';

/** Somebody who listens. */
export interface FeedReader {
  readonly caller: Caller;
  /** Since when it has not taken what it was given, in the milliseconds of `performance.now()`; absent when it waits. */
  stuckSince(): number | undefined;
  /** Its session is over, its holder is somebody else by now, or the platform stops. */
  end(): void;
  /** It takes nothing any more. */
  cut(): void;
}

export interface Feed {
  /** The last position there is and the last one that is gone. */
  ends(): Promise<{ readonly head: number; readonly swept: number }>;
  /** Some of what comes after a position, in order. */
  read(after: number): Promise<readonly FeedItem[]>;
  /** Resolves when there is something after a position, or after so many milliseconds, or when the signal is given. */
  later(after: number, ms: number, signal: AbortSignal): Promise<void>;
  /** Adds a reader, until it is told that it has left. */
  join(reader: FeedReader): () => void;
  stop(): Promise<void>;
}

export interface FeedDeps {
  readonly db: Knex;
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Milliseconds between two looks, at sessions and at what NOTIFY may have missed. */
  readonly everyMs?: number;
  /** How long a reader may take nothing, in milliseconds. */
  readonly patienceMs?: number;
}

/** Items at hand for all readers of this process, so that each event is read once and not once a reader. */
const AT_HAND = 2_000;
const A_READ = 500;
/** What a reader gets at once: that much it may have in memory. */
const A_CHUNK = 200;

/** The feed of events as this process follows it: it begins with the first reader and rests when the last has left. */
export function createFeed({ db, databaseUrl, logger, everyMs = 1_000, patienceMs = 30_000 }: FeedDeps): Feed {
  const readers = new Set<FeedReader>();
  const waiting = new Set<() => void>();
  let items: FeedItem[] = [];
  let head: number | undefined;
  let refreshing: Promise<void> | undefined;
  let isStale = false;
  let listener: Listener | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** One read at a time; a call meanwhile makes for another one after it. */
  function refresh(): void {
    isStale = true;
    refreshing ??= follow()
      .catch((err: unknown) => logger.warn({ err }, 'the feed of events could not be read'))
      .finally(() => (refreshing = undefined));
  }

  async function follow(): Promise<void> {
    while (isStale) {
      isStale = false;
      const from = head ?? (await feedEnds(db)).head;
      const fresh = await readFeed(db, from, A_READ);
      // What came before the first look is not at hand: whoever waits for it has to read it.
      const isNews = head === undefined || fresh.length > 0;
      items = [...items, ...fresh].slice(-AT_HAND);
      head = from + fresh.length;
      isStale ||= fresh.length === A_READ;
      if (isNews) for (const wake of [...waiting]) wake();
    }
  }

  async function check(): Promise<void> {
    const late = performance.now() - patienceMs;
    for (const reader of readers) if ((reader.stuckSince() ?? Infinity) < late) reader.cut();
    const asked = [...readers];
    const live = await liveSessions(db, [...new Set(asked.map(({ caller }) => caller.sessionId))]);
    const known = new Map(live.map((session) => [session.id, session]));
    for (const { caller, end } of asked) {
      const now = known.get(caller.sessionId);
      const { department, roles } = caller.actor;
      if (now?.department !== department || now.roles.join() !== roles.join()) end();
    }
  }

  function begin(): void {
    listener = listen(databaseUrl, [CHANNELS.feed], { heard: refresh });
    timer = setInterval(() => {
      refresh();
      // A database that is away ends nobody's session.
      check().catch(() => undefined);
    }, everyMs);
  }

  async function rest(): Promise<void> {
    clearInterval(timer);
    const last = listener;
    listener = undefined;
    items = [];
    await last?.stop();
    await refreshing;
    if (!listener) head = undefined;
  }

  return {
    ends: () => feedEnds(db),
    async read(after) {
      // Positions have no gaps: where an item is follows from its position.
      const first = items[0]?.position;
      if (first !== undefined && after >= first - 1) return items.slice(after + 1 - first, after + 1 - first + A_CHUNK);
      return readFeed(db, after, A_CHUNK);
    },
    later(after, ms, signal) {
      return new Promise((resolve) => {
        if (signal.aborted || (items.at(-1)?.position ?? 0) > after) return resolve();
        const done = (): void => {
          clearTimeout(timeout);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timeout = setTimeout(done, ms);
        waiting.add(done);
        signal.addEventListener('abort', done);
      });
    },
    join(reader) {
      readers.add(reader);
      if (readers.size === 1) begin();
      return () => {
        if (readers.delete(reader) && readers.size === 0) void rest();
      };
    },
    async stop() {
      for (const reader of readers) reader.end();
      readers.clear();
      await rest();
    },
  };
}
