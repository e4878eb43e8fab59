// A dispatcher in a process of its own, so that a test can kill it as a machine dies: without a word.
import { dispatcherFor } from './dispatcher.ts';

const [databaseUrl = '', secretKey = ''] = process.argv.slice(2);
await dispatcherFor({ databaseUrl, secretKey: Buffer.from(secretKey, 'hex') });
process.send?.('ready');
