import type { Knex } from 'knex';

/**
 * How long what is told is kept, in days: from the day it was read, sent or given up. The events themselves stay for
 * ever; only the ways of telling them go. docs/operations.md has the same numbers.
 */
export const KEPT_DAYS = { outbox: 30, noticesRead: 90, notices: 365, mails: 30, delivered: 30, dead: 90 } as const;

/** Rows that are removed at once, so that nobody waits long for their locks. */
const AT_ONCE = 2_000;

/** Removes a batch of what has been kept long enough. Says whether there may be more. */
export async function sweepNotices(knex: Knex): Promise<boolean> {
  const removed = [
    await sweepOutbox(knex),
    await remove(
      knex,
      'notices',
      `read_at < ${daysAgo(KEPT_DAYS.noticesRead)} or created_at < ${daysAgo(KEPT_DAYS.notices)}`,
    ),
    await remove(knex, 'mails', `status <> 'pending' and ended_at < ${daysAgo(KEPT_DAYS.mails)}`),
    await remove(
      knex,
      'webhook_deliveries',
      `(status = 'delivered' and ended_at < ${daysAgo(KEPT_DAYS.delivered)})
        or (status = 'dead' and ended_at < ${daysAgo(KEPT_DAYS.dead)})`,
    ),
    await remove(knex, 'webhooks', `deleted_at < now() - interval '1 hour'`),
  ];
  return removed.some((rows) => rows >= AT_ONCE);
}

/** Only from the front, and the feed remembers how far: a reader who comes later is told that there is a gap. */
async function sweepOutbox(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: { removed: number }[] }>(
    `with old as (
       select o.position from outbox o
        where o.position <= (select coalesce(min(position) - 1, (select head from feed)) from outbox
                              where position is not null and recorded_at >= ${daysAgo(KEPT_DAYS.outbox)})
        order by o.position limit ${AT_ONCE}),
     gone as (delete from outbox where position in (select position from old) returning position),
     noted as (update feed set swept = greatest(swept, (select max(position) from gone)) where exists (select 1 from gone))
     select count(*)::int as removed from gone`,
  );
  return rows[0]?.removed ?? 0;
}

async function remove(knex: Knex, table: string, condition: string): Promise<number> {
  const { rowCount } = await knex.raw<{ rowCount: number }>(
    `delete from ${table} where id in (select id from ${table} where ${condition} limit ${AT_ONCE} for update skip locked)`,
  );
  return rowCount;
}

function daysAgo(days: number): string {
  return `now() - interval '${days} days'`;
}
