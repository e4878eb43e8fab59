import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadConfig, projectRoot, settingsOrEnd } from '../config.ts';
import { createLogger } from '../logger.ts';
import { createAddressGuard } from '../notices/addresses.ts';
import { logDaysOf } from '../domain/gateway.ts';
import { loadPolicies } from '../policies/policy.ts';
import { createMeter } from '../metrics/registry.ts';
import { openDatabase } from '../store/database.ts';
import { dropOldCalls } from '../store/gateway-calls.ts';
import { readSettings } from '../store/settings.ts';
import { createApp } from './app.ts';
import { commandRunner } from './command-runner.ts';
import { startCourier } from './courier.ts';
import { CHANNEL_ARGS, createEngine } from './engine.ts';
import { createFeed } from './feed.ts';
import { createGateway } from './gateway/gateway.ts';
import { startRounds } from './rounds.ts';

/** Requests under way when the process is told to end get this long, in milliseconds. */
const GRACE_MS = 10_000;
/** When nothing was heard of a statement for so long, in milliseconds, the database may hang: if it does, whoever asks is told to come again. */
const SILENCE_MS = 15_000;
/** How often migrations that a process left are looked for, in milliseconds. */
const MIGRATIONS_MS = 5_000;
/** The same of files of the catalogue. */
const IMPORTS_MS = 10_000;
/** The same of reconciliations. */
const RECONCILIATIONS_MS = 10_000;
/** The same of sources that are due to be looked at, and of tasks for what has drifted. */
const WATCH_MS = 30_000;
/** How often what alerts watch is held against their rules. */
const ALERTS_MS = 30_000;
/** The same of calls that are older than they are kept. */
const OLD_CALLS_MS = 3_600_000;

const config = settingsOrEnd(() => loadConfig(process.env));
const logger = createLogger('api', config.logLevel);
const db = openDatabase(config.databaseUrl, {
  silenceMs: SILENCE_MS,
  warn: (message) => logger.warn({ message }, 'database'),
});
// Lazy: the API starts, says that it is not ready, and keeps commands while Temporal is away.
const connection = Connection.lazy({ address: config.temporalAddress, channelArgs: CHANNEL_ARGS });
const engine = createEngine(new Client({ connection, namespace: config.temporalNamespace }));
const policies = await loadPolicies(join(projectRoot, 'policies'));
const feed = createFeed({ db, databaseUrl: config.databaseUrl, logger });
const gateway = createGateway({
  db,
  policies,
  logger,
  databaseUrl: config.databaseUrl,
  secretKey: config.secretKey,
  guard: createAddressGuard(config.sourceNetworks),
});
const meter = createMeter({ process: true });
const portalFolder = join(projectRoot, 'dist', 'portal');
const deps = { db, engine, policies, logger, feed, gateway, outside: config, meter, portalFolder };
const { koa, moving, importing, reconciling, watching, alerting, metrics } = createApp(deps);
const courier = startCourier({ db, logger, engine, commands: commandRunner({ ...deps, metrics }) });
const migrations = startRounds(moving.round, { logger, everyMs: MIGRATIONS_MS, name: 'migrations' });
const imports = startRounds(importing.round, { logger, everyMs: IMPORTS_MS, name: 'catalogue imports' });
const reconciliations = startRounds(reconciling.round, {
  logger,
  everyMs: RECONCILIATIONS_MS,
  name: 'reconciliations',
});
const watch = startRounds(watching.round, { logger, everyMs: WATCH_MS, name: 'watch for drift' });
const alerts = startRounds(alerting.round, { logger, everyMs: ALERTS_MS, name: 'alerts' });
const oldCalls = startRounds(dropCalls, { logger, everyMs: OLD_CALLS_MS, name: 'calls that are kept no longer' });
const answer = koa.callback();
const server = createServer((request, response) => void answer(request, response));

server.listen(config.port, config.host, () => {
  const { port } = server.address() as AddressInfo;
  logger.info({ host: config.host, port }, 'listening');
  process.send?.({ ready: true, port });
});
server.once('error', (err) => {
  logger.fatal({ err }, 'the API cannot listen: choose another port with SANTONG_PORT');
  process.exit(1);
});

async function dropCalls(): Promise<void> {
  const { 'gateway.log-days': days } = await readSettings(db, 'gateway');
  await dropOldCalls(db, logDaysOf(days));
}

let stopping = false;

/** Takes no new request, answers those under way, and ends. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  // Those who listen would go on listening.
  await feed.stop();
  const rounds = [migrations, imports, reconciliations, watch, alerts, oldCalls];
  const halted = [moving.halt(), importing.halt(), reconciling.halt(), watching.halt()];
  await Promise.all([closed, courier.stop(), ...halted, ...rounds.map((round) => round.stop())]);
  // Once nothing is answered any more: what was called goes on record.
  await gateway.stop();
  await db.destroy();
  await connection.close();
  process.exit(0);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
process.once('disconnect', () => void stop());
