import { randomUUID } from 'node:crypto';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { GrantPersonAction } from '../../domain/kernel/grant.ts';
import { eventsOf } from '../../store/record.ts';
import { act, grantWorkflowId, type Outcome, TASK_QUEUE } from '../../workflows/messages.ts';
import { PROVIDER_LEAD } from '../support/cases.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';
import { storeGrant } from '../support/grants.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  await engine.startWorkers();
}, 120_000);
afterAll(() => engine.close());

/** A grant whose period has yet to begin, so that nothing is delivered under it unless a test says so. */
async function openGrant({ renewAfter, validFrom = '2099-01-01' }: { renewAfter: number; validFrom?: string }) {
  const grantId = `${randomUUID()}.grant`;
  const grant = await storeGrant(engine.platform.knex, { grantId, validFrom, validTo: '2099-12-31' });
  await engine.client.workflow.start('grant', {
    workflowId: grantWorkflowId(grantId),
    taskQueue: TASK_QUEUE,
    args: [{ streamId: grantId, begin: grant.begin, isBegun: true, renewAfter }],
  });
  return grant;
}

/** Sends a command as the API does: again under the same id while the run is being renewed. */
async function send(grantId: string, action: GrantPersonAction, id: string = randomUUID()): Promise<Outcome> {
  const command = { id, at: new Date().toISOString(), actor: PROVIDER_LEAD, do: action };
  for (;;) {
    try {
      return await engine.client.workflow
        .getHandle(grantWorkflowId(grantId))
        .executeUpdate(act, { args: [command], updateId: id });
    } catch (error) {
      if (!mayTryAgain(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function mayTryAgain(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  // An update that the old run had not accepted yet is forgotten with it; the grant itself is there all along.
  if (error instanceof WorkflowNotFoundError && /^update .* not found/.test(error.message)) return true;
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && /^(Renewing|AcceptedUpdateCompletedWorkflow)$/.test(cause.type ?? '');
}

async function runsOf(grantId: string): Promise<number> {
  let runs = 0;
  const first = (await history(grantId)).at(0)?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
  for (let runId = first; runId; runs += 1) {
    runId = (await history(grantId, runId)).at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

async function history(grantId: string, runId?: string) {
  return (await engine.client.workflow.getHandle(grantWorkflowId(grantId), runId).fetchHistory()).events ?? [];
}

/** As many updates of one case as the server takes at a time; the API lets in no more either. */
const AT_ONCE = 8;

test('seventy-two commands at once on a grant renewed after every ten are each carried out once, in an unbroken order', async () => {
  const { id } = await openGrant({ renewAfter: 10 });
  const first = await send(id, { action: 'suspend', reason: '核查' }, `${id}/first`);
  const waiting = Array.from({ length: 72 }, (_, index) => `${id}/${index}`);
  const all = [...waiting];
  const lane = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await suspendOrResume(id, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const events = await eventsOf(engine.platform.knex, id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const carriedOut = events.flatMap(({ commandId }) => /^.*\/\d+(?=\.\d+$)/.exec(commandId) ?? []);
  expect(carriedOut.toSorted()).toEqual(all.toSorted());
  expect(await runsOf(id)).toBeGreaterThan(4);
  const again = await send(id, { action: 'suspend', reason: '核查' }, `${id}/first`);
  expect(again.seq).toBe(first.seq);
}, 120_000);

/** Whichever of the two fits where the grant stands by now. What an id has been refused with in a run it stays refused with. */
async function suspendOrResume(grantId: string, id: string): Promise<void> {
  for (let nth = 0; ; nth += 1) {
    try {
      await send(grantId, { action: nth % 2 === 0 ? 'suspend' : 'resume', reason: '核查' }, `${id}.${nth}`);
      return;
    } catch (error) {
      const code = ((error as Error).cause as ApplicationFailure | undefined)?.type ?? '';
      if (!['GrantNotActive', 'NotSuspended'].includes(code)) throw error;
    }
  }
}

test('a grant is not renewed while a delivery runs, and the delivery is not begun twice', async () => {
  const { id } = await openGrant({ renewAfter: 3, validFrom: '2020-01-01' });
  await until(async () => (await deliveries(id)).some(({ status }) => status === 'waiting' || status === 'running'));
  for (let nth = 0; nth < 6; nth += 1) {
    await send(id, { action: nth % 2 === 0 ? 'suspend' : 'resume', reason: '核查' });
  }
  await until(async () => (await deliveries(id)).every(({ status }) => /^(delivered|failed)$/.test(status)));
  await send(id, { action: 'suspend', reason: '核查' });
  await until(async () => (await runsOf(id)) > 1);
  const scheduled = (await eventsOf(engine.platform.knex, id)).filter(({ event }) => event.type === 'deliveryAsked');
  expect(scheduled).toHaveLength(1);
  expect(await deliveries(id)).toHaveLength(1);
}, 120_000);

function deliveries(grantId: string): Promise<{ status: string }[]> {
  return engine.platform.knex('deliveries').where({ grant_id: grantId }).select('status');
}
