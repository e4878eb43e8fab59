import pg from 'pg';

export interface Listener {
  stop(): Promise<void>;
}

/** Milliseconds until a connection that is gone is tried again. */
const AGAIN_MS = 1_000;

/**
 * Hears PostgreSQL's NOTIFY on channels, over a connection of its own that is made again whenever it is lost. `heard` is
 * called with the channel for each, and without one after every connection, as nobody knows what was said while there was
 * none.
 */
export function listen(url: string, channels: readonly string[], heard: (channel?: string) => void): Listener {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let connecting: Promise<void> = Promise.resolve();

  function again(lost: pg.Client): void {
    if (client !== lost) return;
    client = undefined;
    void lost.end().catch(() => undefined);
    if (!stopped) timer = setTimeout(() => (connecting = connect()), AGAIN_MS);
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true });
    client = next;
    next.on('notification', ({ channel }) => heard(channel));
    next.on('error', () => again(next));
    next.on('end', () => again(next));
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen ${pg.escapeIdentifier(channel)}`);
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
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
