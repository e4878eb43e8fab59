import pg from 'pg';
import type { AddressGuard } from '../notices/addresses.ts';
import { failureOf } from './failure.ts';
import { guardedSocket } from './guarded-socket.ts';
import { CANONICAL_SETTINGS, withSettings } from './session-settings.ts';

/** Connections to a department's database that are kept between questions, read-only. */
export interface SourcePool {
  /** Rows as texts in the order of their columns, null where there is none. @throws {SourceFailure} TimedOut and others */
  texts(text: string): Promise<(string | null)[][]>;
  rows<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
  end(): Promise<void>;
}

export interface PoolOptions {
  readonly url: string;
  /** Absent: whoever runs the platform has named the address. */
  readonly guard?: AddressGuard;
  /** How many connections at the most: no department's system is overrun by calls. */
  readonly most: number;
  /** For a place in the pool, and for each statement, in milliseconds. */
  readonly timeoutMs: number;
  /** Secret ones, said as a connection begins. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Connections that nobody used for so long are closed, in milliseconds. */
const IDLE_MS = 30_000;

const READ_ONLY = 'set default_transaction_read_only = on';
/** An index on the key is walked rather than the table sorted; answers are too small to be worth compiling for. */
const PLANNER = ['set random_page_cost = 1.1', 'set jit = off'];

const AS_TEXT = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

export function sourcePool({ url, guard, most, timeoutMs, settings }: PoolOptions): SourcePool {
  const pool = new pg.Pool({
    connectionString: withSettings(url, settings),
    application_name: 'santong: gateway',
    max: most,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    // A server that has gone silent does not end its own statements.
    query_timeout: timeoutMs + 500,
    keepAlive: true,
    ...(guard ? { stream: guardedSocket(guard) } : {}),
  });
  // A connection that the server ends while nobody uses it is no failure of anybody.
  pool.on('error', () => undefined);
  // Sent before any question is, on the same connection.
  pool.on('connect', (client) => {
    client.query([...CANONICAL_SETTINGS, ...PLANNER, READ_ONLY].join('; ')).catch(() => undefined);
  });
  return {
    async texts(text) {
      try {
        const { rows } = await pool.query<(string | null)[]>({ text, rowMode: 'array', types: AS_TEXT });
        return rows;
      } catch (error) {
        throw failureOf(error);
      }
    },
    async rows<T>(text: string, values: readonly unknown[] = []) {
      try {
        const { rows } = await pool.query<T & pg.QueryResultRow>(text, [...values]);
        return rows;
      } catch (error) {
        throw failureOf(error);
      }
    },
    end: () => pool.end(),
  };
}
