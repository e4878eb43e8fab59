import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type pg from 'pg';
import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import { connected, ENTRY, receivedTables, transferBench, type TransferBench } from '../support/transfer.ts';
import { until } from '../support/until.ts';

/**
 * Above what the write-ahead log needs (its files have this size), below what the table needs: so the limit stops the
 * table alone, and the server goes on for everybody else.
 */
const LIMIT_BYTES = 16 * 1024 * 1024;
const ROWS = 100_000;

let bench: TransferBench;
beforeAll(async () => {
  bench = await transferBench();
  await bench.provider.knex.raw(
    `insert into persons (id, name, note) select n, '王', repeat('备注', 100) from generate_series(1, ?::int) n`,
    [ROWS],
  );
});
afterAll(() => bench.drop());

/**
 * Takes the room away from the delivery that is on its way. A disk cannot be filled for one test only, nor without being
 * root; the operating system's limit on file sizes makes the same write of the same server process fail. Python can set
 * it for a running process of the same user, and this project needs Python anyway.
 */
async function limitFilesOfDelivery(holder: pg.Client): Promise<void> {
  // It waits for the source once its place in the target is made and claimed.
  await until(async () => {
    const { rows } = await holder.query(
      `select 1 from pg_locks where relation = 'persons'::regclass and not granted
          and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length > 0;
  });
  const pid = await connected(bench.requester.adminUrl, (admin) => until(() => pidOfDelivery(admin)));
  const script = `import resource; resource.prlimit(${pid}, resource.RLIMIT_FSIZE, (${LIMIT_BYTES}, ${LIMIT_BYTES}))`;
  const { uid, gid } = statSync(`/proc/${pid}`);
  execFileSync('python3', ['-c', script], { uid, gid, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
}

async function pidOfDelivery(admin: pg.Client): Promise<number | undefined> {
  const { rows } = await admin.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and application_name like 'santong %'`,
  );
  return rows[0]?.pid;
}

it('a delivery that runs out of room says so, leaves nothing, and is whole when there is room again', async () => {
  // The delivery opens its target first and then waits for this lock, so that the limit is there before the rows are.
  const error = await connected(bench.provider.adminUrl, async (holder) => {
    await holder.query('begin; lock table persons in access exclusive mode');
    const patience = { tries: 1, timeoutMs: 60_000 };
    const failed = deliver(bench.order('d1', {}, { patience })).catch((reason: unknown) => reason);
    await limitFilesOfDelivery(holder);
    await holder.query('rollback');
    return failed;
  });
  expect(error).toMatchObject({ code: 'DiskFull', retryable: true, params: { side: 'target' } });
  expect(await receivedTables(bench.requester)).toEqual(['deliveries']);
  const manifest = await deliver(bench.order('d1'));
  expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches', rows: ROWS });
});
