import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectTo, rowsOf } from '../../sources/mysql/connection.ts';
import { programPath } from './system-programs.mjs';
import { unique } from './servers.ts';
import { until } from './until.ts';

/** A MariaDB server of a test's own, in a folder of its own, without a network unless asked for. */
export interface MariaDb {
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** A fresh database with an account of its own that owns it alone. */
  database(): Promise<MariaDatabase>;
  /** Runs a statement as the superuser. */
  admin<T>(text: string): Promise<T[]>;
  /** Ends the server without a word to it, and starts it again on what it has left on the disk. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export interface MariaDatabase {
  readonly name: string;
  readonly user: string;
  readonly password: string;
  /** The address for the account that owns the database. */
  readonly url: string;
  /** Runs a statement as that account, in MySQL's usual words. Values come as texts. */
  run<T = Record<string, string | null>>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** @param options of `mariadbd`, such as `--general-log=1` */
export async function startMariaDb(options: readonly string[] = []): Promise<MariaDb> {
  const folder = mkdtempSync('/tmp/santong-mariadb-');
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const user = userInfo().username;
  const installer = required('mariadb-install-db');
  await promisify(execFile)(installer, [
    '--no-defaults',
    `--datadir=${data}`,
    `--user=${user}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const server = spawn(
      required('mariadbd'),
      [
        '--no-defaults',
        `--datadir=${data}`,
        `--socket=${socket}`,
        `--user=${user}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        // A crash of the program, and not of the machine, is what is tested.
        '--innodb-flush-log-at-trx-commit=2',
        '--innodb-buffer-pool-size=64M',
        // Not that of the sessions that the platform opens.
        '--default-time-zone=+08:00',
        '--log-warnings=0',
        ...options,
      ],
      { stdio: 'ignore' },
    );
    process.once('exit', () => server.kill('SIGKILL'));
    await until(() =>
      admin('select 1')
        .then(() => true)
        .catch(() => false),
    );
    return server;
  };
  const root = `mysql://root@localhost/mysql?socket=${encodeURIComponent(socket)}`;
  const admin = <T>(text: string): Promise<T[]> => asked<T>(root, text);
  let server = await start();
  const ended = (): Promise<void> =>
    server.exitCode !== null || server.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => server.once('exit', () => resolve()));
  return {
    port,
    admin,
    async database() {
      const name = unique('dept');
      const password = randomBytes(12).toString('base64url');
      await admin(`create database ${name} character set utf8mb4`);
      await admin(`create user ${name}@'%' identified by '${password}'`);
      await admin(`grant all on ${name}.* to ${name}@'%'`);
      const url = `mysql://${name}:${password}@127.0.0.1:${port}/${name}`;
      return { name, user: name, password, url, run: (text, values) => asked(url, text, values) };
    },
    async crash() {
      server.kill('SIGKILL');
      await ended();
      server = await start();
    },
    async stop() {
      server.kill('SIGTERM');
      await ended();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function asked<T>(url: string, text: string, values?: readonly unknown[]): Promise<T[]> {
  const connection = connectTo({ url, label: 'test' });
  connection.on('error', () => undefined);
  try {
    return await rowsOf<T>(connection, text, values);
  } finally {
    connection.destroy();
  }
}

function required(program: string): string {
  const path = programPath(program);
  if (path === undefined) throw new Error(`${program} is not installed: the tests need MariaDB (mariadb-server-core)`);
  return path;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
