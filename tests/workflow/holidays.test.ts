import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { addWorkingDays, type Calendar, dateIn } from '../../domain/calendar.ts';
import { type CaseEvent, type CaseState, type Command, SYSTEM, taskIdOf } from '../../domain/case.ts';
import { addDays, dateOfDayNumber, dayNumber, weekday } from '../../domain/civil-date.ts';
import type { Actor } from '../../domain/language.ts';
import type { Limit, Route } from '../../domain/route.ts';
import { silentSinks } from '../../replayer.ts';
import { act, readState, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { actor, filing, form, formRef, REVIEWER } from '../support/cases.ts';
import { memoryActivities } from '../support/memory-platform.ts';
import { testServerPath, workflowBundle } from '../support/servers.ts';
import { until } from '../support/until.ts';

/**
 * The server skips time from today on, and the notice is that of 2026: its days are moved by whole weeks, so that they
 * lie ahead and fall on the same days of the week. Dates here are those of 2026.
 */
const SPRING = '2026-02-02';
const AUTUMN = '2026-09-14';
const AUTHORITY = actor('data-bureau', 'authority');

Runtime.install({ logger: new DefaultLogger('ERROR') });

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
let weeks = 0;
const recorded = new Map<string, CaseEvent[]>();

beforeAll(async () => {
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: testServerPath() } },
  });
  const memory = memoryActivities([]);
  worker = await Worker.create({
    connection: env.nativeConnection,
    sinks: silentSinks,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    activities: {
      ...memory,
      async record(batch: Parameters<typeof memory.record>[0]) {
        await memory.record(batch);
        const known = recorded.get(batch.streamId) ?? [];
        const fresh = batch.entries.filter(({ seq }) => seq > known.length).map(({ event }) => event as CaseEvent);
        recorded.set(batch.streamId, [...known, ...fresh]);
      },
    },
  });
  running = worker.run();
  let monday = addDays(dateIn(new Date(await env.currentTimeMs()).toISOString()), 7);
  while (weekday(monday) !== 1) monday = addDays(monday, 1);
  weeks = (dayNumber(monday) - dayNumber(SPRING)) / 7;
}, 120_000);

afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

/** A day of 2026 where it lies in the time that is skipped. */
const there = (date: string): string => dateOfDayNumber(dayNumber(date) + weeks * 7);
const here = (date: string): string => dateOfDayNumber(dayNumber(date) - weeks * 7);

function moved(calendar: Calendar): Calendar {
  const { holidays, workdays } = calendar;
  return {
    ...calendar,
    official: [],
    provisional: [],
    holidays: holidays.filter((date) => date >= '2026').map(there),
    workdays: workdays.filter((date) => date >= '2026').map(there),
  };
}

async function goTo(date: string): Promise<void> {
  const at = Date.parse(`${there(date)}T09:00:00+08:00`);
  await env.sleep(Math.max(1, at - (await env.currentTimeMs())));
}

/** One stage with a limit, filed at nine in the morning of a day of 2026. */
async function file(date: string, clock: Limit) {
  const caseId = randomUUID();
  const root = {
    kind: 'stage',
    id: 's',
    seat: { role: 'reviewer', department: 'provider' },
    rule: 'any',
    basis: ['items'],
    mayAskSupplement: false,
    clock,
  } as const;
  const route: Route = { id: 'holidays', version: 1, root };
  await goTo(date);
  const begin = filing(formRef(form()), { caseId, route, at: `${there(date)}T09:00:00+08:00` });
  const calendar = moved(begin.do.calendar);
  const workflowId = shareRequestWorkflowId(caseId);
  await env.client.workflow.start('shareRequest', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ streamId: caseId, begin: { ...begin, do: { ...begin.do, calendar } } }],
  });
  const handle = env.client.workflow.getHandle(workflowId);
  const state = async (): Promise<CaseState> => (await handle.query(readState)).state as CaseState;
  let nth = 0;
  return {
    calendar,
    state,
    events: () => recorded.get(caseId) ?? [],
    async send(who: Actor, action: Command['do']): Promise<void> {
      nth += 1;
      const at = new Date(await env.currentTimeMs()).toISOString();
      const command = { id: `${caseId}.${nth}`, at, actor: who, do: action };
      await handle.executeUpdate(act, { args: [command as never], updateId: command.id });
    },
    approve: async () =>
      ({ action: 'approve', taskId: taskIdOf(caseId, 's', 1), seen: (await state()).form.digest }) as const,
    /** What time did, with the days of 2026 on which it did. */
    heard: () =>
      (recorded.get(caseId) ?? []).flatMap((event) =>
        /^(reminded|limitPassed|escalated)$/.test(event.type) ? [`${event.type} ${here(dateIn(event.at))}`] : [],
      ),
  };
}

test('forty working days over Spring Festival: a reminder, more time, a notice underneath, and 督办 at the end', async () => {
  const clock: Limit = {
    kind: 'reply',
    legal: 40,
    onSupplement: 'pause',
    extension: 5,
    remind: [10, 1],
    onOverdue: 'escalate',
  };
  const one = await file(SPRING, clock);
  expect(here((await one.state()).clocks['s']?.dueOn ?? '')).toBe(
    addWorkingDays(filing(formRef(form())).do.calendar, SPRING, 40),
  );
  expect(here((await one.state()).clocks['s']?.dueOn ?? '')).toBe('2026-04-03');
  await goTo('2026-03-21');
  // What the end of the 20th brings is said as the 21st begins.
  expect(one.heard()).toEqual(['reminded 2026-03-21']);
  await one.send(REVIEWER, { action: 'askExtension', clock: 's', days: 2, reason: '数据量大' });
  await one.send(AUTHORITY, { action: 'grantExtension', clock: 's' });
  const extended = here((await one.state()).clocks['s']?.dueOn ?? '');
  expect(extended > '2026-04-03').toBe(true);
  const { calendar } = await one.state();
  const holidays = [...calendar.holidays, there('2026-03-25')].toSorted();
  await one.send(SYSTEM, { action: 'recount', calendar: { ...calendar, version: calendar.version + 1, holidays } });
  const recounted = here((await one.state()).clocks['s']?.dueOn ?? '');
  expect(recounted > extended).toBe(true);
  await goTo('2026-04-20');
  await until(async () => one.heard().includes(`escalated ${recounted}`));
  const told = one.heard().slice(1);
  expect(told.slice(-2)).toEqual([`limitPassed ${recounted}`, `escalated ${recounted}`]);
  expect(told.filter((what) => what.startsWith('limitPassed'))).toHaveLength(1);
  expect(told.filter((what) => what.startsWith('reminded'))).toHaveLength(2);
  await one.send(REVIEWER, await one.approve());
  await until(async () => (await one.state()).status === 'completed');
}, 60_000);

test('over National Day the days off do not count, the Saturday worked in their place does, and a pause moves the rest', async () => {
  const one = await file(AUTUMN, { kind: 'reply', legal: 15, onSupplement: 'pause', remind: [2] });
  const due = here((await one.state()).clocks['s']?.dueOn ?? '');
  expect(due).toBe(addWorkingDays(filing(formRef(form())).do.calendar, AUTUMN, 15));
  await goTo('2026-09-29');
  await one.send(AUTHORITY, { action: 'suspend', reason: '核查', reviewOn: there('2026-10-20') });
  await goTo('2026-10-10');
  await one.send(AUTHORITY, { action: 'resume', reason: '查清' });
  const resumed = here((await one.state()).clocks['s']?.dueOn ?? '');
  expect(resumed > due).toBe(true);
  await goTo('2026-11-01');
  await until(async () => one.heard().includes(`limitPassed ${resumed}`));
  expect(one.heard().map((what) => what.split(' ')[0])).toEqual(['reminded', 'limitPassed']);
  expect((await one.state()).status).toBe('in-approval');
  await one.send(REVIEWER, await one.approve());
  await until(async () => (await one.state()).status === 'completed');
}, 60_000);
