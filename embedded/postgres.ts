import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresPlace } from './postgres-place.ts';
import { type Running, endAll, executableOf, launch, startOf, stop, workingDirectoryOf } from './process.ts';
import { explainDisk } from './disk.ts';
import { ProgramFailed, readLog, SetUpError } from './set-up-error.ts';

export interface PostgresOptions {
  readonly place: PostgresPlace;
  readonly logFile: string;
  /** The superuser's password, used when the data directory is made. */
  readonly password: string;
  /** A folder for the socket that outlives one run of the server, so that its address stays; absent: one for this run. */
  readonly socketDir?: string;
  /** A port of 127.0.0.1 to listen at besides the socket; absent: the socket alone. */
  readonly port?: number;
  /** Further settings, `name=value`; they win over ours. */
  readonly settings?: readonly string[];
}

export interface Postgres {
  readonly process: Running;
  /** The superuser's address of one database; the default is `postgres`. */
  adminUrl(database?: string): string;
  /** The address of a database for some other role. */
  url(role: string, password: string, database: string): string;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/**
 * Our settings: one machine, no replication. The address is a socket only, so nobody reaches it over the network.
 * synchronous_commit stays on, as Temporal holds on to what this database has confirmed.
 */
const SETTINGS = [
  'listen_addresses=',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=120',
  'shared_buffers=128MB',
  'max_wal_size=2GB',
  'log_timezone=UTC',
  'timezone=UTC',
];

/**
 * Starts PostgreSQL, making its data directory first where there is none, and waits until it answers.
 * A server that an earlier start left running on the same data is stopped first; a pid file that is stale is removed.
 * @throws {SetUpError} when it does not come up, with the end of its log
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { place, logFile } = options;
  const data = join(place.home, 'data');
  try {
    if (!existsSync(join(data, 'PG_VERSION'))) await initialise(options, data);
    for (let attempt = 1; ; attempt += 1) {
      await clearPidFile(options, data);
      const started = await tryStart(options, data);
      if (typeof started !== 'string') return started;
      // After kill -9 of the server its children may hold the shared memory for some moments.
      if (attempt >= 6)
        throw new ProgramFailed(
          [`PostgreSQL 无法启动（${started}）。`, `PostgreSQL does not start (${started}).`],
          [readLog(logFile)],
          tail(logFile),
        );
      await sleep(100 * 2 ** attempt);
    }
  } catch (error) {
    throw explainDisk(error, place.home);
  }
}

/** Makes the data directory beside its place and renames it, for initdb refuses a folder that a cut-off run left behind. */
async function initialise({ place, password }: PostgresOptions, data: string): Promise<void> {
  const beside = join(place.home, 'data.part');
  const passwordFile = join(place.home, 'password.part');
  mkdirSync(place.home, { recursive: true, mode: 0o700 });
  rmSync(beside, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.user !== undefined) chownSync(passwordFile, place.user.uid, place.user.gid);
  try {
    await run(
      place.programs.initdb,
      [
        ...['-D', beside, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-instructions'],
        // Under the locale C the trigrams of Chinese text come out empty, and nothing says so.
        ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8'],
      ],
      { ...asUser(place), cwd: '/' },
    );
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error);
    throw explainDisk(new Error(`initdb failed: ${said.trim()}`), place.home);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(beside, data);
}

/** The running server, or why it ended. */
async function tryStart(options: PostgresOptions, data: string): Promise<Postgres | string> {
  const { place, logFile, password, settings = [] } = options;
  const socketDir = options.socketDir ?? makeSocketDir(place);
  const tcp = options.port === undefined ? [] : ['listen_addresses=127.0.0.1', `port=${options.port}`];
  const all = [...SETTINGS, `unix_socket_directories=${socketDir}`, ...tcp, ...settings];
  const running = await launch(place.programs.postgres, ['-D', data, ...all.flatMap((setting) => ['-c', setting])], {
    ...asUser(place),
    cwd: '/',
    logFile,
  });
  const port = options.port === undefined ? '' : `:${options.port}`;
  const url = (role: string, secret: string, database: string) =>
    `postgresql://${role}:${encodeURIComponent(secret)}@localhost${port}/${database}?host=${encodeURIComponent(socketDir)}`;
  const adminUrl = (database = 'postgres') => url('postgres', password, database);
  let ended: string | undefined;
  void running.exited.then((how) => {
    ended = how;
    if (options.socketDir === undefined) rmSync(socketDir, { recursive: true, force: true });
  });
  const deadline = Date.now() + 120_000;
  while (ended === undefined) {
    const fault = await ask(adminUrl());
    if (fault === undefined) return { process: running, adminUrl, url, stop: () => stop(running, 'SIGINT', 30_000) };
    if (fault.code === '28P01' || Date.now() > deadline) {
      await stop(running, 'SIGINT', 10_000);
      throw new SetUpError(
        [`PostgreSQL 已运行，但拒绝登录：${fault.message}`, `PostgreSQL runs but does not let us in: ${fault.message}`],
        [
          [
            '数据文件夹中的 secrets.json 必须是建立该数据库时的那一份：从备份恢复它',
            'the file secrets.json of the data folder must be the one its database was made with: restore it',
          ],
        ],
      );
    }
    await sleep(20);
  }
  return ended;
}

async function ask(url: string): Promise<{ code?: string; message: string } | undefined> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks between connecting and ending is told here; unheard, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return error as { code?: string; message: string };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * PostgreSQL believes the number in its pid file when a process of the same user has it, whatever that process is, and an
 * empty file blocks it too. So the file is believed only when program and working directory are those of this server.
 */
async function clearPidFile({ place, socketDir }: PostgresOptions, data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const startedAt = startOf(pid);
  if (startedAt !== undefined && isOurServer(pid, place, data)) {
    // SIGINT is its fast shutdown, what pg_ctl stop sends.
    await endAll([{ pid, startedAt }], 'SIGINT', 30_000);
  }
  rmSync(file, { force: true });
  // The fifth line is the socket's folder, which a killed start could not remove.
  const left = lines[4] ?? '';
  if (left !== socketDir && /^\/tmp\/santong-\w{6}$/.test(left)) rmSync(left, { recursive: true, force: true });
}

function isOurServer(pid: number, place: PostgresPlace, data: string): boolean {
  const program = executableOf(pid);
  if (program === undefined || !/\/postgres( \(deleted\))?$/.test(program)) return false;
  const folder = workingDirectoryOf(pid);
  return folder === undefined ? program === realpathSync(place.programs.postgres) : folder === realpathSync(data);
}

/** A socket's path may have 107 bytes at most, so the folder is a short one of its own, closed to others. */
export function makeSocketDir(place: PostgresPlace): string {
  const folder = mkdtempSync('/tmp/santong-');
  if (place.user !== undefined) chownSync(folder, place.user.uid, place.user.gid);
  return folder;
}

/** A password that needs no escaping anywhere. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function asUser(place: PostgresPlace): { uid?: number; gid?: number } {
  return place.user === undefined ? {} : { uid: place.user.uid, gid: place.user.gid };
}

export function tail(file: string, lines = 12): string {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
