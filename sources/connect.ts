import pg from 'pg';

export type SourceFailureCode = 'SourceUnreachable' | 'SourceRefused';

/** A department's database cannot be read: it is not there, or it does not let the platform in. Says no address. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly code: SourceFailureCode;

  constructor(code: SourceFailureCode, cause: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

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
/** PostgreSQL's classes of errors that say the login or the database is not as the platform was told. */
const REFUSED = /^(?:28|3D|42501|0L)/;

/**
 * Opens a department's database, lets `work` read it in one read-only transaction in which every statement has a limit in
 * milliseconds, and closes it. `url` as `postgresql://user:password@host/database`.
 * @throws {SourceFailure}
 */
export async function reading<T>(
  url: string,
  { statementMs }: { readonly statementMs: number },
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'santong: catalogue',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
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

/**
 * What an error of a session with a department's database says of the database; the error itself where it says nothing.
 * Told by its members: an error of the network is not always of this realm's class.
 */
export function failureOf(error: unknown): unknown {
  const code = codeOf(error);
  if (REFUSED.test(code)) return new SourceFailure('SourceRefused', error);
  const { message = '' } = error as { readonly message?: string };
  const isAway = /^(?:08|57|53|E[A-Z])/.test(code) || /timeout|terminated|connection/i.test(message);
  return isAway ? new SourceFailure('SourceUnreachable', error) : error;
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string } | undefined)?.code ?? '';
}
