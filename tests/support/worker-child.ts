import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startWorkers } from '../../worker.ts';
import { workflowBundle } from './servers.ts';

/** A worker in a process of its own, so that a test can kill it as a machine dies: without a word. */
const [databaseUrl = '', temporalAddress = '', temporalNamespace = '', secretKey = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const config = { databaseUrl, temporalAddress, temporalNamespace, secretKey: Buffer.from(secretKey, 'hex') };
const workers = await startWorkers(config, await workflowBundle());
process.send?.('ready');
await workers.ended;
