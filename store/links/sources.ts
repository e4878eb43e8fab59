import type { Knex } from 'knex';
import { type LinkAsk, type LinkRow, NOTHING } from './row.ts';

/** So long after its time, in minutes, a source that nobody has looked at is late. */
const LATE_MINUTES = 60;

const IS_MOUNTED = `exists (select from catalogue_entries e
  where e.current and e.status <> 'withdrawn' and e.body->'mount'->>'sourceId' = s.id)`;

/** Only what entries are mounted on is looked at again and again; the rest when somebody tests it. */
export const SOURCE_STATE = `case
  when s.failures > 0 then 'failing'
  when s.looked_at is null then 'waiting'
  when s.watch_at < now() - interval '${LATE_MINUTES} minutes' and ${IS_MOUNTED} then 'late'
  else 'ok' end`;

type Row = Pick<LinkRow, 'ref' | 'state' | 'title' | 'provider' | 'lastSuccessAt' | 'nextRunAt' | 'drifts'> & {
  readonly sourceKind: string;
  readonly lookedAt: Date | null;
  readonly failure: string | null;
};

/** Data sources by themselves, in the order of their ids: whether they were reached, and what has drifted. */
export async function sourceLinks(db: Knex, ask: LinkAsk): Promise<LinkRow[]> {
  const { viewer, state, department, after, limit, ref } = ask;
  const query = db('data_sources as s')
    .select<Row[]>(
      db.raw(`s.id as ref, ${SOURCE_STATE} as state, s.name as title, s.department_id as provider, s.kind as "sourceKind",
        s.looked_at as "lookedAt", s.reached_at as "lastSuccessAt", s.failure,
        case when ${IS_MOUNTED} then s.watch_at end as "nextRunAt",
        (select count(*)::int from catalogue_drifts d where d.source_id = s.id and d.settled_at is null) as drifts`),
    )
    .where('s.id', '>', after)
    .orderBy('s.id')
    .limit(limit);
  if (ref !== undefined) void query.where('s.id', ref);
  if (!viewer.all) void query.where('s.department_id', viewer.department);
  if (department !== undefined) void query.where('s.department_id', department);
  if (state !== undefined) void query.whereRaw(`${SOURCE_STATE} = ?`, [state]);
  return (await query).map(({ sourceKind, lookedAt, failure, ...row }) => ({
    ...NOTHING,
    ...row,
    kind: 'source',
    source: { id: row.ref, name: row.title, kind: sourceKind },
    reason: failure === null ? null : { code: failure },
    lastFailureAt: failure === null ? null : lookedAt,
    lastFailure: failure === null ? null : { code: failure },
  }));
}
