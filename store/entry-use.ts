import type { Knex } from 'knex';
import { WORKING_DAY_MS } from '../domain/working-time.ts';

/** A department with a right over an entry that runs now. */
export interface EntryUser {
  readonly department: string;
  readonly items: readonly string[];
}

/** How requests for an entry were answered: by its provider, in working days begun. */
export interface EntryAnswers {
  readonly counted: number;
  readonly medianDays: number | null;
  readonly spread: readonly { readonly days: number; readonly count: number }[];
  readonly agreed: number;
  readonly partly: number;
  readonly refused: number;
}

/** What is known of how an entry's data comes, from what has come. */
export interface EntryHealth {
  readonly delivered: number;
  readonly failed: number;
  readonly lastAt: Date | null;
  readonly corrections: number;
  readonly openCorrections: number;
}

/** As many days as have a place of their own; longer ones are counted with the last. */
export const MOST_DAYS = 15;

/** Departments that hold rights over an entry now, with the items that any of these rights is for. */
export async function usersOfEntry(db: Knex, entryId: string): Promise<EntryUser[]> {
  const { rows } = await db.raw<{ rows: EntryUser[] }>(
    `select g.requester_id as department,
            array(select distinct item from grants o, jsonb_array_elements_text(o.body -> 'items') as item
                   where o.entry_id = ? and o.status = 'active' and o.requester_id = g.requester_id) as items
       from grants g where g.entry_id = ? and g.status = 'active' group by 1 order by 1`,
    [entryId, entryId],
  );
  return rows;
}

/** How the requests of the last year were answered. Takes the entry's provider, whose time it is. */
export async function answersOfEntry(
  db: Knex,
  { entryId, provider, since }: { readonly entryId: string; readonly provider: string; readonly since: Date },
): Promise<EntryAnswers> {
  const { rows } = await db.raw<{ rows: [EntryAnswers] }>(
    `with answered as (
       select c.id, c.status, sum(v.handled_ms) as ms
         from cases c join stage_visits v on v.case_id = c.id
        where c.entry_id = ? and c.kind = 'share-request' and c.opened_at >= ? and v.department_id = ?
          and v.answers > 0 and v.closed_at is not null
        group by c.id, c.status
       having c.status not in ('in-approval', 'awaiting-supplement', 'returned', 'suspended', 'withdrawn')),
     days as (select greatest(1, least(?::int, ceil(ms::numeric / ${WORKING_DAY_MS})))::int as days, count(*)::int as count
                from answered group by 1)
     select count(*)::int as counted,
            (percentile_cont(0.5) within group (order by ms) / ${WORKING_DAY_MS})::float8 as "medianDays",
            coalesce((select jsonb_agg(jsonb_build_object('days', days, 'count', count) order by days) from days), '[]') as spread,
            count(*) filter (where status not in ('refused', 'partly-completed', 'terminated'))::int as agreed,
            count(*) filter (where status = 'partly-completed')::int as partly,
            count(*) filter (where status = 'refused')::int as refused
       from answered`,
    [entryId, since, provider, MOST_DAYS],
  );
  return rows[0];
}

/** Deliveries since a moment, and what requesters have reported to be wrong (校核). */
export async function healthOfEntry(db: Knex, entryId: string, since: Date): Promise<EntryHealth> {
  const { rows } = await db.raw<{ rows: [EntryHealth] }>(
    `select count(*) filter (where d.status = 'delivered')::int as delivered,
            count(*) filter (where d.status = 'failed')::int as failed,
            max(d.ended_at) filter (where d.status = 'delivered') as "lastAt",
            (select count(*)::int from cases c where c.entry_id = ? and c.kind = 'correction' and c.opened_at >= ?) as corrections,
            (select count(*)::int from cases c where c.entry_id = ? and c.kind = 'correction' and c.ended_at is null)
              as "openCorrections"
       from grants g join deliveries d on d.grant_id = g.id
      where g.entry_id = ? and d.created_at >= ?`,
    [entryId, since, entryId, entryId, since],
  );
  return rows[0];
}
