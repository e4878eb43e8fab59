import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from './activities/index.ts';
import type { Destinations } from './activities/transfer/file/make.ts';
import { sweepFolders } from './activities/transfer/file/folder-place.ts';
import { workflowCode } from './bundling.ts';
import { type Config, loadConfig, projectRoot, settingsOrEnd } from './config.ts';
import { createHistoryKeeper } from './history-keeper.ts';
import { createLogger } from './logger.ts';
import { createOrders } from './orders.ts';
import { type Dispatcher, startDispatcher } from './notices/dispatcher.ts';
import { createAddressGuard } from './notices/addresses.ts';
import { listenForScrapes } from './metrics/listener.ts';
import { createMeter } from './metrics/registry.ts';
import { countedPolicies } from './metrics/sharing.ts';
import { workerMetrics } from './metrics/worker.ts';
import { loadPolicies } from './policies/policy.ts';
import { hearsOfAll } from './policies/webhook-reach.ts';
import { createReplayer, silentSinks } from './replayer.ts';
import { guardedSocket } from './sources/guarded-socket.ts';
import { openDatabase } from './store/database.ts';
import { TASK_QUEUE, TRANSFER_QUEUE } from './workflows/messages.ts';

type WorkerConfig = Pick<Config, 'databaseUrl' | 'temporalAddress' | 'temporalNamespace' | 'secretKey'> &
  Partial<Pick<Config, 'sourceNetworks' | 'deliveryFolders' | 's3'>>;

/** Transfers at once in one process: each holds two connections and little memory, but a core while it runs. */
const TRANSFERS_AT_ONCE = 4;

export interface RunningWorkers {
  /** Takes no more work, lets what is under way end or go back to the queue, and closes every connection. */
  stop(): Promise<void>;
  /** Resolves once stopped; rejects if a worker cannot go on. */
  readonly ended: Promise<void>;
}

/** Whoever starts a worker by itself is told which setting to look at. */
class TemporalAway extends Error {
  override readonly name = 'TemporalAway';

  constructor(address: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `SANTONG_TEMPORAL_ADDRESS 指定的 Temporal 服务器（${address}）没有应答：${why}\n` +
        `The Temporal server at ${address}, which SANTONG_TEMPORAL_ADDRESS names, does not answer: ${why}`,
      { cause },
    );
  }
}

/**
 * Workflows and records on one task queue, deliveries and what reads them again on another, in this process.
 * @throws {TemporalAway}
 */
export async function startWorkers(
  config: WorkerConfig,
  code?: WorkflowBundleOption,
  more: Pick<Parameters<typeof createActivities>[0], 'effects' | 'metrics'> = {},
): Promise<RunningWorkers> {
  const { temporalAddress: address, temporalNamespace: namespace } = config;
  const connection = await NativeConnection.connect({ address }).catch((error: unknown) => {
    throw new TemporalAway(address, error);
  });
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const knex = openDatabase(config.databaseUrl);
  const workflowBundle = code ?? (await workflowCode());
  const replayer = createReplayer({ workflowBundle });
  const policies = await loadPolicies(join(projectRoot, 'policies'));
  const { deliver, verify, ...recording } = createActivities({
    knex,
    policies: more.metrics ? countedPolicies(policies, more.metrics.asks) : policies,
    secretKey: config.secretKey,
    guardedSocket: guardedSocket(createAddressGuard(config.sourceNetworks ?? [])),
    destinations: destinationsOf(config),
    histories: createHistoryKeeper(client),
    replayer,
    orders: createOrders(client),
    ...more,
  });
  if (config.deliveryFolders !== undefined) await sweepFolders(config.deliveryFolders);
  const workers = await Promise.all([
    Worker.create({
      connection,
      namespace,
      taskQueue: TASK_QUEUE,
      workflowBundle,
      activities: recording,
      sinks: silentSinks,
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
    }),
    Worker.create({
      connection,
      namespace,
      taskQueue: TRANSFER_QUEUE,
      activities: { deliver, verify },
      maxConcurrentActivityTaskExecutions: TRANSFERS_AT_ONCE,
      // A heartbeat's answer is how a delivery hears that its grant was suspended.
      maxHeartbeatThrottleInterval: '2 seconds',
    }),
  ]);
  const ended = Promise.all(workers.map((worker) => worker.run())).then(async () => {
    await replayer.close();
    await knex.destroy();
    await connection.close();
    await client.connection.close();
  });
  return {
    ended,
    stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      return ended;
    },
  };
}

function destinationsOf({ deliveryFolders, s3 }: WorkerConfig): Destinations {
  return { ...(deliveryFolders === undefined ? {} : { folders: deliveryFolders }), ...(s3 ? { s3 } : {}) };
}

/** Here and not in the API: where events are recorded they are told, and slow receivers hold up no request. */
async function startTelling(config: Config, logger: Logger): Promise<Dispatcher> {
  const { databaseUrl, secretKey, webhookNetworks, smtpUrl, mailFrom, publicUrl } = config;
  const policies = await loadPolicies(join(projectRoot, 'policies'));
  return startDispatcher({
    databaseUrl,
    secretKey,
    webhookNetworks,
    logger,
    seesAll: (department) => hearsOfAll(policies, department),
    ...(smtpUrl !== undefined && mailFrom !== undefined ? { mail: { smtpUrl, from: mailFrom } } : {}),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
}

async function main(config: Config): Promise<void> {
  const log = createLogger('worker', config.logLevel);
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      log[level === 'ERROR' ? 'error' : 'warn']({ meta }, message);
    }),
    shutdownSignals: [],
    telemetryOptions: {
      // The SDK's native part would write to the console itself, and end on a full disk.
      logging: { forward: {} },
      ...(config.temporalMetrics === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: config.temporalMetrics } } }),
    },
  });
  const meter = createMeter({ process: true });
  const metrics = workerMetrics(meter);
  const { workerMetrics: at, metricsToken: token } = config;
  const scrapes = at && (await listenForScrapes(meter.registry, { ...at, token }));
  if (scrapes) log.info({ host: at.host, port: scrapes.port }, 'Metrics at /metrics');
  const workers = await startWorkers(config, undefined, { metrics });
  const dispatcher = await startTelling(config, log);
  const stop = (): void => void workers.stop();
  process.once('SIGTERM', stop).once('SIGINT', stop).once('disconnect', stop);
  process.send?.({ ready: true });
  log.info({ address: config.temporalAddress, namespace: config.temporalNamespace }, 'Worker ready');
  await workers.ended.finally(() => Promise.all([dispatcher.stop(), scrapes?.close()]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(settingsOrEnd(() => loadConfig(process.env))).catch((error: unknown) => {
    if (!(error instanceof TemporalAway)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  // The SDK keeps native threads that may hold the process open after everything is closed.
  process.exit(0);
}
