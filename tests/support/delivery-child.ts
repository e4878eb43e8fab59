import { deliver } from '../../activities/transfer/deliver.ts';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { digestOf } from '../../domain/digest.ts';
import { CHANGING, GRANT, SECRET_KEY } from './transfer.ts';

/** One delivery in a process of its own, so that a test can kill it as a machine dies: without a word. */
const [sourceUrl = '', targetUrl = '', deliveryId = '', at = '', isWhole = ''] = process.argv.slice(2);
process.send?.('begun');
await deliver({
  deliveryId,
  entry: CHANGING,
  source: postgresSource('source', CHANGING.mount.sourceId, sourceUrl),
  target: postgresSource('target', 'civil-affairs-main', targetUrl),
  policyVersion: 'v1',
  policyLine: 'grant-1/1',
  grant: GRANT,
  pseudonyms: pseudonymsOf(SECRET_KEY, GRANT.id),
  previous: async () => digestOf(GRANT),
  now: () => new Date(at),
  isWhole: isWhole === 'whole',
});
process.send?.('done');
