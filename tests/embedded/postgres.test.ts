import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findPlace } from '../../embedded/postgres-place.ts';
import { type Postgres, startPostgres } from '../../embedded/postgres.ts';
import { isRunning } from '../../embedded/process.ts';

let folder: string;
let running: Postgres[] = [];
let others: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync('/tmp/santong-embedded-');
});

afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  for (const other of others) other.kill('SIGKILL');
  running = [];
  others = [];
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Postgres> {
  const postgres = await startPostgres({
    place: findPlace(folder),
    logFile: join(folder, 'log'),
    password: 'of-the-test',
  });
  running.push(postgres);
  return postgres;
}

async function ask(postgres: Postgres, query: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: postgres.adminUrl() });
  await client.connect();
  try {
    return (await client.query(query)).rows[0];
  } finally {
    await client.end();
  }
}

const data = (): string => join(findPlace(folder).home, 'data');
const pidFile = (): string => join(data(), 'postmaster.pid');

test('the server is reached by its socket only, and keeps what it was told after a clean stop', async () => {
  const first = await start();
  await ask(first, 'create table kept (id integer)');
  expect(await ask(first, 'show listen_addresses')).toEqual({ listen_addresses: '' });
  expect(await ask(first, 'show server_encoding')).toEqual({ server_encoding: 'UTF8' });
  await first.stop();
  expect(isRunning(first.process)).toBe(false);
  expect(existsSync(pidFile())).toBe(false);
  expect(await ask(await start(), "select to_regclass('kept')::text as found")).toEqual({ found: 'kept' });
});

test('a wrong password is refused', async () => {
  const postgres = await start();
  const client = new pg.Client({ connectionString: postgres.url('postgres', 'guessed', 'postgres') });
  await expect(client.connect()).rejects.toThrow(/password authentication failed/);
});

test('a server that was killed starts again with everything it confirmed', async () => {
  const first = await start();
  await ask(first, 'create table kept as select 7 as id');
  process.kill(first.process.pid, 'SIGKILL');
  await first.process.exited;
  expect(await ask(await start(), 'select id from kept')).toEqual({ id: 7 });
});

test('a server that an earlier start left running is stopped before another is started on its data', async () => {
  const first = await start();
  await ask(first, 'create table kept as select 7 as id');
  const second = await start();
  expect(isRunning(first.process)).toBe(false);
  expect(await ask(second, 'select id from kept')).toEqual({ id: 7 });
});

test.each([
  ['is empty', () => ''],
  ['names a process that is gone', (text: string) => text.replace(/^\d+/, '4194000')],
  [
    'names another process of the same user, which stays alive',
    (text: string) => text.replace(/^\d+/, String(startBystander().pid)),
  ],
])('a pid file that %s does not block the start', async (_, change) => {
  const first = await start();
  const text = readFileSync(pidFile(), 'utf8');
  await first.stop();
  writeFileSync(pidFile(), change(text));
  expect(await ask(await start(), 'select 1 as one')).toEqual({ one: 1 });
  for (const other of others) expect(other.exitCode ?? other.signalCode).toBeNull();
});

test('a data folder whose making was cut off is made anew', async () => {
  const { home } = findPlace(folder);
  mkdirSync(join(home, 'data.part', 'base'), { recursive: true });
  writeFileSync(join(home, 'data.part', 'half'), '');
  expect(await ask(await start(), 'select 1 as one')).toEqual({ one: 1 });
});

test('data that the password does not open is one clear error, not a wait', async () => {
  await (await start()).stop();
  const wrong = startPostgres({ place: findPlace(folder), logFile: join(folder, 'log'), password: 'another' });
  await expect(wrong).rejects.toThrow(/does not let us in[\s\S]*secrets\.json/);
});

/** A process of the user that PostgreSQL runs as: the one case in which PostgreSQL itself believes the number. */
function startBystander(): ChildProcess {
  const { user } = findPlace(folder);
  const child = spawn('sleep', ['120'], user === undefined ? {} : { uid: user.uid, gid: user.gid });
  others.push(child);
  return child;
}
