import type { Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2';

const CONNECT_WITHIN_MS = 10_000;
const PORT = 3306;

/** How a MySQL or MariaDB database is reached. */
export interface MysqlPlace {
  /** `mysql://user:password@host:port/database`, with `?tls=encrypted|verified` or `?socket=/path`. */
  readonly url: string;
  /** Shows in the department's own monitoring. */
  readonly label: string;
  /** Makes the socket that is connected through; absent: any address will do. */
  readonly stream?: (() => Socket) | undefined;
}

/**
 * Begins to connect; the first statement waits for it. Values come as texts and NULL, exact whatever their type. One
 * statement at a time: what a name or a value might smuggle in is no second one.
 */
export function connectTo({ url, label, stream }: MysqlPlace): Connection {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socketPath = searchParams.get('socket');
  const at: ConnectionOptions = socketPath === null ? { host, port: Number(port || PORT) } : { socketPath };
  const tls = searchParams.get('tls');
  const isVerified = tls === 'verified';
  return createConnection({
    ...at,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: 'utf8mb4_bin',
    connectTimeout: CONNECT_WITHIN_MS,
    connectAttributes: { program_name: label.slice(0, 63) },
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    ...(tls === null ? {} : { ssl: { rejectUnauthorized: isVerified, verifyIdentity: isVerified } }),
    // The driver connects no socket that it has not made.
    ...(stream ? { stream: () => connected(stream(), socketPath ?? Number(port || PORT), host) } : {}),
    typeCast: (field) => field.string(),
  });
}

function connected(socket: Socket, at: string | number, host: string): Socket {
  // As the driver does for its own.
  socket.setNoDelay(true);
  return typeof at === 'number' ? socket.connect(at, host) : socket.connect(at);
}

/**
 * What makes a session read and write the same whatever its server is set to: names in `"`, texts joined by `||`, wrong
 * values refused and not bent, times in UTC, texts in UTF-8 and compared byte by byte, no limits that cut a result short.
 * MariaDB and MySQL each read what is meant for them alone.
 */
export const SESSION_SETTINGS: readonly string[] = [
  'set names utf8mb4 collate utf8mb4_bin',
  `set session sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',
     time_zone = '+00:00', autocommit = 1, sql_select_limit = default, sql_big_selects = 1, max_sort_length = 4096,
     net_write_timeout = 3600, net_read_timeout = 3600, wait_timeout = 28800
     /*!50708 , max_execution_time = 0 */ /*M!100100 , max_statement_time = 0, default_regex_flags = '' */`,
  'set session transaction isolation level repeatable read',
];

/** Runs one statement. Rows by the names of their columns, all values as texts. */
export function rowsOf<T>(connection: Connection, text: string, values: readonly unknown[] = []): Promise<T[]> {
  return new Promise((resolve, reject) => {
    connection.query(text, [...values], (error, rows) => {
      if (error) reject(error);
      else resolve(Array.isArray(rows) ? (rows as T[]) : []);
    });
  });
}
