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
   * Milliseconds after which a connection on which something is asked and nothing is heard is given up and closed, as the
   * server at its other end hangs. Absent: whoever asks waits for as long as it takes.
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
    pool: { min: 0, max, ...(silenceMs === undefined ? {} : { afterCreate: givesUpAfter(silenceMs) }) },
    acquireConnectionTimeout: 5_000,
    ...(warn ? { log: { warn, error: warn, deprecate: warn, debug: () => undefined } } : {}),
  });
}

interface Connected {
  /** False while something is asked. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Socket };
}

/**
 * Looks at the connection and not at the single statement: whatever stands behind the one that hangs, such as the rest of
 * a transaction, is over with it, and the pool never gives the connection out again.
 */
function givesUpAfter(silenceMs: number) {
  return (client: Connected, done: (error: Error | null, client: Connected) => void): void => {
    const { stream } = client.connection;
    stream.setTimeout(silenceMs, () => {
      if (client.readyForQuery) return;
      const error = new Error(`The database has not answered for ${silenceMs} ms`);
      stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    });
    done(null, client);
  };
}
