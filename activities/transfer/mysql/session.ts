import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import type { Side } from '../../../domain/delivery-failure.ts';
import { connectTo, rowsOf, SESSION_SETTINGS } from '../../../sources/mysql/connection.ts';
import type { DataSource, Session, SessionSettings } from '../connector.ts';
import { failureOf, TransferFailure } from '../failures.ts';
import { MYSQL } from './dialect.ts';
import { createRowsIn } from './rows-in.ts';
import { createRowsOut } from './rows-out.ts';

/** A MySQL or MariaDB database behind an address such as `mysql://user:password@host:port/database?tls=verified`. */
export function mysqlSource(side: Side, sourceId: string, url: string, stream?: () => Socket): DataSource {
  return {
    sourceId,
    open: (label, signal, settings) => openMysql({ side, url, label, signal, stream, settings }),
  };
}

interface Opening {
  readonly side: Side;
  readonly url: string;
  readonly label: string;
  readonly signal: AbortSignal | undefined;
  readonly stream: (() => Socket) | undefined;
  readonly settings: SessionSettings | undefined;
}

async function openMysql({ side, url, label, signal, stream, settings = {} }: Opening): Promise<Session> {
  if (signal?.aborted === true) throw new TransferFailure('Cancelled');
  const connection = connectTo({ url, label, stream });
  let lost: Error | undefined;
  let underWay = 0;
  // Without a listener a connection that the server ends would end the worker.
  connection.on('error', (error: Error) => {
    lost ??= error;
  });
  const abort = () => {
    lost ??= new Error('Connection terminated: the delivery was stopped');
    connection.destroy();
  };
  signal?.addEventListener('abort', abort, { once: true });
  const failed = (error: unknown) => failureOf(lost ?? error, side);
  const rows = async <T>(text: string, values: readonly unknown[] = []): Promise<T[]> => {
    if (lost !== undefined) throw failed(lost);
    underWay += 1;
    try {
      return await unlessLost(connection, rowsOf<T>(connection, text, values));
    } catch (error) {
      throw failed(error);
    } finally {
      underWay -= 1;
    }
  };
  const run = async (text: string): Promise<void> => {
    await rows(text);
  };
  const commit = async (text = 'commit'): Promise<void> => {
    if (signal?.aborted === true) throw new TransferFailure('Cancelled');
    signal?.removeEventListener('abort', abort);
    try {
      await run(text);
    } catch (error) {
      // What was refused may be tried again, and stopped before that.
      signal?.addEventListener('abort', abort, { once: true });
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', abort);
    if (lost !== undefined || underWay > 0) return connection.destroy();
    await unlessLost(connection, new Promise<void>((resolve) => connection.end(() => resolve()))).catch(
      () => undefined,
    );
  };
  /** Counts a stream as under way until it has ended, one way or the other. */
  const counted = <S extends NodeJS.EventEmitter>(stream: S): S => {
    underWay += 1;
    stream.once('close', () => (underWay -= 1));
    return stream;
  };
  const session: Session = {
    side,
    dialect: MYSQL,
    rows,
    run,
    commit,
    close,
    abort,
    copyOut: (query) => counted(createRowsOut(connection, query, failed)),
    copyIn: (into) => counted(createRowsIn(session, into)),
  };
  try {
    for (const setting of SESSION_SETTINGS) await run(setting);
    await tell(session, settings);
  } catch (error) {
    abort();
    await close();
    throw error;
  }
  return session;
}

/** The driver leaves who waits on a connection that is cut from this side without an answer. */
async function unlessLost<T>(connection: Connection, answer: Promise<T>): Promise<T> {
  const { stream } = connection as Connection & { readonly stream: Socket };
  let closed = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    closed = () => setImmediate(() => reject(new Error('Connection terminated')));
    if (stream.destroyed) closed();
    stream.once('close', closed);
  });
  try {
    return await Promise.race([answer, end]);
  } finally {
    stream.removeListener('close', closed);
  }
}

const LOGS = `show global variables where
  variable_name in ('general_log', 'server_audit_logging', 'audit_log_policy') and value not in ('OFF', '0', 'NONE')`;

/**
 * Secrets as variables of the session. They can only be told by a statement: a server that writes down every statement is
 * not told them.
 */
async function tell(session: Session, settings: SessionSettings): Promise<void> {
  const secrets = Object.entries(settings);
  if (secrets.length === 0) return;
  const logs = await session.rows<{ Variable_name: string }>(LOGS);
  if (logs.length > 0) {
    const detail = `${logs.map(({ Variable_name }) => Variable_name).join(', ')} would keep the salt of the pseudonyms`;
    throw new TransferFailure('AccessRefused', { side: session.side, detail });
  }
  await session.run(`set ${secrets.map(([name, value]) => `@${name} = '${value}'`).join(', ')}`);
}
