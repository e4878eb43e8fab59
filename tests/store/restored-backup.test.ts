import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Knex } from 'knex';
import { projectRoot } from '../../config.ts';
import { createHistoryKeeper } from '../../history-keeper.ts';
import { grantWorkflowId, readState, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { silentSinks } from '../../replayer.ts';
import { type Api, startApi } from '../support/api.ts';
import { type Backup, backUp, dump } from '../support/backup.ts';
import { filing, form, formRef } from '../support/cases.ts';
import { deliveryOf } from '../support/grant.ts';
import { storeGrant } from '../support/grants.ts';
import {
  approve,
  comesTo,
  correct,
  ofGrant,
  PROVIDER_LEAD,
  rebuildFromHistories,
  request,
  REQUESTER_LEAD,
  REVIEWER,
} from '../support/recovery-play.ts';
import { temporalAddress } from '../support/servers.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeEach(async () => {
  api = await startApi();
}, 60_000);
afterEach(() => api.close());

const knex = () => api.engine.platform.knex;

/** What no history holds, so that it is as in the back-up: a delivery notes its way and its manifest itself. */
const NOT_OF_EVENTS = { deliveries: ['attempt', 'started_at', 'manifest', 'manifest_digest'] };

interface Restored {
  /** Rows as they were before the back-up was restored. */
  readonly before: Awaited<ReturnType<typeof dump>>;
  readonly oldest: string;
  readonly waiting: string;
}

/** Work goes on after a back-up: requests are granted and delivered, a grant suspended. Then the back-up is restored. */
async function restoredInTheMiddle(): Promise<Restored & { readonly backup: Backup; readonly grants: string[] }> {
  const workers = await api.engine.startWorkers();
  // Sessions that begin after the back-up would be gone with it.
  for (const account of [REVIEWER, PROVIDER_LEAD, 'auditor']) await api.token(account);
  const [oldest, second, waiting] = [await request(api), await request(api), await request(api)];
  for (const id of [oldest, second, waiting]) await approve(api, id, [REQUESTER_LEAD]);
  const backup = await backUp(api.engine.platform.adminUrl, 'earlier');
  const grants = [`${second}.grant`, `${oldest}.grant`];
  // The one that was filed first is granted last: grants have their numbers in this order.
  for (const id of [second, oldest]) await approve(api, id, [REVIEWER, PROVIDER_LEAD]);
  for (const id of grants) await deliveryOf(api, id);
  await ofGrant(api, grants[0] ?? '', { action: 'suspend', reason: '核查' });
  await approve(api, waiting, [REVIEWER]);
  await comesTo(api, oldest, 'completed');
  await comesTo(api, second, 'completed');
  await workers.stop();
  const before = await dump(knex(), NOT_OF_EVENTS);
  await backup.restore();
  return { before, oldest, waiting, backup, grants };
}

/** What follows from events. Commands and sessions are of the API, and no history holds them. */
function following(dumped: Awaited<ReturnType<typeof dump>>): unknown {
  const { events, cases, tasks, copies, stage_visits, grants, sharing_lines, deliveries, numbers, outbox } = dumped;
  return { events, cases, tasks, copies, stage_visits, grants, sharing_lines, deliveries, numbers, outbox };
}

test('a platform whose database was restored from an older back-up has every event and row again, and its cases go on', async () => {
  const { before, oldest, waiting, grants } = await restoredInTheMiddle();
  expect(await knex()('grants')).toEqual([]);
  const ran = await rebuildFromHistories(api, '--json');
  expect(ran).toMatchObject({ exit: 0, json: { fromHistories: 5, fromRecords: 0, differing: [] } });
  expect(ran.json.appended).toBeGreaterThan(15);
  expect(following(await dump(knex(), NOT_OF_EVENTS))).toEqual(following(before));

  await api.engine.startWorkers();
  await approve(api, waiting, [PROVIDER_LEAD]);
  await deliveryOf(api, `${waiting}.grant`);
  await comesTo(api, waiting, 'completed');
  await ofGrant(api, grants[0] ?? '', { action: 'resume', reason: '核查完毕' });
  await correct(api, `${oldest}.grant`);
  for (const id of [oldest, waiting]) {
    const { body } = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
    expect([id, body.verdict]).toEqual([id, 'agrees']);
  }
}, 180_000);

test('a rebuild that is killed at any place of its way ends right when it is run once more', async () => {
  const { before, backup, oldest } = await restoredInTheMiddle();
  const all = before['events']?.length ?? 0;
  const count = async () => Number((await knex()('events').count())[0]?.['count']);
  // In the middle of a stream: what it has written of it by then is gone with it.
  for (const table of ['tasks', 'grants', 'sharing_lines', 'deliveries', 'outbox']) {
    await backup.restore();
    await killedAt((trx) => trx.raw('lock table ?? in share row exclusive mode', [table]));
  }
  // Between two streams, one after another, going on from where the one before was killed.
  const counts: number[] = [];
  for (const streamId of [oldest, `${oldest}.grant`]) {
    await killedAt((trx) => trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [streamId]));
    counts.push(await count());
  }
  expect(counts[0]).toBeLessThan(counts[1] ?? 0);
  expect(counts[0]).toBeLessThan(all);
  const ran = await rebuildFromHistories(api, '--json');
  expect(ran).toMatchObject({ exit: 0, json: { fromHistories: 5, differing: [] } });
  expect(following(await dump(knex(), NOT_OF_EVENTS))).toEqual(following(before));
}, 180_000);

/** Runs the program until it waits for what `hold` has locked, and kills it there without a word. */
async function killedAt(hold: (trx: Knex) => Promise<unknown>): Promise<void> {
  const { namespace, platform } = api.engine;
  const env = {
    PATH: process.env['PATH'],
    SANTONG_DATABASE_URL: platform.url,
    SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
    SANTONG_TEMPORAL_NAMESPACE: namespace,
  };
  const waiting = () =>
    knex()('pg_stat_activity').where({ wait_event_type: 'Lock' }).whereRaw('datname = current_database()');
  await knex().transaction(async (trx) => {
    await hold(trx);
    const program = join(projectRoot, 'dist', 'rebuild-from-histories.js');
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    await until(async () => (await waiting()).length > 0);
    child.kill('SIGKILL');
    await ended;
  });
  await until(async () => (await waiting()).length === 0);
}

test('runs that the server does not keep any more are taken from the record, which has to fit those that it keeps', async () => {
  await api.engine.startWorkers();
  const { id, caseId, begin } = await storeGrant(knex(), { grantId: `${randomUUID()}.grant`, ...PERIOD });
  const workflowId = grantWorkflowId(id);
  await api.engine.client.workflow.start('grant', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ streamId: id, begin, isBegun: true, renewAfter: 4 }],
  });
  const command = (nth: number) => ofGrant(api, id, { action: nth % 2 === 0 ? 'suspend' : 'resume', reason: '核查' });
  for (let nth = 0; nth < 6; nth += 1) await command(nth);
  await drop(workflowId, await firstRunOf(workflowId));
  await command(6);
  const before = await dump(knex());
  const forget = async (after: number): Promise<void> => {
    for (const table of ['outbox', 'events']) {
      await knex()(table).where({ stream_id: id }).where('seq', '>', after).delete();
    }
  };
  await forget(7);
  await knex()('tasks').delete();
  const ran = await rebuildFromHistories(api, '--json');
  // The case itself was recorded without a workflow: nothing at all is kept of it.
  expect(ran).toMatchObject({ exit: 0, json: { fromHistories: 0, fromRecords: 2, appended: 1, differing: [] } });
  expect(await dump(knex())).toEqual(before);

  // Less than what the runs that are kept went on from is more than what they can make up for.
  await forget(2);
  await knex()('events').where({ stream_id: caseId, seq: 3 }).update({ command_id: 'another' });
  const short = await rebuildFromHistories(api, '--json');
  expect(short.exit).toBe(10);
  expect(short.json.differing).toMatchObject([
    { streamId: caseId, verdict: 'record-altered', seq: 3 },
    { streamId: id, verdict: 'record-differs', seq: 2, field: 'seq' },
  ]);
}, 240_000);

test('a case that the workflow code cannot follow is told of, and the others are built', async () => {
  await api.engine.startWorkers();
  const sound = await request(api);
  const { caseId, stop } = await runByOtherCode();
  try {
    await knex()('tasks').delete();
    const ran = await rebuildFromHistories(api, '--json');
    expect(ran).toMatchObject({ exit: 10, err: '', json: { of: 2, fromHistories: 1, appended: 0 } });
    expect(ran.json.differing).toMatchObject([{ streamId: caseId, verdict: 'not-replayable', field: 'workflow' }]);
    expect(await knex()('tasks').distinct('case_id').pluck('case_id')).toEqual([sound]);
  } finally {
    await stop();
  }
}, 120_000);

/** A case that runs by a careless change of the workflow code. */
async function runByOtherCode(): Promise<{ caseId: string; stop(): Promise<void> }> {
  const { client, namespace } = api.engine;
  const taskQueue = 'other-code';
  const connection = await NativeConnection.connect({ address: temporalAddress() });
  const worker = await Worker.create({
    ...{ connection, namespace, taskQueue, sinks: silentSinks },
    workflowsPath: join(projectRoot, 'tests/replay/changed/index.ts'),
    activities: { announce: async () => {}, record: async () => {} },
  });
  const running = worker.run();
  const begin = filing(formRef(form()));
  const { caseId } = begin.do;
  const workflowId = shareRequestWorkflowId(caseId);
  const args = [{ streamId: caseId, begin }];
  const handle = await client.workflow.start('shareRequest', { workflowId, taskQueue, args });
  await until(async () => (await handle.query(readState)).recorded > 0);
  return {
    caseId,
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

const PERIOD = { validFrom: '2099-01-01', validTo: '2099-12-31' };

/** Once there is another. */
async function firstRunOf(workflowId: string): Promise<string> {
  return until(async () => {
    const { events } = await api.engine.client.workflow.getHandle(workflowId).fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    return started?.continuedExecutionRunId ? (started.firstExecutionRunId ?? undefined) : undefined;
  });
}

/** As the server does by itself once the retention of a run is over. It takes its time. */
async function drop(workflowId: string, runId: string): Promise<void> {
  const { client, namespace } = api.engine;
  const workflowExecution = { workflowId, runId };
  await client.connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  const { keptRuns } = createHistoryKeeper(client);
  for (let isWhole = true; isWhole; { isWhole } = await keptRuns(workflowId)) await sleep(100);
}
