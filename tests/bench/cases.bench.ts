import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import { bundleWorkflows } from '../../bundling.ts';
import { projectRoot } from '../../config.ts';
import { taskIdOf } from '../../domain/case.ts';
import { createOrders } from '../../orders.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { createHistoryKeeper } from '../../history-keeper.ts';
import { createReplayer, silentSinks } from '../../replayer.ts';
import { act, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { filing, form, formRef, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER, storeForm } from '../support/cases.ts';
import { type Bench, median } from './measure.ts';
import { atOnce, type Rig, startRig } from './rig.ts';
import { bareRound, bareWorker, POLLING } from './yardstick.ts';

const AT_ONCE = 50;
const CASES = 300;
const ROUNDS = 3;
/** A period that has not begun, so that no delivery is measured: it has a benchmark of its own. */
const LATER = { from: '2098-01-01', to: '2099-12-31' };
const STAGES = [
  ['requester-lead', REQUESTER_LEAD],
  ['provider-reviewer', REVIEWER],
  ['provider-lead', PROVIDER_LEAD],
] as const;

/** Whole cases, from filing to the running grant, against a workflow of the same shape that does nothing. */
export const bench: Bench = {
  name: 'cases',
  async run(say) {
    const rig = await startRig();
    const workers = await startWorkers(rig);
    const runs = workers.map((worker) => worker.run());
    try {
      await bareRound(rig, AT_ONCE);
      await caseRound(rig, AT_ONCE);
      const [ours, bare]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        const order = round % 2 === 0 ? ['bare', 'ours'] : ['ours', 'bare'];
        for (const who of order) {
          const rate = who === 'ours' ? await caseRound(rig, CASES) : await bareRound(rig, CASES);
          (who === 'ours' ? ours : bare).push(rate);
          say(`${who}: ${rate.toFixed(1)} a second`);
        }
      }
      return [
        { what: 'cases / bare workflows', value: median(ours) / median(bare), unit: '', goal: { atLeast: 0.7 } },
        { what: `whole cases, ${AT_ONCE} at once`, value: median(ours), unit: '/s', runs: ours },
        { what: `bare workflows, ${AT_ONCE} at once`, value: median(bare), unit: '/s', runs: bare },
      ];
    } finally {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await rig.close();
    }
  },
};

/** The workers of the product but for the deliveries, which no part of this measures, and one for the bare workflow. */
async function startWorkers(rig: Rig): Promise<Worker[]> {
  const { knex, client, connection, secretKey } = rig;
  const workflowBundle = await bundleWorkflows();
  const { deliver: _, ...activities } = createActivities({
    knex,
    policies: await loadPolicies(join(projectRoot, 'policies')),
    secretKey,
    histories: createHistoryKeeper(client),
    replayer: createReplayer({ workflowBundle }),
    orders: createOrders(client),
  });
  return [
    await Worker.create({
      ...POLLING,
      connection,
      taskQueue: TASK_QUEUE,
      workflowBundle,
      activities,
      sinks: silentSinks,
    }),
    await bareWorker(rig),
  ];
}

/** Counted until the last grant runs as a workflow of its own, which is later than the last decision is answered. */
async function caseRound({ client, knex }: Rig, count: number): Promise<number> {
  const before = await startedGrants(client);
  const began = performance.now();
  await atOnce(AT_ONCE, count, async () => {
    const body = form({ period: LATER });
    const ref = formRef(body);
    const begin = filing(ref, { at: new Date().toISOString() });
    const { caseId } = begin.do;
    await storeForm(knex, caseId, ref, body);
    const handle = await client.workflow.start('shareRequest', {
      workflowId: shareRequestWorkflowId(caseId),
      taskQueue: TASK_QUEUE,
      args: [{ streamId: caseId, begin, grantsBeginAtRecord: true }],
    });
    for (const [stage, actor] of STAGES) {
      const id = randomUUID();
      const approve = { action: 'approve', taskId: taskIdOf(caseId, stage, 1), seen: ref.digest } as const;
      const command = { id, at: new Date().toISOString(), actor, do: approve };
      await handle.executeUpdate(act, { args: [command], updateId: id });
    }
  });
  while ((await startedGrants(client)) < before + count) await new Promise((resolve) => setTimeout(resolve, 20));
  return count / ((performance.now() - began) / 1000);
}

async function startedGrants(client: Rig['client']): Promise<number> {
  return (await client.workflow.count("WorkflowType = 'grant'")).count;
}
