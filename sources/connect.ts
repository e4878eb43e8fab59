import pg from 'pg';
import type { AddressGuard } from '../notices/addresses.ts';
import { failureOf } from './failure.ts';
import { guardedSocket } from './guarded-socket.ts';

/** A read-only look at a department's database. */
export interface Reader {
  rows<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** The same, where an answer that takes too long or is refused is no answer: undefined. */
  attempt<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[] | undefined>;
}

const CONNECT_WITHIN_MS = 10_000;

/** Nothing of the department's can take the place of a built-in object, and dates and numbers come as the same texts everywhere. */
const SETTINGS = [
  "set client_encoding = 'UTF8'",
  "set datestyle = 'ISO, YMD'",
  "set timezone = 'Asia/Shanghai'",
  'set search_path = pg_catalog, pg_temp',
  'set standard_conforming_strings = on',
];

const SYNTAX_ERROR = '42601';
export interface ReadingOptions {
  readonly statementMs: number;
  /** Absent: whoever runs the platform has named the address. */
  readonly guard?: AddressGuard;
}

/**
 * Opens a department's database, lets `work` read it in one read-only transaction in which every statement has a limit in
 * milliseconds, and closes it. `url` as `postgresql://user:password@host/database`. Under a guard nothing but permitted
 * addresses is connected to.
 * @throws {SourceFailure}
 */
export async function reading<T>(
  url: string,
  { statementMs, guard }: ReadingOptions,
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'santong: catalogue',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...(guard ? { stream: guardedSocket(guard) } : {}),
  });
  // Without a listener a connection that the server ends would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query([...SETTINGS, `set statement_timeout = ${statementMs}`].join('; '));
    await client.query('begin transaction read only');
    return await work(readerOf(client));
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function readerOf(client: pg.Client): Reader {
  async function rows<T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    const result = await client.query<T>(text, [...values]);
    return result.rows;
  }
  return {
    rows,
    async attempt<T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
      await client.query('savepoint attempt');
      try {
        return await rows<T>(text, values);
      } catch (error) {
        // What the platform itself asked wrongly is a fault of its own; a lost connection is told as it is.
        if (codeOf(error) === SYNTAX_ERROR) throw error;
        await client.query('rollback to savepoint attempt').catch(() => Promise.reject(error as Error));
        return undefined;
      }
    },
  };
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string } | undefined)?.code ?? '';
}
