import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from './activities/index.ts';
import { type Config, loadConfig, projectRoot } from './config.ts';
import { loadPolicies } from './policies/policy.ts';
import { createHistoryKeeper, createReplayer, silentSinks } from './replayer.ts';
import { openDatabase } from './store/database.ts';
import { TASK_QUEUE, TRANSFER_QUEUE } from './workflows/messages.ts';

/** Transfers at once in one process: each holds two connections and little memory, but a core while it runs. */
const TRANSFERS_AT_ONCE = 4;

/** The worker process: workflows and records on one task queue, deliveries on another. Resolves once it has stopped. */
async function runWorker(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, name: 'worker' });
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      log[level === 'ERROR' ? 'error' : 'warn']({ meta }, message);
    }),
    shutdownSignals: [],
  });
  const { temporalAddress: address, temporalNamespace: namespace } = config;
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const knex = openDatabase(config.databaseUrl);
  const code = workflowCode();
  const activities = createActivities({
    knex,
    policies: await loadPolicies(join(projectRoot, 'policies')),
    secretKey: config.secretKey,
    histories: createHistoryKeeper(client),
    replayer: createReplayer(code),
  });
  const { deliver, ...recording } = activities;
  const workers = await Promise.all([
    Worker.create({
      connection,
      namespace,
      taskQueue: TASK_QUEUE,
      ...code,
      activities: recording,
      sinks: silentSinks,
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
    }),
    Worker.create({
      connection,
      namespace,
      taskQueue: TRANSFER_QUEUE,
      activities: { deliver },
      maxConcurrentActivityTaskExecutions: TRANSFERS_AT_ONCE,
    }),
  ]);
  const stop = (): void => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown());
  process.once('SIGTERM', stop).once('SIGINT', stop).once('disconnect', stop);
  const runs = workers.map((worker) => worker.run());
  process.send?.({ ready: true });
  log.info({ address, namespace }, 'Worker ready');
  await Promise.all(runs);
  await knex.destroy();
  await connection.close();
  await client.connection.close();
}

/** The bundle made by the build; where there is none, the workflows are bundled from the sources. */
function workflowCode(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const codePath = join(projectRoot, 'dist', 'workflow-bundle.js');
  if (import.meta.filename.endsWith('.js') && existsSync(codePath)) return { workflowBundle: { codePath } };
  return {
    workflowsPath: join(
      import.meta.dirname,
      'workflows',
      import.meta.filename.endsWith('.ts') ? 'index.ts' : 'index.js',
    ),
  };
}

await runWorker(loadConfig(process.env));
// The SDK keeps native threads that may hold the process open after everything is closed.
process.exit(0);
