import type { Knex } from 'knex';
import { WORKING_DAY_MS } from '../domain/working-time.ts';

/** What the public is told of sharing as a whole; of no case, no department's tardiness and no person. */
export interface OpenFigures {
  /** Departments that offer at least one entry. */
  readonly departments: number;
  readonly entries: number;
  readonly grants: number;
  /** Departments that hold a grant in force. */
  readonly users: number;
  /** Needs stated, and those of them that are met. */
  readonly needs: number;
  readonly needsMet: number;
  /** Requests answered by their provider within the last year. */
  readonly answered: number;
  /** Working days that half of the answers took at most; null where there are none. */
  readonly medianDays: number | null;
  /** Answers that had a limit of the law, and those of them given within it. */
  readonly limited: number;
  readonly onTime: number;
}

export interface OpenShare {
  /** A department's id, a theme (empty: none) or a share type. */
  readonly id: string;
  readonly entries: number;
  readonly grants: number;
}

export const OPEN_SIDES = ['provider', 'theme', 'shareType'] as const;
export type OpenSide = (typeof OPEN_SIDES)[number];

export async function openFigures(db: Knex, since: Date): Promise<OpenFigures> {
  const { rows } = await db.raw<{ rows: [OpenFigures] }>(
    `with answers as (
       select v.handled_ms as ms, v.due_on, (v.answered_at at time zone 'Asia/Shanghai')::date as answered_on
         from stage_visits v join cases c on c.id = v.case_id
        where c.kind = 'share-request' and c.opened_at >= ? and v.department_id = c.provider_id
          and v.answers > 0 and v.closed_at is not null)
     select (select count(distinct provider_id) from catalogue_search)::int as departments,
            (select count(*) from catalogue_search)::int as entries,
            (select count(*) from grants where status = 'active')::int as grants,
            (select count(distinct requester_id) from grants where status = 'active')::int as users,
            (select count(*) from needs where status <> 'withdrawn')::int as needs,
            (select count(*) from needs where status = 'met')::int as "needsMet",
            (select count(*) from answers)::int as answered,
            (select (percentile_cont(0.5) within group (order by ms) / ${WORKING_DAY_MS})::float8 from answers) as "medianDays",
            (select count(*) from answers where due_on is not null)::int as limited,
            (select count(*) from answers where due_on is not null and answered_on <= due_on)::int as "onTime"`,
    [since],
  );
  return rows[0];
}

const COLUMN: Readonly<Record<OpenSide, string>> = {
  provider: 's.provider_id',
  theme: `coalesce(s.theme, '')`,
  shareType: 's.share_type',
};

/** Entries and grants in force by provider, theme or share type, the most entries first. */
export async function openShares(db: Knex, side: OpenSide): Promise<OpenShare[]> {
  const { rows } = await db.raw<{ rows: OpenShare[] }>(
    `select ${COLUMN[side]} as id, count(*)::int as entries, coalesce(sum(g.n), 0)::int as grants
       from catalogue_search s
       left join (select entry_id, count(*) as n from grants where status = 'active' group by 1) g using (entry_id)
      group by 1 order by entries desc, 1`,
  );
  return rows;
}
