import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../config.ts';
import { grantWorkflowId, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { type Api, startApi } from '../support/api.ts';
import { type Backup, backUp, dump } from '../support/backup.ts';
import { deliveryOf, grantedCase } from '../support/grant.ts';
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

/**
 * What no history holds, so that it is as in the back-up: forms, commands and sessions are of the API; a delivery notes its
 * way and its manifest itself.
 */
const NOT_OF_EVENTS = {
  deliveries: ['attempt', 'started_at', 'manifest', 'manifest_digest'],
  commands: ['status', 'outcome', 'settled_at'],
};

interface Restored {
  /** Rows as they were before the back-up was restored. */
  readonly before: Awaited<ReturnType<typeof dump>>;
  readonly oldest: string;
  readonly waiting: string;
}

/** Work goes on after a back-up: requests are granted, delivered and corrected; then the back-up is restored. */
async function restoredInTheMiddle(): Promise<Restored & { readonly backup: Backup; readonly grants: string[] }> {
  const workers = await api.engine.startWorkers();
  // Sessions that begin after the back-up would be gone with it.
  for (const account of [REVIEWER, PROVIDER_LEAD, 'auditor']) await api.token(account);
  const [oldest, second, waiting] = [await request(api), await request(api), await request(api)];
  for (const id of [oldest, second, waiting]) await approve(api, id, [REQUESTER_LEAD]);
  const backup = await backUp(api.engine.platform.adminUrl, 'earlier');
  const grants = [`${second}.grant`, `${oldest}.grant`];
  // The one that was filed last is granted first: grants have their numbers in this order.
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

/** What follows from events, of two dumps. */
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

test('a rebuild that is killed again and again ends right when it is run once more', async () => {
  const { before, backup } = await restoredInTheMiddle();
  const { namespace, platform } = api.engine;
  const env = {
    PATH: process.env['PATH'],
    SANTONG_DATABASE_URL: platform.url,
    SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
    SANTONG_TEMPORAL_NAMESPACE: namespace,
  };
  /** Whether it ended before it was killed, `afterMs` after its first word. */
  async function killed(afterMs: number): Promise<boolean> {
    const child = spawn(process.execPath, [join(projectRoot, 'dist', 'rebuild-from-histories.js')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    await Promise.race([once(lines, 'line').then(() => sleep(afterMs)), ended]);
    child.kill('SIGKILL');
    return (await ended)[0] === 0;
  }
  const counts: number[] = [];
  for (const afterMs of [0, 3, 10, 20, 40, 80]) {
    if (counts.length % 2 === 0) await backup.restore();
    await killed(afterMs);
    counts.push(Number((await knex()('events').count())[0]?.['count']));
  }
  const ran = await rebuildFromHistories(api, '--json');
  expect(ran).toMatchObject({ exit: 0, json: { fromHistories: 5, differing: [] } });
  expect(following(await dump(knex(), NOT_OF_EVENTS))).toEqual(following(before));
  // At least one of them was killed before it was through.
  expect(Math.min(...counts)).toBeLessThan(before['events']?.length ?? 0);
}, 180_000);

describe('what the server does not keep any more', () => {
  /** As its retention would, once it is over; of one run, or of the latest. */
  async function drop(workflowId: string, runId?: string): Promise<void> {
    const { client, namespace } = api.engine;
    const execution = { workflowId, ...(runId === undefined ? {} : { runId }) };
    await client.connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: execution });
    const gone = async () =>
      client.workflow
        .getHandle(workflowId, runId)
        .fetchHistory()
        .then(
          () => false,
          () => true,
        );
    await until(gone);
  }

  test('is built from the recorded events, and counted so; a digest that does not fit is still told of', async () => {
    await api.engine.startWorkers();
    const [kept, dropped] = [await grantedCase(api), await grantedCase(api)];
    for (const { grantId, caseId } of [kept, dropped]) {
      await deliveryOf(api, grantId);
      await comesTo(api, caseId, 'completed');
    }
    await drop(shareRequestWorkflowId(dropped.caseId));
    const before = await dump(knex());
    await knex()('tasks').delete();
    const ran = await rebuildFromHistories(api, '--json');
    expect(ran).toMatchObject({ exit: 0, json: { of: 4, fromHistories: 3, fromRecords: 1, appended: 0 } });
    expect(await dump(knex())).toEqual(before);

    await knex()('events').where({ stream_id: dropped.caseId, seq: 3 }).update({ command_id: 'another' });
    const altered = await rebuildFromHistories(api, '--json');
    expect(altered.exit).toBe(10);
    expect(altered.json.differing).toMatchObject([{ streamId: dropped.caseId, verdict: 'record-altered', seq: 3 }]);
  }, 120_000);

  test('of a workflow that was renewed is taken from the record, up to where the runs that are kept go on', async () => {
    await api.engine.startWorkers();
    const { id, begin } = await storeGrant(knex(), { grantId: `${randomUUID()}.grant`, ...PERIOD });
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
    for (const table of ['outbox', 'events']) await knex()(table).where({ stream_id: id, seq: 8 }).delete();
    const ran = await rebuildFromHistories(api, '--json');
    // The case was recorded without a workflow.
    expect(ran).toMatchObject({ exit: 0, json: { fromHistories: 0, fromRecords: 2, appended: 1, differing: [] } });
    expect(await dump(knex())).toEqual(before);

    // Less than what the runs that are kept went on from is more than what they can make up for.
    for (const table of ['outbox', 'events'])
      await knex()(table).where({ stream_id: id }).where('seq', '>', 2).delete();
    const short = await rebuildFromHistories(api, '--json');
    expect(short.exit).toBe(10);
    expect(short.json.differing).toMatchObject([{ streamId: id, verdict: 'record-differs', seq: 2, field: 'seq' }]);
  }, 120_000);

  const PERIOD = { validFrom: '2099-01-01', validTo: '2099-12-31' };

  /** Once there is another. */
  async function firstRunOf(workflowId: string): Promise<string> {
    return until(async () => {
      const { events } = await api.engine.client.workflow.getHandle(workflowId).fetchHistory();
      const started = events?.[0]?.workflowExecutionStartedEventAttributes;
      return started?.continuedExecutionRunId ? (started.firstExecutionRunId ?? undefined) : undefined;
    });
  }
});
