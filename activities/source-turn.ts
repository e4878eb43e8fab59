import type { Knex } from 'knex';
import { readSettings } from '../store/settings.ts';
import { AT_ONCE, giveTurn, keepTurn, takeTurn } from '../store/transfer-turns.ts';
import { TransferFailure } from './transfer/failures.ts';

/** Often enough that a turn outlives a few writes that fail. */
const SIGN_EVERY_MS = 5_000;

/**
 * Does work that reads from a source when it is the delivery's turn there, so that no department's system is asked by more
 * deliveries at once than the place allows. Throws SourceBusy, without waiting, where others come first: who waits here
 * would hold up deliveries from other sources. The place in the queue is kept for whoever asks again.
 */
export async function inTurn<T>(
  db: Knex,
  { deliveryId, sourceId }: { readonly deliveryId: string; readonly sourceId: string },
  work: () => Promise<T>,
): Promise<T> {
  const atOnce = await deliveriesAtOnce(db);
  const before = await takeTurn(db, { deliveryId, sourceId, atOnce });
  if (before > 0) throw new TransferFailure('SourceBusy', { side: 'source', before, atOnce });
  const signs = setInterval(() => {
    // A sign that does not get through is followed by the next.
    keepTurn(db, deliveryId).catch(() => {});
  }, SIGN_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(signs);
    // What is not given back passes on by itself.
    await giveTurn(db, deliveryId).catch(() => {});
  }
}

async function deliveriesAtOnce(db: Knex): Promise<number> {
  const { 'transfers.per-source': set } = await readSettings(db, 'transfers');
  return typeof set === 'number' && Number.isInteger(set) && set >= 1 ? set : AT_ONCE;
}
