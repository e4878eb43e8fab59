import type { Socket } from 'node:net';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Side } from '../../../domain/delivery-failure.ts';
import type { RowQuery } from '../../../sources/granted-sql.ts';
import { CANONICAL_SETTINGS, withSettings } from '../../../sources/session-settings.ts';
import type { DataSource, Filling, Session } from '../connector.ts';
import { failureOf, TransferFailure } from '../failures.ts';
import { POSTGRESQL } from './dialect.ts';

/** A delivery takes the time that it takes. */
const SETTINGS = [...CANONICAL_SETTINGS, 'set statement_timeout = 0'].join('; ');

const CONNECT_WITHIN_MS = 10_000;

/** A PostgreSQL database behind an address such as `postgresql://user:password@host/database?host=/socket/folder`. */
export function postgresSource(side: Side, sourceId: string, url: string, stream?: () => Socket): DataSource {
  return {
    sourceId,
    open: (label, signal, settings) => openPostgres({ side, url: withSettings(url, settings), label, signal, stream }),
  };
}

interface Opening {
  readonly side: Side;
  readonly url: string;
  readonly label: string;
  readonly signal: AbortSignal | undefined;
  /** Makes the socket that is connected through; undefined: any address will do. */
  readonly stream: (() => Socket) | undefined;
}

async function openPostgres({ side, url, label, signal, stream }: Opening): Promise<Session> {
  if (signal?.aborted === true) throw new TransferFailure('Cancelled');
  const client = new pg.Client({
    connectionString: url,
    application_name: label.slice(0, 63),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(stream ? { stream } : {}),
  });
  let lost: Error | undefined;
  // Without a listener a connection that the server ends would end the worker.
  client.on('error', (error) => {
    lost ??= error;
  });
  const abort = () => {
    client.connection.stream.destroy(new Error('Connection terminated: the delivery was stopped'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  const failed = (error: unknown) => failureOf(isVague(error) ? (lost ?? error) : error, side);
  const rows = async <T>(text: string, values: readonly unknown[] = []): Promise<T[]> => {
    try {
      const result = await client.query<T & pg.QueryResultRow>(text, [...values]);
      return result.rows;
    } catch (error) {
      throw failed(error);
    }
  };
  const run = async (text: string): Promise<void> => {
    try {
      await client.query(text);
    } catch (error) {
      throw failed(error);
    }
  };
  const commit = async (text = 'commit'): Promise<void> => {
    if (signal?.aborted === true) throw new TransferFailure('Cancelled');
    signal?.removeEventListener('abort', abort);
    await run(text);
  };
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', abort);
    if (lost !== undefined) return abort();
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    await client.query(SETTINGS);
  } catch (error) {
    abort();
    await close();
    throw failed(error);
  }
  return {
    side,
    dialect: POSTGRESQL,
    rows,
    run,
    commit,
    close,
    abort,
    copyOut: ({ sql }: RowQuery) => client.query(copyTo(`copy (${sql}) to stdout with (format text)`)),
    copyIn: (into) => client.query(copyFrom(fillingCopy(into))),
  };
}

/** FREEZE is allowed where the table was created in this transaction, and spares a vacuum. */
function fillingCopy({ table, columns, isNew }: Filling): string {
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  return `copy ${table} (${names}) from stdin with (format text${isNew ? ', freeze' : ''})`;
}

/** pg reports the loss of a connection twice: by the server's own words, then to whoever waits as a general remark. */
function isVague(error: unknown): boolean {
  return error instanceof Error && !('code' in error);
}
