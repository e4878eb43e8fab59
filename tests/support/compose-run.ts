import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { projectRoot } from '../../config.ts';
import { freePort } from '../../embedded/free-port.ts';
import { findPlace } from '../../embedded/postgres-place.ts';
import { newPassword, startPostgres } from '../../embedded/postgres.ts';
import { findTemporal } from '../../embedded/temporal-binary.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { composeFile, copiesOf, environmentOf, projectFile, serviceOf, statementsOf } from './compose.ts';

export interface ComposedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  output(): string;
  /** Sends the signal; resolves with the exit code, or with the signal's name where that ended it. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** What docker-compose.yml describes, without Docker: the same settings and commands, other addresses. */
export interface Composition {
  /** Where accounts.json lies: the volume of the service `seed`. */
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly temporalAddress: string;
  adminUrl(database?: string): string;
  /** The environment of a service, its hosts replaced by this machine's addresses. */
  environment(service: string): Record<string, string>;
  /** Runs a service that ends by itself. @throws with what it said when it fails */
  runToEnd(service: string): Promise<void>;
  /** Runs the script of a service that only needs the `temporal` program. @throws with what it said when it fails */
  runScript(service: string): Promise<void>;
  start(service: string): ComposedProcess;
  /** Whether the service's own health check passes. */
  isHealthy(service: string): Promise<boolean>;
  close(): Promise<void>;
}

const run = promisify(execFile);

/**
 * Starts a PostgreSQL that listens on TCP, with the roles and databases that the compose file's own script makes, and a
 * Temporal server; lays out the files of the image. The Temporal server here is the development server, which knows no
 * PostgreSQL persistence: for the processes of the platform there is no difference, for the server's data there is.
 */
export async function startComposition(): Promise<Composition> {
  const folder = mkdtempSync('/tmp/santong-compose-');
  const file = composeFile();
  const secrets = ['POSTGRES_PASSWORD', 'PLATFORM_DB_PASSWORD', 'DEPARTMENTS_DB_PASSWORD', 'TEMPORAL_DB_PASSWORD'];
  const variables = {
    ...Object.fromEntries(secrets.map((name) => [name, newPassword()])),
    SANTONG_TEMPORAL_NAMESPACE: 'shenyang',
    SANTONG_SECRET_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
  };
  const [postgresPort, apiPort] = [await freePort(), await freePort()];
  const described = serviceOf(file, 'postgres');
  const given = environmentOf(described, variables);
  const program = await findTemporal({ cacheDir: join(projectRoot, '.cache'), projectRoot });
  const [postgres, temporal] = await Promise.all([
    startPostgres({
      place: findPlace(folder),
      logFile: join(folder, 'postgres.log'),
      password: given['POSTGRES_PASSWORD'] ?? '',
      port: postgresPort,
      settings: ['wal_level=replica', 'max_wal_senders=10', ...settingsOf(described.command ?? [])],
    }),
    startTemporal({
      program,
      logFile: join(folder, 'temporal.log'),
      namespace: 'default',
      uiPort: false,
      retentionDays: 1,
    }),
  ]);
  const admin = new pg.Client({ connectionString: postgres.adminUrl() });
  await admin.connect();
  for (const statement of statementsOf(projectFile('deploy/postgres-init.sql'), given)) await admin.query(statement);
  await admin.end();

  const image = layOutImage(join(folder, 'image'));
  const dataDir = join(folder, 'accounts');
  mkdirSync(dataDir);
  const here = (text: string): string =>
    text
      .replace('@postgres:5432/', `@127.0.0.1:${postgresPort}/`)
      .replace('temporal:7233', temporal.address)
      .replace(/^0\.0\.0\.0$/, '127.0.0.1')
      .replace(/\b8080\b/, String(apiPort))
      .replace('/var/lib/santong', dataDir);
  const environment = (name: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(environmentOf(serviceOf(file, name), variables)).map(([key, text]) => [key, here(text)]),
    );
  const path = [dirname(program), process.env['PATH']].join(delimiter);
  const options = (name: string) => ({ cwd: image, env: { PATH: path, ...environment(name) } });
  const started: ComposedProcess[] = [];
  return {
    dataDir,
    environment,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    temporalAddress: temporal.address,
    adminUrl: postgres.adminUrl,
    runToEnd: (name) => ended(name, run(process.execPath, commandOf(name), options(name))),
    runScript(name) {
      const script = serviceOf(file, name).command?.[0] ?? '';
      return ended(name, run('/bin/sh', [join(projectRoot, script)], options(name)));
    },
    start(name) {
      const one = watched(spawn(process.execPath, commandOf(name), options(name)));
      started.push(one);
      return one;
    },
    async isHealthy(name) {
      const [, , ...args] = serviceOf(file, name).healthcheck?.test ?? [];
      return run(process.execPath, args.map(here), { cwd: image }).then(
        () => true,
        () => false,
      );
    },
    async close() {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all([temporal.stop(), postgres.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function commandOf(name: string): string[] {
    const [program, ...args] = serviceOf(file, name).command ?? [];
    if (program !== 'node') throw new Error(`${name} runs ${program}, not node`);
    return args;
  }
}

async function ended(name: string, running: Promise<unknown>): Promise<void> {
  await running.catch((error: { stderr?: string }) => {
    throw new Error(`${name}: ${error.stderr}`);
  });
}

/** Waits until something is so. @throws with what a person needs to see when it has not become so in time */
export async function becomes(what: () => Promise<boolean> | boolean, why: () => string, withinMs = 30_000) {
  for (const deadline = Date.now() + withinMs; !(await what()); await sleep(100)) {
    if (Date.now() > deadline) throw new Error(why());
  }
}

/** The files that the Dockerfile copies into the image, and no others: what is not copied is not there. */
function layOutImage(image: string): string {
  for (const { sources, target } of copiesOf('runtime')) {
    const source = join(projectRoot, (sources[0] ?? '').replace('/app/', ''));
    if (!existsSync(source)) throw new Error(`${source} is not there: npm run build`);
    const place = join(image, target);
    mkdirSync(dirname(place), { recursive: true });
    if (target === 'node_modules') symlinkSync(source, place);
    else cpSync(source, place, { recursive: true });
  }
  return image;
}

/** `postgres -c name=value …` as settings. */
function settingsOf(command: readonly string[]): string[] {
  return command.filter((word) => word.includes('='));
}

function watched(child: ChildProcess): ComposedProcess {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const { pid } = child;
  if (pid === undefined) throw new Error('The process could not be started');
  return {
    child,
    pid,
    output: () => text,
    async end(signal) {
      child.kill(signal);
      const [code, by] = await exited;
      return code ?? by ?? 'unknown';
    },
  };
}
