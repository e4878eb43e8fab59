import type { Socket } from 'node:net';
import knex, { type Knex } from 'knex';
import pg from 'pg';

const DATE = 1082;
const BIGINT = 20;

export interface DatabaseOptions {
  readonly max?: number;
  /** Takes what Knex would print. */
  readonly warn?: (message: string) => void;
  /**
   * Milliseconds after which a connection on which something is asked and nothing is heard is given up and closed, if the
   * server does not answer another one either: it hangs. Absent: whoever asks waits for as long as it takes.
   */
  readonly silenceMs?: number;
}

/**
 * A pool on the platform's database. Dates come as `YYYY-MM-DD` text and counts as numbers: a date is a day in the
 * city's calendar, never an instant, and no table holds 2^53 rows.
 */
export function openDatabase(url: string, { max = 10, warn, silenceMs }: DatabaseOptions = {}): Knex {
  const types = new pg.TypeOverrides();
  types.setTypeParser(DATE, (text) => text);
  types.setTypeParser(BIGINT, Number);
  return knex({
    client: 'pg',
    connection: { connectionString: url, types, keepAlive: true } as Knex.PgConnectionConfig,
    pool: { min: 0, max, ...(silenceMs === undefined ? {} : { afterCreate: givesUpAfter(silenceMs, url) }) },
    acquireConnectionTimeout: 5_000,
    ...(warn ? { log: { warn, error: warn, deprecate: warn, debug: () => undefined } } : {}),
  });
}

interface Connected {
  /** False while something is asked. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Socket };
}

/** How long a server that is well takes at the most to answer a new connection. */
const PROBE_MS = 5_000;

/**
 * Looks at the connection and not at the single statement: whatever stands behind the one that hangs, such as the rest of
 * a transaction, is over with it, and the pool never gives the connection out again. Where the server answers others, the
 * statement is a long one and is waited for.
 */
function givesUpAfter(silenceMs: number, url: string) {
  return (client: Connected, done: (error: Error | null, client: Connected) => void): void => {
    const { stream } = client.connection;
    const listen = (): void => void stream.setTimeout(silenceMs);
    stream.on('timeout', () => {
      if (client.readyForQuery) return listen();
      void answers(url).then((isWell) => {
        if (isWell || client.readyForQuery) return listen();
        const error = new Error(`The database has not answered for ${silenceMs} ms`);
        stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
      });
    });
    listen();
    done(null, client);
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PROBE_MS,
    query_timeout: PROBE_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select');
    return true;
  } catch (error) {
    // One that says why it takes no connection does not hang.
    return error instanceof pg.DatabaseError;
  } finally {
    void client.end().catch(() => {});
  }
}
