import type { Knex } from 'knex';
import { SETTINGS } from '../domain/settings.ts';

/** Deliveries that may read from one source at once where a place has set nothing: setting `transfers.per-source`. */
export const AT_ONCE = SETTINGS['transfers.per-source'].usual;
/** After so long without a sign of life a turn passes on. */
export const SILENT_AFTER_S = 30;

export interface Turn {
  readonly deliveryId: string;
  readonly sourceId: string;
  /** Deliveries that may read from the source at once. */
  readonly atOnce: number;
}

/**
 * Takes a turn at a source, or keeps the one it has, or queues for one: in the order in which the deliveries were asked
 * for, over all processes. Returns how many stand before it; 0: it is its turn. To be asked again until it is.
 */
export async function takeTurn(db: Knex, { deliveryId, sourceId, atOnce }: Turn): Promise<number> {
  return db.transaction(async (trx) => {
    // One at a time at each source, so that two never take its last place.
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`santong/turns/${sourceId}`]);
    await trx.raw(
      `insert into transfer_turns (delivery_id, source_id, asked_at, seen_at)
       select id, ?, created_at, clock_timestamp() from deliveries where id = ?
       on conflict (delivery_id) do update set seen_at = excluded.seen_at, source_id = excluded.source_id`,
      [sourceId, deliveryId],
    );
    // Whoever comes back finds the same place again, as it follows from when the delivery was asked for.
    await trx.raw(
      `delete from transfer_turns
        where source_id = ? and delivery_id <> ? and seen_at < clock_timestamp() - ? * interval '1 second'`,
      [sourceId, deliveryId, SILENT_AFTER_S],
    );
    const { rows } = await trx.raw<{ rows: { before: number }[] }>(
      `select count(*)::int as before
         from transfer_turns other join transfer_turns own on own.delivery_id = ?
        where other.source_id = own.source_id and other.delivery_id <> own.delivery_id
          and (other.held or (not own.held and (other.asked_at, other.delivery_id) < (own.asked_at, own.delivery_id)))`,
      [deliveryId],
    );
    const before = Math.max(0, (rows[0]?.before ?? 0) - atOnce + 1);
    await trx('transfer_turns')
      .where({ delivery_id: deliveryId })
      .update({ held: before === 0 });
    return before;
  });
}

/** A sign of life of whoever holds a turn. */
export async function keepTurn(db: Knex, deliveryId: string): Promise<void> {
  await db('transfer_turns')
    .where({ delivery_id: deliveryId })
    .update({ seen_at: db.raw('clock_timestamp()') });
}

export async function giveTurn(db: Knex, deliveryId: string): Promise<void> {
  await db('transfer_turns').where({ delivery_id: deliveryId }).delete();
}
