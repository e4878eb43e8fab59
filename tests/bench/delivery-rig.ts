import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Grant } from '../../domain/grant.ts';
import { findPlace } from '../../embedded/postgres-place.ts';
import { newPassword, startPostgres } from '../../embedded/postgres.ts';
import type { DeliveryTask, DeliveryTold } from './delivery-worker.ts';
import { FLIGHTS, loadFlights } from './flights.ts';

export const ROWS = 2_000_000;

export const GRANT: Grant = {
  id: 'bench',
  caseId: 'bench',
  requester: 'statistics',
  provider: 'transport',
  entryId: FLIGHTS.id,
  entryVersion: FLIGHTS.version,
  items: FLIGHTS.items.map(({ id }) => id),
  masks: {},
  rowScope: { all: [] },
  mode: 'batch',
  purpose: 'bench',
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
};

export interface DeliveryRig {
  readonly sourceUrl: string;
  readonly targetUrl: string;
  /** Delivers in a process that does nothing else. Rejects when it fails. */
  deliver(task: Omit<DeliveryTask, 'sourceUrl' | 'targetUrl'>): Promise<Exclude<DeliveryTold, { error: string }>>;
  /** So that no run pays for what another one has written. */
  checkpoint(): Promise<void>;
}

/** Two databases of one embedded server, two million real rows in the source, and a process that delivers. */
export async function withRig<T>(say: (line: string) => void, work: (rig: DeliveryRig) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'santong-bench-'));
  const place = findPlace(folder);
  const postgres = await startPostgres({ place, logFile: join(folder, 'postgres.log'), password: newPassword() });
  const url = (database: string): string => postgres.adminUrl(database);
  let worker: ChildProcess | undefined;
  try {
    await query(url('postgres'), 'create database provider', 'create database requester');
    say(`filling ${ROWS.toLocaleString('en-US')} rows`);
    await withClient(url('provider'), (client) => loadFlights(client, ROWS));
    const [sourceUrl, targetUrl] = [url('provider'), url('requester')];
    const deliverer = fork(join(import.meta.dirname, 'delivery-worker.ts'));
    worker = deliverer;
    return await work({
      sourceUrl,
      targetUrl,
      async deliver(task) {
        deliverer.send({ ...task, sourceUrl, targetUrl });
        const [told] = (await once(deliverer, 'message')) as [DeliveryTold];
        if ('error' in told) throw new Error(told.error);
        return told;
      },
      checkpoint: () => query(url('postgres'), 'checkpoint'),
    });
  } finally {
    worker?.kill();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    if (place.home.startsWith(tmpdir())) rmSync(place.home, { recursive: true, force: true });
  }
}

/** Seconds from the start of both programs to the end of the later one. The rows come in no order, into an empty table. */
export async function psqlToPsql({ sourceUrl, targetUrl }: DeliveryRig): Promise<number> {
  requirePsql();
  const columns = GRANT.items.join(', ');
  await withClient(sourceUrl, async (source) => {
    const { rows } = await source.query<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
        where attrelid = 'flights'::regclass and attnum > 0 order by attnum`,
    );
    const definitions = rows.map(({ name, type }) => `${name} ${type}`).join(', ');
    await query(targetUrl, 'drop table if exists copied', `create table copied (${definitions})`);
  });
  const start = performance.now();
  // A pipe of the shell, so that this process does not stand between the two.
  const script = 'set -o pipefail; psql -qX "$1" -c "$2" | psql -qX "$3" -c "$4"';
  const out = `\\copy (select ${columns} from flights) to stdout`;
  const into = `\\copy copied (${columns}) from stdin`;
  const shell = spawn('bash', ['-c', script, 'bash', sourceUrl, out, targetUrl, into], { stdio: 'inherit' });
  const [code] = (await once(shell, 'close')) as [number];
  if (code !== 0) throw new Error(`psql ended with ${code}`);
  return (performance.now() - start) / 1000;
}

function requirePsql(): void {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
  } catch (error) {
    throw new Error('psql is needed to compare with: install it, for example with apt-get install postgresql-client', {
      cause: error,
    });
  }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function query(url: string, ...statements: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
