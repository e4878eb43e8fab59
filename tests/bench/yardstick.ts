import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { decide } from './bare/workflow.ts';
import { atOnce, type Rig, startRig } from './rig.ts';

const QUEUE = 'bare';
const AT_ONCE = 50;
/** Bare workflows a second on the machine that the goals were set for: two cores, otherwise idle. */
const REFERENCE = 26;

/** How pollers grow is the same for what is measured and for what it is measured against. */
export const POLLING = {
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  activityTaskPollerBehavior: { type: 'autoscaling' },
} as const;

/** A worker for workflows of the shape of a case that decide and record nothing: what Temporal itself costs. */
export async function bareWorker({ connection }: Rig): Promise<Worker> {
  return Worker.create({
    ...POLLING,
    connection,
    taskQueue: QUEUE,
    workflowsPath: join(import.meta.dirname, 'bare', 'workflow.ts'),
    activities: { note: async () => undefined },
  });
}

/** Runs so many of them, 50 at once; how many a second. */
export async function bareRound({ client }: Rig, count: number): Promise<number> {
  const began = performance.now();
  await atOnce(AT_ONCE, count, async () => {
    const handle = await client.workflow.start('bare', { workflowId: randomUUID(), taskQueue: QUEUE, args: [] });
    for (const n of [1, 2, 3]) await handle.executeUpdate(decide, { args: [n] });
    await handle.result();
  });
  return count / ((performance.now() - began) / 1000);
}

let known: Promise<number> | undefined;

/**
 * How fast this machine is now, 1 being the one that the goals were set for. Measured once a run, with servers of its own.
 * Times multiplied by it, and rates divided by it, are what that machine would have shown.
 */
export async function machineSpeed(): Promise<number> {
  known ??= measure();
  return known;
}

async function measure(): Promise<number> {
  const rig = await startRig();
  const worker = await bareWorker(rig);
  const running = worker.run();
  try {
    await bareRound(rig, 100);
    return (await bareRound(rig, 250)) / REFERENCE;
  } finally {
    worker.shutdown();
    await running;
    await rig.close();
  }
}
