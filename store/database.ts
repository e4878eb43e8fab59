import knex, { type Knex } from 'knex';
import pg from 'pg';

const DATE = 1082;
const BIGINT = 20;

/**
 * A pool on the platform's database. Dates come as `YYYY-MM-DD` text and counts as numbers: a date is a day in the
 * city's calendar, never an instant, and no table holds 2^53 rows. `warn` takes what Knex would
 * print.
 */
export function openDatabase(
  url: string,
  { max = 10, warn }: { readonly max?: number; readonly warn?: (message: string) => void } = {},
): Knex {
  const types = new pg.TypeOverrides();
  types.setTypeParser(DATE, (text) => text);
  types.setTypeParser(BIGINT, Number);
  return knex({
    client: 'pg',
    connection: { connectionString: url, types } as Knex.PgConnectionConfig,
    pool: { min: 0, max },
    acquireConnectionTimeout: 5_000,
    ...(warn ? { log: { warn, error: warn, deprecate: warn, debug: () => undefined } } : {}),
  });
}
