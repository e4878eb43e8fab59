import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import { projectRoot } from '../../config.ts';
import type { Manifest } from '../../domain/grant.ts';
import { randomOf } from '../../seed/random.ts';
import {
  CHANGING,
  connected,
  giveTimes,
  receivedTables,
  TABLE,
  transferBench,
  type TransferBench,
} from '../support/transfer.ts';
import { until } from '../support/until.ts';

const ROWS = 40_000;
const KILLS = 10;

const seed = Number(process.env['SANTONG_TEST_SEED'] ?? randomInt(2 ** 31));
const random = randomOf(seed, 0);
let bench: TransferBench;

beforeAll(async () => {
  process.stdout.write(`delivery kills: SANTONG_TEST_SEED=${seed}\n`);
  bench = await transferBench(ROWS);
  await giveTimes(bench.provider);
}, 60_000);
afterAll(() => bench.drop());

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<boolean>;
}

/** Begins a delivery in a process of its own; `ended` says whether it came to its end. */
async function begin(nth: number, isWhole: boolean): Promise<Running> {
  const at = new Date(Date.UTC(2026, 4, 1, 4, nth)).toISOString();
  const child = fork(
    join(projectRoot, 'tests/support/delivery-child.ts'),
    [bench.provider.url, bench.requester.url, `d${nth}`, at, isWhole ? 'whole' : ''],
    { execArgv: ['--no-warnings', '--import', join(projectRoot, 'tests/support/typescript.mjs')] },
  );
  let isDone = false;
  child.on('message', (message) => (isDone ||= message === 'done'));
  const ended = once(child, 'exit').then(() => isDone);
  await once(child, 'message');
  return { child, ended };
}

/** What has been delivered so far, the latest last. */
async function deliveries(): Promise<Manifest[]> {
  if (!(await receivedTables(bench.requester)).includes('deliveries')) return [];
  const rows = await bench.requester.knex('received.deliveries').select<{ manifest: Manifest }[]>('manifest');
  return rows.map(({ manifest }) => manifest).toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** A server notices that its client is gone when it next writes to it or reads from it. */
async function nobodyIsConnected(): Promise<void> {
  for (const { adminUrl } of [bench.provider, bench.requester]) {
    await connected(adminUrl, (admin) =>
      until(async () => {
        const { rows } = await admin.query(
          `select 1 from pg_stat_activity where datname = current_database() and application_name like 'santong d%'`,
        );
        return rows.length === 0;
      }),
    );
  }
}

/** Everything that the latest delivery brought is there, and nothing that an unfinished one did. */
async function expectWhole(): Promise<void> {
  const made = await deliveries();
  const tables = made.length === 0 ? [] : [TABLE];
  expect((await receivedTables(bench.requester)).filter((name) => name !== 'deliveries')).toEqual(tables);
  const latest = made.at(-1);
  if (latest) expect(await verifyDelivery(bench.target, latest, CHANGING)).toMatchObject({ verdict: 'matches' });
}

const change = (nth: number) =>
  bench.provider.knex.raw(`
    update persons set name = '改名${nth}' where id % 40 = ${nth};
    delete from persons where id % 97 = ${nth};
    insert into persons (id, name) select ${ROWS} + ${nth} * 100 + n, '新' from generate_series(1, 50) n`);

test('kill -9 at ten random instants of whole sets and of increments loses no row and doubles none', async () => {
  // How long one takes that nobody disturbs, so that the instants fall into the next ones.
  const began = performance.now();
  expect(await (await begin(1, true)).ended).toBe(true);
  let usual = performance.now() - began;
  let nth = 2;
  let survived = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const isWhole = kill % 2 === 0;
    await change(nth);
    const before = (await deliveries()).length;
    const { child, ended } = await begin(nth, isWhole);
    const started = performance.now();
    await Promise.race([sleep(random.below(Math.ceil(usual))), ended]);
    child.kill('SIGKILL');
    const isDone = await ended;
    if (isDone) usual = performance.now() - started;
    await nobodyIsConnected();
    await expectWhole();
    const made = (await deliveries()).length;
    // It is there as soon as it is whole, whether its process lived to say so or not.
    if (isDone) expect(made).toBe(before + 1);
    if (made === before) {
      expect(await (await begin(nth, isWhole)).ended).toBe(true);
      survived += 1;
    }
    expect((await deliveries()).map(({ deliveryId }) => deliveryId)).toContain(`d${nth}`);
    await expectWhole();
    nth += 1;
  }
  process.stdout.write(`delivery kills: ${survived} of ${KILLS} hit a delivery before it was whole\n`);
  expect(survived).toBeGreaterThan(0);
}, 180_000);
