import type { Knex } from 'knex';
import { type LinkAsk, type LinkRow, type LinkReason, type LinkRuns, NOTHING, RUNS_SHOWN } from './row.ts';

/** So long after its time, in minutes, a run that has not begun is late. */
const LATE_MINUTES = 15;

/** Grants that data goes along, with the delivery under way. */
export const LIVE_GRANTS = `grants g left join deliveries r on r.id = g.state->>'running'`;

/** Those of `LIVE_GRANTS` that are links: what is over is none. */
export const IS_LIVE = `g.status in ('active', 'suspended')`;

/** The state of each, which list, counts and alerts all go by. Whoever calls a service finds out for themselves: no run is late. */
export const GRANT_STATE = `case
  when g.status = 'suspended' then 'suspended'
  when g.body->>'mode' = 'service' then 'ok'
  when g.state->'lastReport'->>'outcome' = 'failed' or coalesce(r.reason->>'code', 'SourceBusy') <> 'SourceBusy' then 'failing'
  when g.next_run_at < now() - interval '${LATE_MINUTES} minutes'
    or (r.status = 'waiting' and r.reason is null and r.created_at < now() - interval '${LATE_MINUTES} minutes') then 'late'
  when r.status = 'waiting' or coalesce((g.state->>'delivered')::boolean, false) is false then 'waiting'
  else 'ok' end`;

/** Since when something is owed: the first delivery asked for after the last that came through, or a run whose time is past. */
export const OWED_SINCE = `least(
  (select min(d.created_at) from deliveries d
    where d.grant_id = g.id and d.status <> 'delivered' and d.created_at > coalesce(ok.created_at, '-infinity')),
  case when g.next_run_at < now() then g.next_run_at end)`;

/** The few grants that can be late or failing, each found by an index. */
export const TROUBLED = `g.id in (
  select id from grants where state->'lastReport'->>'outcome' = 'failed'
  union select id from grants where next_run_at < now()
  union select grant_id from deliveries where status in ('waiting', 'running'))`;

interface Row {
  readonly ref: string;
  readonly state: LinkRow['state'];
  readonly title: string;
  readonly provider: string;
  readonly requester: string;
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly sourceKind: string | null;
  readonly targetId: string | null;
  readonly targetName: string | null;
  readonly number: string;
  readonly mode: string;
  readonly fileTo: string | null;
  readonly schedule: LinkRow['schedule'];
  readonly reason: LinkReason | null;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastFailure: LinkReason | null;
  readonly nextRunAt: Date | null;
  readonly owedSince: Date | null;
  readonly lastStartedAt: Date | null;
  readonly dataUpTo: string | null;
  readonly updateCycle: string | null;
  readonly runs: LinkRuns;
}

/** The grants as links, in the order of their ids. */
export async function grantLinks(db: Knex, ask: LinkAsk): Promise<LinkRow[]> {
  const { viewer, state, department, after, limit, ref } = ask;
  const query = db
    .select<Row[]>(
      db.raw(`g.id as ref, ${GRANT_STATE} as state, e.name as title, g.provider_id as provider,
        g.requester_id as requester, s.id as "sourceId", s.name as "sourceName", s.kind as "sourceKind",
        t.id as "targetId", t.name as "targetName", g.number, g.body->>'mode' as mode,
        g.body->'file'->>'to' as "fileTo", g.state->'schedule' as schedule,
        case when r.id is not null then r.reason
             when g.state->'lastReport'->>'outcome' = 'failed' then bad.reason end as reason,
        ok.ended_at as "lastSuccessAt", bad.ended_at as "lastFailureAt", bad.reason as "lastFailure",
        g.next_run_at as "nextRunAt", ${OWED_SINCE} as "owedSince",
        coalesce(ok.started_at, ok.created_at) as "lastStartedAt", ok.manifest->'mark'->>'to' as "dataUpTo",
        e.body->>'updateCycle' as "updateCycle", runs.runs`),
    )
    .from(db.raw(LIVE_GRANTS))
    .joinRaw(
      `join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
       left join data_sources s on s.id = e.body->'mount'->>'sourceId'
       left join lateral (select id, name from data_sources
         where department_id = g.requester_id and kind = 'postgresql' order by created_at, id limit 1) t on true
       left join lateral (select created_at, started_at, ended_at, manifest from deliveries
         where grant_id = g.id and status = 'delivered' order by created_at desc limit 1) ok on true
       left join lateral (select ended_at, reason from deliveries
         where grant_id = g.id and status = 'failed' order by created_at desc limit 1) bad on true
       cross join lateral (select json_build_object('count', count(*), 'failed', count(*) filter (where status = 'failed'),
           'rows', coalesce(sum((manifest->>'rows')::float8) filter (where status = 'delivered'), 0),
           'bytes', coalesce(sum((manifest->>'bytes')::float8) filter (where status = 'delivered'), 0)) as runs
         from (select status, manifest from deliveries
                where grant_id = g.id and status in ('delivered', 'failed')
                order by created_at desc limit ${RUNS_SHOWN}) l) runs`,
    )
    .whereRaw(IS_LIVE)
    .andWhere('g.id', '>', after)
    .orderBy('g.id')
    .limit(limit);
  if (ref !== undefined) void query.where('g.id', ref);
  if (!viewer.all) void query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
  if (department !== undefined) void query.whereRaw('? in (g.requester_id, g.provider_id)', [department]);
  if (state !== undefined) void query.whereRaw(`${GRANT_STATE} = ?`, [state]);
  return (await query).map(linkOf);
}

function linkOf(row: Row): LinkRow {
  const { sourceId, sourceName, sourceKind, targetId, targetName, number, mode, fileTo, ...rest } = row;
  const toDatabase = { place: 'database', id: targetId, name: targetName };
  return {
    ...NOTHING,
    ...rest,
    kind: 'grant',
    source: sourceId === null ? null : { id: sourceId, name: sourceName ?? sourceId, kind: sourceKind ?? '' },
    target: mode === 'batch' ? toDatabase : { place: fileTo ?? mode, id: null, name: null },
    grant: { id: row.ref, number, mode },
  };
}

/** One run of a link, as it ended. */
export interface LinkRun {
  readonly id: string;
  readonly status: 'delivered' | 'failed';
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly rows: number;
  readonly bytes: number;
  readonly isIncrement: boolean;
  readonly reason: LinkReason | null;
}

/** The last runs of a grant, newest first. */
export async function runsOf(db: Knex, grantId: string): Promise<LinkRun[]> {
  return db('deliveries')
    .where({ grant_id: grantId })
    .whereIn('status', ['delivered', 'failed'])
    .orderBy('created_at', 'desc')
    .limit(RUNS_SHOWN)
    .select<LinkRun[]>(
      db.raw(`id, status, started_at as "startedAt", ended_at as "endedAt", reason,
        coalesce((manifest->>'rows')::float8, 0) as rows, coalesce((manifest->>'bytes')::float8, 0) as bytes,
        manifest->'changes' is not null as "isIncrement"`),
    );
}
