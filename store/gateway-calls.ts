import type { Knex } from 'knex';
import type { CallOutcome } from '../domain/gateway.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** One call as it is kept. */
export interface CallRow {
  readonly at: Date;
  readonly requestId: string;
  readonly grantId: string;
  readonly keyId: string;
  readonly serviceId: string;
  readonly outcome: CallOutcome;
  readonly status: number;
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
}

/** One that is to be written, with when it came (RFC 3339). */
export type NewCall = Omit<CallRow, 'at'> & { readonly at: string };

/** Any number that nothing else locks. */
const PARTITION_LOCK = 7_265_748;

/** Writes calls once: a batch that is handed over again is known by its id. Their days are counted in the same transaction. */
export async function insertCalls(db: Knex, batchId: string, calls: readonly NewCall[]): Promise<void> {
  await db.transaction(async (trx) => {
    const { rowCount } = await trx.raw<{ rowCount: number }>(
      'insert into gateway_batches (id) values (?) on conflict do nothing',
      [batchId],
    );
    if (rowCount === 0) return;
    await partitionsFor(trx, calls);
    await trx.raw(
      `with calls as (
         insert into gateway_calls (at, request_id, grant_id, key_id, service_id, outcome, status, rows, bytes, ms)
         select * from unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[],
                              ?::integer[], ?::bigint[], ?::real[])
         returning *)
       insert into gateway_usage as u (day, grant_id, service_id, outcome, calls, rows, bytes, ms)
       select (at at time zone 'Asia/Shanghai')::date as day, grant_id, service_id, outcome, count(*), sum(rows), sum(bytes),
              sum(ms)
         from calls group by day, grant_id, service_id, outcome
        -- In one order, so that two processes never wait for each other's.
        order by grant_id, service_id, day, outcome
       on conflict (grant_id, service_id, day, outcome) do update set
         calls = u.calls + excluded.calls, rows = u.rows + excluded.rows, bytes = u.bytes + excluded.bytes,
         ms = u.ms + excluded.ms`,
      [
        calls.map(({ at }) => at),
        calls.map(({ requestId }) => requestId),
        calls.map(({ grantId }) => grantId),
        calls.map(({ keyId }) => keyId),
        calls.map(({ serviceId }) => serviceId),
        calls.map(({ outcome }) => outcome),
        calls.map(({ status }) => status),
        calls.map(({ rows }) => rows),
        calls.map(({ bytes }) => bytes),
        calls.map(({ ms }) => ms),
      ],
    );
  });
}

/** A partition for each month (UTC) that calls are of. */
async function partitionsFor(trx: Knex, calls: readonly NewCall[]): Promise<void> {
  const months = [...new Set(calls.map(({ at }) => new Date(at).toISOString().slice(0, 7)))].toSorted();
  const names = months.map((month) => `gateway_calls_${month.replace('-', '_')}`);
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    'select name from unnest(?::text[]) as name where to_regclass(name) is null',
    [names],
  );
  if (rows.length === 0) return;
  await trx.raw('select pg_advisory_xact_lock(?)', [PARTITION_LOCK]);
  for (const month of months) {
    const [year = 0, number = 0] = month.split('-').map(Number);
    const next = new Date(Date.UTC(year, number, 1)).toISOString();
    await trx.raw(
      `create table if not exists ?? partition of gateway_calls for values from ('${month}-01T00:00:00Z') to ('${next}')`,
      [`gateway_calls_${month.replace('-', '_')}`],
    );
  }
}

/** Removes months of which every call is older than so many days. What they come to by day stays. Says how many. */
export async function dropOldCalls(db: Knex, days: number): Promise<number> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'gateway_calls'::regclass and c.relname ~ '^gateway_calls_\\d{4}_\\d{2}$'
        and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < (now() at time zone 'UTC') - make_interval(days => ?)`,
    [days],
  );
  for (const { name } of rows) await db.raw('drop table if exists ??', [name]);
  await db('gateway_batches').whereRaw(`at < now() - interval '1 day'`).delete();
  return rows.length;
}

export interface CallFilter {
  readonly grantId: string;
  readonly outcome?: string;
}

/** Calls under a grant, the newest first. */
export async function listCalls(db: Knex, filter: CallFilter, page: PageRequest): Promise<Page<CallRow>> {
  const query = db('gateway_calls as c')
    .select<(CallRow & { key: string })[]>(
      db.raw(`c.at, c.request_id as "requestId", c.grant_id as "grantId", c.key_id as "keyId",
        c.service_id as "serviceId", c.outcome, c.status, c.rows, c.bytes, c.ms, c.at::text as key`),
    )
    .where('c.grant_id', filter.grantId)
    .orderByRaw('c.at desc, c.request_id desc')
    .limit(page.limit + 1);
  if (filter.outcome !== undefined) void query.where('c.outcome', filter.outcome);
  if (page.after) void query.whereRaw('(c.at, c.request_id) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.requestId], read: withoutKey });
}

export interface UsageRow {
  readonly day: string;
  readonly grantId: string;
  readonly serviceId: string;
  readonly outcome: CallOutcome;
  readonly calls: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of all of them together. */
  readonly ms: number;
}

export interface UsageFilter {
  /** Calendar dates in Asia/Shanghai, both included. */
  readonly from: string;
  readonly to: string;
  readonly grantId?: string;
  readonly serviceId?: string;
}

/** What was called, by day: of grants that the department gave or was given. */
export async function usageOf(
  db: Knex,
  { from, to, grantId, serviceId }: UsageFilter,
  viewer: { readonly all: true } | { readonly all: false; readonly department: string },
): Promise<UsageRow[]> {
  const query = db('gateway_usage as u')
    .join('grants as g', 'g.id', 'u.grant_id')
    .select<UsageRow[]>(
      db.raw(`u.day, u.grant_id as "grantId", u.service_id as "serviceId", u.outcome, u.calls, u.rows, u.bytes, u.ms`),
    )
    .whereBetween('u.day', [from, to])
    .orderBy(['u.day', 'u.grant_id', 'u.service_id', 'u.outcome'])
    .limit(10_000);
  if (!viewer.all) void query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
  if (grantId !== undefined) void query.where('u.grant_id', grantId);
  if (serviceId !== undefined) void query.where('u.service_id', serviceId);
  return query;
}
