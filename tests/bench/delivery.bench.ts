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
import { type Bench, type Measure, median } from './measure.ts';

const ROWS = 2_000_000;
const RUNS = 3;

const GRANT: Grant = {
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

/** The dearest rules: one that looks up surnames, one that cuts addresses by pattern, two of plain edges. */
const MASKED: Grant = {
  ...GRANT,
  id: 'bench-masked',
  masks: { summary: 'address', carrier: 'name', tailnum: 'plate', dest: 'whole' },
};

/**
 * A delivery of two million real rows between two databases of one embedded server, with digest and switch, against the
 * same rows through `psql \copy | psql \copy` in the same text format. The rows of psql come in no order and land in a
 * table that exists; ours are ordered by key and replace a table.
 */
export const bench: Bench = {
  name: 'delivery',
  async run(say) {
    requirePsql();
    const folder = mkdtempSync(join(tmpdir(), 'santong-bench-'));
    const place = findPlace(folder);
    const postgres = await startPostgres({ place, logFile: join(folder, 'postgres.log'), password: newPassword() });
    try {
      return await compare(postgres.adminUrl, say);
    } finally {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
      if (place.home.startsWith(tmpdir())) rmSync(place.home, { recursive: true, force: true });
    }
  },
};

async function compare(url: (database: string) => string, say: (line: string) => void): Promise<Measure[]> {
  await query(url('postgres'), 'create database provider', 'create database requester');
  say(`filling ${ROWS.toLocaleString('en-US')} rows`);
  await withClient(url('provider'), (client) => loadFlights(client, ROWS));
  const worker = fork(join(import.meta.dirname, 'delivery-worker.ts'));
  const ours: number[] = [];
  const theirs: number[] = [];
  let peakBytes = 0;
  let bytesPerRow = 0;
  let masked = 0;
  try {
    for (let n = 1; n <= RUNS; n++) {
      const runs = [
        async () => {
          const told = await deliverBy(worker, { deliveryId: `d${n}`, grant: GRANT, ...urls(url) });
          peakBytes = told.peakBytes;
          bytesPerRow = told.manifest.bytes / ROWS;
          ours.push(told.seconds);
        },
        async () => void theirs.push(await psqlToPsql(url)),
      ];
      for (const run of n % 2 === 0 ? runs : runs.toReversed()) {
        await query(url('postgres'), 'checkpoint');
        await run();
      }
      say(`run ${n}: Santong ${ours.at(-1)?.toFixed(2)} s, psql ${theirs.at(-1)?.toFixed(2)} s`);
    }
    masked = (await deliverBy(worker, { deliveryId: 'masked', grant: MASKED, ...urls(url) })).seconds;
    say(`four items masked: ${masked.toFixed(2)} s`);
  } finally {
    worker.kill();
  }
  const rate = (seconds: readonly number[]) => ROWS / median(seconds);
  return [
    { what: 'delivery / psql', value: median(theirs) / median(ours), unit: '', goal: { atLeast: 0.8 } },
    { what: 'peak memory of the process', value: peakBytes / 2 ** 20, unit: 'MB', goal: { atMost: 300 } },
    { what: 'delivery', value: rate(ours), unit: 'rows/s', runs: ours },
    { what: 'psql | psql', value: rate(theirs), unit: 'rows/s', runs: theirs },
    { what: 'delivery, four items masked', value: ROWS / masked, unit: 'rows/s' },
    { what: 'bytes in a row', value: bytesPerRow, unit: 'B' },
  ];
}

function urls(url: (database: string) => string): { sourceUrl: string; targetUrl: string } {
  return { sourceUrl: url('provider'), targetUrl: url('requester') };
}

async function deliverBy(worker: ChildProcess, task: DeliveryTask) {
  worker.send(task);
  const [told] = (await once(worker, 'message')) as [DeliveryTold];
  if ('error' in told) throw new Error(told.error);
  if (told.manifest.rows !== ROWS) throw new Error(`${told.manifest.rows} rows arrived instead of ${ROWS}`);
  return told;
}

/** Seconds from the start of both programs to the end of the later one. */
async function psqlToPsql(url: (database: string) => string): Promise<number> {
  const columns = GRANT.items.join(', ');
  await withClient(url('provider'), async (source) => {
    const { rows } = await source.query<{ name: string; type: string }>(
      `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
        where attrelid = 'flights'::regclass and attnum > 0 order by attnum`,
    );
    const definitions = rows.map(({ name, type }) => `${name} ${type}`).join(', ');
    await query(url('requester'), 'drop table if exists copied', `create table copied (${definitions})`);
  });
  const start = performance.now();
  // A pipe of the shell, so that this process does not stand between the two.
  const script = 'set -o pipefail; psql -qX "$1" -c "$2" | psql -qX "$3" -c "$4"';
  const out = `\\copy (select ${columns} from flights) to stdout`;
  const into = `\\copy copied (${columns}) from stdin`;
  const shell = spawn('bash', ['-c', script, 'bash', url('provider'), out, url('requester'), into], {
    stdio: 'inherit',
  });
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

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function query(url: string, ...statements: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
