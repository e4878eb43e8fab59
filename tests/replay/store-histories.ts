import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { projectRoot } from '../../config.ts';
import { createOrders } from '../../orders.ts';
import { silentSinks } from '../../replayer.ts';
import { grantWorkflowId, shareRequestWorkflowId, TASK_QUEUE, TRANSFER_QUEUE } from '../../workflows/messages.ts';
import { memoryActivities } from '../support/memory-platform.ts';
import { testServerPath } from '../support/servers.ts';
import { STORIES, type Story } from './stories.ts';
import { teller } from './teller.ts';

/**
 * Makes the stored histories from real runs of the workflow code on the time-skipping Temporal server:
 *
 *     npm run test:only -- --testMatch '**\/tests/replay/store-histories.ts'
 *
 * It adds what is missing and never replaces a file: a stored history stands for the cases that ran under the code of
 * its day. To store how the present code runs a story that is stored already, give the story a new name.
 */
const FOLDER = join(projectRoot, 'tests/replay/histories');

Runtime.install({ logger: new DefaultLogger('ERROR') });

test.each(STORIES)(
  'the history of $name is stored',
  async (story) => {
    const kinds = ['share-request', 'grant'] as const;
    if (kinds.some((kind) => existsSync(join(FOLDER, kind, `${story.name}.1.json.gz`)))) return;
    const env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: testServerPath() } },
    });
    try {
      await tell(env, story);
      const caseId = `case-${story.name}`;
      if (story.keeps.includes('share-request'))
        await store(env.client, 'share-request', story.name, shareRequestWorkflowId(caseId));
      if (story.keeps.includes('grant'))
        await store(env.client, 'grant', story.name, grantWorkflowId(`${caseId}.grant`));
    } finally {
      await env.teardown();
    }
  },
  120_000,
);

async function tell(env: TestWorkflowEnvironment, story: Story): Promise<void> {
  const { deliver, ...recording } = memoryActivities(
    [...(story.deliveries ?? [])],
    createOrders(env.client).beginGrant,
  );
  const shared = { connection: env.nativeConnection, sinks: silentSinks };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUE,
      workflowsPath: join(projectRoot, 'workflows/index.ts'),
      activities: recording,
    }),
    Worker.create({ ...shared, taskQueue: TRANSFER_QUEUE, activities: { deliver } }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    await story.tell(await teller(env, story));
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}

/** Every run of the workflow, numbered in their order. */
async function store(client: Client, kind: string, name: string, workflowId: string): Promise<void> {
  const latest = await client.workflow.getHandle(workflowId).fetchHistory();
  let runId = latest.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
  for (let nth = 1; runId; nth += 1) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const path = join(FOLDER, kind, `${name}.${nth}.json.gz`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, gzipSync(historyToJSON(history)), { flag: 'wx' });
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
}
