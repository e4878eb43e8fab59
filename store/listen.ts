import pg from 'pg';

export interface Listener {
  stop(): Promise<void>;
}

export interface Hearing {
  /**
   * Called with the channel and what was said for each notification, and without either after every connection, as nobody
   * knows what was said while there was none.
   */
  heard(channel?: string, payload?: string): void;
  /** Called when the connection is gone: from now on nothing is heard. With it a connection that has gone silent is found out. */
  lost?(): void;
}

/** Milliseconds until a connection that is gone is tried again. */
const AGAIN_MS = 1_000;
/** How often a connection is asked whether it is still there, and how long its answer may take, in milliseconds. */
const ASKED_MS = 1_000;
const ANSWERED_MS = 2_000;

/**
 * Hears PostgreSQL's NOTIFY on channels, over a connection of its own that is made again whenever it is lost.
 */
export function listen(url: string, channels: readonly string[], { heard, lost }: Hearing): Listener {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let connecting: Promise<void> = Promise.resolve();

  function again(gone: pg.Client): void {
    if (client !== gone) return;
    client = undefined;
    clearInterval(asking);
    lost?.();
    void gone.end().catch(() => undefined);
    if (!stopped) timer = setTimeout(() => (connecting = connect()), AGAIN_MS);
  }

  /** A network that was cut says nothing: who waits for it would wait for hours. */
  function watch(next: pg.Client): void {
    let unanswered: NodeJS.Timeout | undefined;
    asking = setInterval(() => {
      unanswered ??= setTimeout(() => again(next), ANSWERED_MS);
      next.query('select 1').then(
        () => {
          clearTimeout(unanswered);
          unanswered = undefined;
        },
        () => again(next),
      );
    }, ASKED_MS);
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: `listens: ${channels.join()}` });
    client = next;
    next.on('notification', ({ channel, payload }) => heard(channel, payload));
    next.on('error', () => again(next));
    next.on('end', () => again(next));
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      if (lost) watch(next);
      heard();
    } catch {
      again(next);
    }
  }

  connecting = connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await connecting;
      clearInterval(asking);
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
