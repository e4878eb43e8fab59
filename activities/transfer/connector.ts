import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Side } from '../../domain/delivery-failure.ts';
import { CANONICAL_SETTINGS, withSettings } from '../../sources/session-settings.ts';
import { failureOf, TransferFailure } from './failures.ts';

/** A department's data source: where it is, without being open. Anything that opens a session can stand in its place. */
export interface DataSource {
  readonly sourceId: string;
  /** `label` shows in the department's own monitoring. Rejects with a TransferFailure. */
  open(label: string, signal?: AbortSignal, settings?: SessionSettings): Promise<Session>;
}

/**
 * Settings of a session that are secret. They are said as the connection begins and are in no statement and no parameter
 * of one, so no log that a database keeps of its statements has them. Names and values are plain words.
 */
export type SessionSettings = Readonly<Record<string, string>>;

/** One connection to one side. All its errors are TransferFailures of that side. */
export interface Session {
  readonly side: Side;
  rows<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** Runs several statements, without values. */
  run(text: string): Promise<void>;
  /**
   * Commits. A signal that comes before stops it; one that comes during it does not, so that nobody is left in doubt of
   * whether it was done.
   */
  commit(): Promise<void>;
  copyOut(text: string): CopyOut;
  copyIn(text: string): CopyIn;
  /** Ends the connection, waiting for a good end only if nothing is under way. */
  close(): Promise<void>;
  /** Cuts the connection at once: the server rolls back what was under way. */
  abort(): void;
}

export type CopyOut = Readable & { readonly rowCount: number };
export type CopyIn = Writable & { readonly rowCount: number };

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
  const commit = async (): Promise<void> => {
    if (signal?.aborted === true) throw new TransferFailure('Cancelled');
    signal?.removeEventListener('abort', abort);
    await run('commit');
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
    rows,
    run,
    commit,
    close,
    abort,
    copyOut: (text) => client.query(copyTo(text)),
    copyIn: (text) => client.query(copyFrom(text)),
  };
}

/** pg reports the loss of a connection twice: by the server's own words, then to whoever waits as a general remark. */
function isVague(error: unknown): boolean {
  return error instanceof Error && !('code' in error);
}
