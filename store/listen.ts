import pg from 'pg';

export interface Listener {
  /**
   * Resolves once all that was said before has been heard; false where nothing is heard now. PostgreSQL tells a connection
   * what has been committed before it answers its next question, so one question does, for all that ask meanwhile.
   */
  heardAll(): Promise<boolean>;
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
  let isListening = false;
  let underWay: Promise<boolean> | undefined;
  let next: Promise<boolean> | undefined;

  function again(gone: pg.Client): void {
    if (client !== gone) return;
    client = undefined;
    isListening = false;
    clearInterval(asking);
    lost?.();
    void gone.end().catch(() => undefined);
    if (!stopped) timer = setTimeout(() => (connecting = connect()), AGAIN_MS);
  }

  /** A network that was cut says nothing: who waits for it would wait for hours. */
  function watch(watched: pg.Client): void {
    let unanswered: NodeJS.Timeout | undefined;
    asking = setInterval(() => {
      unanswered ??= setTimeout(() => again(watched), ANSWERED_MS);
      watched.query('select 1').then(
        () => {
          clearTimeout(unanswered);
          unanswered = undefined;
        },
        () => again(watched),
      );
    }, ASKED_MS);
  }

  async function connect(): Promise<void> {
    const made = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: `listens: ${channels.join()}`,
    });
    client = made;
    made.on('notification', ({ channel, payload }) => heard(channel, payload));
    made.on('error', () => again(made));
    made.on('end', () => again(made));
    try {
      await made.connect();
      for (const channel of channels) await made.query(`listen ${pg.escapeIdentifier(channel)}`);
      isListening = true;
      if (lost) watch(made);
      heard();
    } catch {
      again(made);
    }
  }

  async function asked(): Promise<boolean> {
    const now = client;
    if (now === undefined || !isListening) return false;
    return now.query('select 1').then(
      () => client === now,
      () => false,
    );
  }

  /** Whoever comes while a question is under way needs one that is put after that. */
  function heardAll(): Promise<boolean> {
    if (underWay === undefined) {
      underWay = asked().finally(() => (underWay = undefined));
      return underWay;
    }
    next ??= underWay.then(() => {
      next = undefined;
      return heardAll();
    });
    return next;
  }

  connecting = connect();
  return {
    heardAll,
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
