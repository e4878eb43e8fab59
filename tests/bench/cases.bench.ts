import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import { projectRoot } from '../../config.ts';
import { taskIdOf } from '../../domain/case.ts';
import { createOrders } from '../../orders.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { createHistoryKeeper } from '../../history-keeper.ts';
import { createReplayer, silentSinks } from '../../replayer.ts';
import { act, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { filing, form, formRef, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER, storeForm } from '../support/cases.ts';
import { decide } from './bare/workflow.ts';
import { type Bench, median } from './measure.ts';
import { atOnce, type Rig, startRig } from './rig.ts';

const AT_ONCE = 50;
const CASES = 300;
const ROUNDS = 3;
const BARE_QUEUE = 'bare';
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
async function startWorkers({ knex, client, connection, secretKey }: Rig): Promise<Worker[]> {
  const bundle = (path: string): Promise<{ code: string }> =>
    bundleWorkflowCode({ workflowsPath: join(projectRoot, path), logger: new DefaultLogger('ERROR') });
  const [ours, bare] = [await bundle('workflows/index.ts'), await bundle('tests/bench/bare/workflow.ts')];
  const { deliver: _, ...activities } = createActivities({
    knex,
    policies: await loadPolicies(join(projectRoot, 'policies')),
    secretKey,
    histories: createHistoryKeeper(client),
    replayer: createReplayer({ workflowBundle: ours }),
    orders: createOrders(client),
  });
  const polling = {
    connection,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
  } as const;
  return [
    await Worker.create({ ...polling, taskQueue: TASK_QUEUE, workflowBundle: ours, activities, sinks: silentSinks }),
    await Worker.create({
      ...polling,
      taskQueue: BARE_QUEUE,
      workflowBundle: bare,
      activities: { note: async () => undefined },
    }),
  ];
}

async function bareRound({ client }: Rig, count: number): Promise<number> {
  const began = performance.now();
  await atOnce(AT_ONCE, count, async () => {
    const handle = await client.workflow.start('bare', { workflowId: randomUUID(), taskQueue: BARE_QUEUE, args: [] });
    for (const n of [1, 2, 3]) await handle.executeUpdate(decide, { args: [n] });
    await handle.result();
  });
  return count / ((performance.now() - began) / 1000);
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
      args: [{ streamId: caseId, begin }],
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
