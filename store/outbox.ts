import type { Knex } from 'knex';
import type { Entry } from '../domain/journal.ts';

/** What is sent over PostgreSQL's NOTIFY: only that there is something, never what. */
export const CHANNELS = {
  /** Events wait to be published. */
  outbox: 'santong_outbox',
  /** There are new positions, or messages to send. */
  feed: 'santong_feed',
} as const;

/**
 * Puts events into the outbox. Called in the transaction that records them, by `append`, so that no event is recorded
 * without being published, and none is published that was not recorded.
 */
export async function enqueue(
  trx: Knex,
  { kind, streamId }: { readonly kind: string; readonly streamId: string },
  entries: readonly Pick<Entry<unknown>, 'seq'>[],
): Promise<void> {
  if (entries.length === 0) return;
  await trx('outbox').insert(entries.map(({ seq }) => ({ stream_kind: kind, stream_id: streamId, seq })));
}

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
