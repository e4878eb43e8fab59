import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { workflowCode } from './bundling.ts';
import { loadServersConfig, settingsOrEnd } from './config.ts';
import { createHistoryKeeper } from './history-keeper.ts';
import { recover } from './recovery.ts';
import { createReplayer } from './replayer.ts';
import { openDatabase } from './store/database.ts';

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What docs/command-line.md has for a platform that is unavailable. */
const UNREACHABLE = 3;

/** Says how far it has come, a line of JSON each time; the last one is what came of it, with every difference. */
async function main(): Promise<void> {
  const {
    databaseUrl,
    temporalAddress: address,
    temporalNamespace: namespace,
  } = settingsOrEnd(() => loadServersConfig(process.env));
  // What the SDK's core says by itself would go to standard output, among the lines of JSON.
  const logging = { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging } });
  const connection = await Connection.connect({ address }).catch((error: unknown) => {
    process.stderr.write(`The Temporal server does not answer at ${address}: ${String(error)}\n`);
    process.exit(UNREACHABLE);
  });
  const warn = (message: string): void => void process.stderr.write(`${message}\n`);
  const knex = openDatabase(databaseUrl, { max: 4, warn });
  const replayer = createReplayer({ workflowBundle: await workflowCode() });
  const histories = createHistoryKeeper(new Client({ connection, namespace }));
  try {
    const deps = { knex, histories, replayer };
    say(await recover(deps, (done) => say({ ...done, differing: done.differing.length })));
  } finally {
    await replayer.close();
    await knex.destroy();
    await connection.close();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
