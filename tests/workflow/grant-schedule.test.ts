import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { type Command, SYSTEM } from '../../domain/case.ts';
import { dateIn } from '../../domain/calendar.ts';
import { addDays } from '../../domain/civil-date.ts';
import type { GrantEvent, GrantPersonAction, OpenAction } from '../../domain/kernel/grant.ts';
import type { Actor } from '../../domain/language.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { silentSinks } from '../../replayer.ts';
import { act, grantWorkflowId, readState, TASK_QUEUE, TRANSFER_QUEUE } from '../../workflows/messages.ts';
import { APPLICANT, PROVIDER_LEAD } from '../support/cases.ts';
import { memoryActivities } from '../support/memory-platform.ts';
import { testServerPath, workflowBundle } from '../support/servers.ts';
import { until } from '../support/until.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const DAY_MS = 86_400_000;
let env: TestWorkflowEnvironment;
let events: GrantEvent[];

beforeEach(async () => {
  events = [];
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: testServerPath() } },
  });
});
afterEach(() => env.teardown());

/** Workers over memory, until the work is done. */
async function withWorkers<T>(work: () => Promise<T>): Promise<T> {
  const { deliver, record, ...recording } = memoryActivities([]);
  const activities = {
    ...recording,
    async record(batch: Parameters<typeof record>[0]) {
      await record(batch);
      events.push(...batch.entries.map(({ event }) => event as GrantEvent));
    },
  };
  const shared = { connection: env.nativeConnection, sinks: silentSinks };
  const code = await workflowBundle();
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue: TASK_QUEUE, workflowBundle: code, activities }),
    Worker.create({ ...shared, taskQueue: TRANSFER_QUEUE, activities: { deliver } }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await work();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}

const now = async (): Promise<string> => new Date(await env.currentTimeMs()).toISOString();

/** A grant that began so many days ago, today unless it is said otherwise, for so many days. Returns its first day. */
async function grantFor(days: number, schedule: Schedule, ago = 0): Promise<string> {
  const at = new Date((await env.currentTimeMs()) - ago * DAY_MS).toISOString();
  const today = dateIn(at);
  const begin: Command<OpenAction> = {
    id: 'open',
    at,
    actor: SYSTEM,
    do: {
      action: 'open',
      grantId: 'g',
      caseId: 'case',
      requester: 'civil-affairs',
      provider: 'public-security',
      validFrom: today,
      validTo: addDays(today, days),
      schedule,
    },
  };
  const options = { workflowId: grantWorkflowId('g'), taskQueue: TASK_QUEUE, args: [{ streamId: 'g', begin }] };
  await env.client.workflow.start('grant', options);
  return today;
}

const grant = () => env.client.workflow.getHandle(grantWorkflowId('g'));

async function send(actor: Actor, action: GrantPersonAction): Promise<void> {
  const command = { id: `c${events.length}`, at: await now(), actor, do: action };
  await grant().executeUpdate(act, { args: [command], updateId: command.id });
}

const asked = () => events.filter((event) => event.type === 'deliveryAsked');

/** The first delivery of a grant is there. */
const delivered = () =>
  until(async () => {
    const { state } = await grant().query(readState);
    return state !== undefined && 'delivered' in state && state.delivered && state.running === undefined;
  });

test('a nightly schedule delivers once a night for a month, and ends with the period', async () => {
  await withWorkers(async () => {
    const today = await grantFor(31, { kind: 'cron', cron: '0 2 * * *' });
    await delivered();
    await grant().result();
    const nights = asked().slice(1);
    const days = nights.map(({ at }) => dateIn(at));
    expect(new Set(days).size).toBe(days.length);
    // The first night may be this one, if it is before two o'clock in Shanghai.
    const first = days[0] ?? '';
    expect([today, addDays(today, 1)]).toContain(first);
    expect(days).toEqual(Array.from({ length: days.length }, (_, nth) => addDays(first, nth)));
    expect(days.at(-1)).toBe(addDays(today, 31));
    expect(nights.every(({ scheduledFor }) => scheduledFor?.endsWith('T02:00:00.000+08:00'))).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'expired' });
  });
}, 60_000);

test('after a week in which nothing ran, one run makes up for those that were missed', async () => {
  await withWorkers(async () => {
    const opened = await grantFor(30, { kind: 'cron', cron: '0 2 * * *' }, 7);
    await until(() => Promise.resolve(events.filter(({ type }) => type === 'deliveryReported').length >= 2));
    const [first, missed, ...more] = asked();
    expect(more).toEqual([]);
    const today = dateIn(await now());
    expect(dateIn(first?.at ?? '')).toBe(opened);
    expect(dateIn(missed?.at ?? '')).toBe(today);
    expect([opened, addDays(opened, 1)]).toContain(dateIn(missed?.scheduledFor ?? ''));
    await env.sleep(2 * DAY_MS);
    await until(() => Promise.resolve(asked().length >= 4));
    const made = asked()
      .slice(2)
      .map(({ at }) => dateIn(at));
    expect(made).toEqual([...new Set(made)]);
    await send(PROVIDER_LEAD, { action: 'terminate', reason: '测试结束' });
  });
}, 60_000);

test('suspended for ten days nothing runs; resumed and rescheduled it runs by the new times', async () => {
  await withWorkers(async () => {
    const today = await grantFor(40, { kind: 'cron', cron: '0 2 * * *' });
    await delivered();
    await send(PROVIDER_LEAD, { action: 'suspend', reason: '疑似误用' });
    const before = asked().length;
    await env.sleep(10 * DAY_MS);
    expect(asked()).toHaveLength(before);
    await send(PROVIDER_LEAD, { action: 'resume', reason: '已整改' });
    await send(APPLICANT, { action: 'reschedule', schedule: { kind: 'cron', cron: '30 4 */10 * *' } });
    await grant().result();
    const made = asked().slice(before);
    expect(made.every(({ scheduledFor }) => /-(01|11|21|31)T04:30:00/.test(scheduledFor ?? ''))).toBe(true);
    expect(made.length).toBeGreaterThanOrEqual(3);
    expect(made.every(({ at }) => dateIn(at) > addDays(today, 8) && dateIn(at) <= addDays(today, 40))).toBe(true);
  });
}, 60_000);
