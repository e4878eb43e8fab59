import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import pg from 'pg';
import { type Command, type FileAction, type PersonAction, taskIdOf } from '../../domain/case.ts';
import { replayEvents } from '../../domain/machine.ts';
import type { Actor } from '../../domain/language.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import { eventsOf } from '../../store/record.ts';
import { act, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import {
  APPLICANT,
  filing,
  form,
  formRef,
  PROVIDER_LEAD,
  REQUESTER_LEAD,
  REVIEWER,
  storeForm,
} from '../support/cases.ts';
import { type Engine, startEngine } from '../support/engine.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  await engine.startWorkers();
}, 120_000);
afterAll(() => engine.close());

async function file(): Promise<Command<FileAction>> {
  const body = form({ rowScope: { all: [{ item: 'name', operator: 'startsWith', value: '王' }] } });
  const ref = formRef(body);
  const begin = filing(ref);
  const { caseId } = begin.do;
  await storeForm(engine.platform.knex, caseId, ref, body);
  await engine.client.workflow.start('shareRequest', {
    workflowId: shareRequestWorkflowId(caseId),
    taskQueue: TASK_QUEUE,
    args: [{ streamId: caseId, begin, grantsBeginAtRecord: true }],
  });
  return begin;
}

let commands = 0;
function send(
  begin: Command<FileAction>,
  actor: Actor,
  action: PersonAction,
): Promise<{ status: string; seq: number }> {
  const { caseId } = begin.do;
  commands += 1;
  const command = { id: `c${commands}`, at: '2026-11-25T10:00:00+08:00', actor, do: action };
  return engine.client.workflow
    .getHandle(shareRequestWorkflowId(caseId))
    .executeUpdate(act, { args: [command], updateId: command.id });
}

function approve(begin: Command<FileAction>, actor: Actor, stage: string): Promise<{ status: string }> {
  const taskId = taskIdOf(begin.do.caseId, stage, 1);
  return send(begin, actor, { action: 'approve', taskId, seen: begin.do.form.digest, opinion: '同意' });
}

test('a request that everyone approves ends with masked rows in the requester’s own database', async () => {
  const begin = await file();
  const { caseId } = begin.do;
  await approve(begin, REQUESTER_LEAD, 'requester-lead');
  await approve(begin, REVIEWER, 'provider-reviewer');
  expect(await approve(begin, PROVIDER_LEAD, 'provider-lead')).toMatchObject({ status: 'delivering' });
  await engine.client.workflow.getHandle(shareRequestWorkflowId(caseId)).result();

  const { knex } = engine.platform;
  const row = await knex('cases').where({ id: caseId }).first();
  expect(row).toMatchObject({ status: 'completed', kind: 'share-request', stage: null });
  const delivery = await knex('deliveries').first();
  expect(delivery).toMatchObject({ status: 'delivered', reason: null });
  const { target, rows } = delivery.manifest;
  const delivered = await query(engine.departmentUrl('civil-affairs'), `select * from received."${target.table}"`);
  const source = await query(engine.departmentUrl('public-security'), "select name from persons where name like '王%'");
  expect(delivered).toHaveLength(source.length);
  expect(rows).toBe(source.length);
  expect(delivered[0]).toMatchObject({ name: expect.stringMatching(/^王\*+$/), id_card: expect.stringContaining('*') });

  const events = (await eventsOf(knex, caseId)).map(({ event }) => event) as never[];
  expect(replayEvents(caseMachine, events)).toEqual(row.state);
  const report = await engine.client.workflow.execute('replayAudit', {
    workflowId: `replay/${caseId}`,
    taskQueue: TASK_QUEUE,
    args: [{ caseId }],
  });
  expect(report).toMatchObject({ verdict: 'agrees' });
  expect((report as { decisions: { type: string }[] }).decisions.map(({ type }) => type)).toEqual([
    'filed',
    'answered',
    'answered',
    'answered',
  ]);
});

test('the applicant’s own decision is refused with its code and leaves no event', async () => {
  const begin = await file();
  const both: Actor = { ...REQUESTER_LEAD, person: APPLICANT.person };
  const refusal = await approve(begin, both, 'requester-lead').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WorkflowUpdateFailedError);
  const { cause } = refusal as WorkflowUpdateFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect((cause as ApplicationFailure).type).toBe('OwnRequest');
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
