import type { Knex } from 'knex';

/** What is sent over PostgreSQL's NOTIFY: that there is something, and hardly ever what. */
export const CHANNELS = {
  /** Events wait to be published. */
  outbox: 'santong_outbox',
  /** There are new positions, or messages to send. */
  feed: 'santong_feed',
  /** What a decision of the gateway rests on has changed; this one says what (store/migrations/022_gateway.ts). */
  gateway: 'santong_gateway',
} as const;

/**
 * Says that there is something in the outbox, once it is committed: inside the transaction it would make all that
 * record wait for each other (docs/decisions/outbox.md). What is not heard is found by the next look.
 */
export async function announce(knex: Knex, channel: string): Promise<void> {
  try {
    await knex.raw('select pg_notify(?, ?)', [channel, '']);
  } catch {
    // The events are recorded all the same.
  }
}

/** Gives events their positions and makes nothing of them. */
export async function placeBare(
  trx: Knex,
  waiting: readonly { readonly id: number; readonly position: number; readonly streamId: string }[],
): Promise<void> {
  for (const { id, position, streamId } of waiting) {
    const place = { position, case_id: streamId, parties: [], type: 'unknown' };
    await trx('outbox')
      .where({ id })
      .update({ ...place, at: trx.ref('recorded_at') });
  }
}
