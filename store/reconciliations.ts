import type { Knex } from 'knex';
import type { DifferenceKind } from '../domain/reconciliation/merge.ts';
import type { ReconciliationSpec, Side } from '../domain/reconciliation/spec.ts';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export type ReconciliationStatus = 'waiting' | 'running' | 'done' | 'failed';

/** What a run has counted. `same` and the kinds count keys, the rest rows. */
export interface RunCounts {
  readonly left: SideCounts;
  readonly right: SideCounts;
  readonly same: number;
  readonly differences: Readonly<Record<DifferenceKind, number>>;
  /** There are more differences than are kept. */
  readonly truncated: boolean;
}

export interface SideCounts {
  readonly version: number;
  readonly rows: number;
  /** Rows that are left out, as a part of their key is missing. */
  readonly withoutKey: number;
}

/** Why a run did not come to its end, and on which side. */
export interface RunFailure {
  readonly code: string;
  readonly side?: Side | 'explainedBy';
}

export interface Reconciliation {
  readonly id: string;
  readonly name: string;
  readonly spec: ReconciliationSpec;
  readonly left: string;
  readonly right: string;
  readonly status: ReconciliationStatus;
  readonly run: number;
  readonly rowsDone: number;
  readonly counts: RunCounts | null;
  readonly failure: RunFailure | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly askedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

const COLUMNS = `r.id, r.name, r.spec, r.left_provider_id as left, r.right_provider_id as right, r.status, r.run,
  r.rows_done::integer as "rowsDone", r.counts, r.failure, r.created_by as "createdBy", r.created_at as "createdAt",
  r.asked_at as "askedAt", r.started_at as "startedAt", r.ended_at as "endedAt"`;

export type NewReconciliation = Pick<Reconciliation, 'id' | 'spec' | 'left' | 'right' | 'createdBy'>;

/** To be run as soon as a process takes it. */
export async function insertReconciliation(trx: Knex, one: NewReconciliation): Promise<void> {
  const { id, spec, left, right, createdBy } = one;
  await trx('reconciliations').insert({
    id,
    spec: JSON.stringify(spec),
    name: spec.name,
    left_provider_id: left,
    right_provider_id: right,
    created_by: createdBy,
  });
}

/** To be run once more. False while it waits or runs. */
export async function askForRun(trx: Knex, id: string): Promise<boolean> {
  const asked = await trx('reconciliations').where({ id }).whereIn('status', ['done', 'failed']).update({
    status: 'waiting',
    failure: null,
    rows_done: 0,
    asked_at: trx.fn.now(),
    started_at: null,
    ended_at: null,
  });
  return asked > 0;
}

/** `id` must be a UUID. */
export async function findReconciliation(db: Knex, id: string, viewer: Viewer): Promise<Reconciliation | undefined> {
  const query = db('reconciliations as r').first<Reconciliation | undefined>(db.raw(COLUMNS)).where('r.id', id);
  return narrowed(query, viewer);
}

/** Those whose data is compared, the latest first. */
export async function listReconciliations(db: Knex, viewer: Viewer, page: PageRequest): Promise<Page<Reconciliation>> {
  const query = db('reconciliations as r')
    .select<(Reconciliation & { key: string })[]>(db.raw(`${COLUMNS}, r.created_at::text as key`))
    .orderByRaw('r.created_at desc, r.id desc')
    .limit(page.limit + 1);
  if (page.after) void query.whereRaw('(r.created_at, r.id) < (?::timestamptz, ?::uuid)', [...page.after]);
  const rows = (await narrowed(query, viewer)) as (Reconciliation & { key: string })[];
  return pageOf(rows, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}

function narrowed<Q extends Knex.QueryBuilder>(query: Q, viewer: Viewer): Q {
  if (!viewer.all) {
    const { department } = viewer;
    void query.where((own) => own.where('r.left_provider_id', department).orWhere('r.right_provider_id', department));
  }
  return query;
}

/** Who runs it, and how long nobody else may take it up without hearing of them. */
interface Taken {
  readonly id: string;
  readonly taker: string;
}

const LEASE = "now() + interval '5 minutes'";

/** Takes the one that has waited longest, or one whose taker has not been heard of for five minutes. */
export async function takeReconciliation(db: Knex, taker: string): Promise<Reconciliation | undefined> {
  const { rows } = await db.raw<{ rows: Reconciliation[] }>(
    `update reconciliations r set status = 'running', taken_by = ?, taken_until = ${LEASE}, rows_done = 0,
            started_at = now()
      where id = (select id from reconciliations
                   where status = 'waiting' or (status = 'running' and taken_until < now())
                   order by asked_at limit 1 for update skip locked)
      returning ${COLUMNS}`,
    [taker],
  );
  return rows[0];
}

/** Says how many rows have been read, and that the taker is alive. False when another has taken it over. */
export async function noteRun(db: Knex, { id, taker }: Taken, rowsDone: number): Promise<boolean> {
  const noted = await db('reconciliations')
    .where({ id, taken_by: taker, status: 'running' })
    .update({ rows_done: rowsDone, taken_until: db.raw(LEASE) });
  return noted > 0;
}

/** Ends a run well, in the transaction that keeps what it has found. @throws when another has taken it over */
export async function endRun(
  trx: Knex,
  { id, taker }: Taken,
  { run, counts }: { readonly run: number; readonly counts: RunCounts },
): Promise<void> {
  const ended = await trx('reconciliations')
    .where({ id, taken_by: taker, status: 'running' })
    .update({
      run,
      status: 'done',
      counts: JSON.stringify(counts),
      failure: null,
      rows_done: counts.left.rows + counts.right.rows,
      ended_at: trx.fn.now(),
    });
  if (ended !== 1) throw new Error(`The reconciliation ${id} has been taken over`);
}

/** Ends a run that found nothing out: what the run before it found stays. */
export async function failRun(db: Knex, { id, taker }: Taken, failure: RunFailure): Promise<void> {
  await db('reconciliations')
    .where({ id, taken_by: taker, status: 'running' })
    .update({ status: 'failed', failure: JSON.stringify(failure), ended_at: db.fn.now() });
}

/** Left to another process. */
export async function giveBack(db: Knex, { id, taker }: Taken): Promise<void> {
  await db('reconciliations')
    .where({ id, taken_by: taker, status: 'running' })
    .update({ status: 'waiting', taken_by: null, taken_until: null });
}
