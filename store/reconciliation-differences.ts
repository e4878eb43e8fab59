import type { Knex } from 'knex';
import type { DifferenceKind } from '../domain/reconciliation/merge.ts';
import type { Settlement } from '../domain/reconciliation/settling.ts';
import { type Page, pageOf, type PageRequest } from './keyset.ts';

/** Key and values by the pairs of the spec; a value that is sensitive is null, and `differs` tells whether it is another. */
export interface DifferenceBody {
  readonly key: readonly string[];
  readonly left?: readonly (string | null)[];
  readonly right?: readonly (string | null)[];
  /** Of `differs`: the places of the pairs that do. */
  readonly differs?: readonly number[];
  /** Of `repeated`: how often the key is there. */
  readonly times?: { readonly left: number; readonly right: number };
}

export interface Explanation {
  readonly before: string | null;
  readonly after: string | null;
  readonly on: string | null;
  readonly shown: readonly (string | null)[];
}

export interface NewDifference {
  readonly id: string;
  readonly kind: DifferenceKind;
  readonly body: DifferenceBody;
  readonly digest: string;
  readonly explanations: readonly Explanation[];
}

export interface SettlementRow {
  readonly decision: Settlement;
  readonly reason: string;
  readonly person: string;
  readonly department: string;
  readonly at: Date;
  readonly run: number;
}

/** `open`: nobody has settled it as it is now; `gone`: the last run found it no more. */
export const DIFFERENCE_STATES = ['open', 'settled', 'gone'] as const;
export type DifferenceState = (typeof DIFFERENCE_STATES)[number];

export interface DifferenceRow extends NewDifference {
  readonly state: DifferenceState;
  readonly firstRun: number;
  readonly lastRun: number;
  readonly position: number;
  /** Who settled it as it is now. */
  readonly settlement: SettlementRow | null;
  /** What was said of it before, latest first: of another state of it, or by whoever has changed their mind. */
  readonly earlier: readonly (Omit<SettlementRow, 'at'> & { readonly at: string })[];
}

const STATE = `case when d.last_run < r.run then 'gone' when d.settlement_id is null then 'open' else 'settled' end`;

const COLUMNS = `d.id, d.kind, d.body, d.digest, d.explanations, d.first_run as "firstRun", d.last_run as "lastRun",
  d.position, ${STATE} as state,
  case when s.id is not null then json_build_object('decision', s.decision, 'reason', s.reason, 'person', s.person_id,
    'department', s.department_id, 'at', s.at, 'run', s.run) end as settlement,
  coalesce((select json_agg(json_build_object('decision', e.decision, 'reason', e.reason, 'person', e.person_id,
    'department', e.department_id, 'at', e.at, 'run', e.run) order by e.id desc)
    from reconciliation_settlements e where e.difference_id = d.id and e.id is distinct from d.settlement_id), '[]')
    as earlier`;

const FROM = `from reconciliation_differences d join reconciliations r on r.id = d.reconciliation_id
  left join reconciliation_settlements s on s.id = d.settlement_id`;

type Fetched = Omit<DifferenceRow, 'settlement'> & {
  readonly settlement: (Omit<SettlementRow, 'at'> & { readonly at: string }) | null;
};

/**
 * Keeps what a run has found, in the order in which it is given. A settlement stays with a difference that the run before
 * found as well and that has not changed since, unless it said that the source was mended, which this run disproves.
 */
export async function keepDifferences(
  trx: Knex,
  { id, run, startedAt }: { readonly id: string; readonly run: number; readonly startedAt: Date },
  found: readonly NewDifference[],
): Promise<void> {
  for (let at = 0; at < found.length; at += 500) {
    const rows = found.slice(at, at + 500).map((one, index) => ({ ...one, position: at + index }));
    await trx.raw(
      `insert into reconciliation_differences as d
         (id, reconciliation_id, kind, body, digest, explanations, first_run, last_run, position)
       select v.id, ?, v.kind, v.body, v.digest, v.explanations, ?, ?, v.position
         from jsonb_to_recordset(?::jsonb) as v(id uuid, kind text, body jsonb, digest text, explanations jsonb,
                                               position integer)
       on conflict (id) do update
          set kind = excluded.kind, body = excluded.body, digest = excluded.digest,
              explanations = excluded.explanations, last_run = excluded.last_run, position = excluded.position,
              settlement_id = case
                when d.digest = excluded.digest and d.last_run = excluded.last_run - 1
                 and not exists (select from reconciliation_settlements s
                                  where s.id = d.settlement_id and s.decision = 'mended' and s.at < ?)
                then d.settlement_id end`,
      [id, run, run, JSON.stringify(rows), startedAt],
    );
  }
}

export interface DifferenceFilter {
  readonly kind?: DifferenceKind;
  readonly state?: DifferenceState;
}

/** In the order of their keys; what is gone is shown only where it is asked for. */
export async function listDifferences(
  db: Knex,
  reconciliationId: string,
  { filter: { kind, state }, page }: { readonly filter: DifferenceFilter; readonly page: PageRequest },
): Promise<Page<DifferenceRow>> {
  const where = ['d.reconciliation_id = ?', state === 'gone' ? 'd.last_run < r.run' : 'd.last_run = r.run'];
  const values: unknown[] = [reconciliationId];
  if (state === 'open') where.push('d.settlement_id is null');
  if (state === 'settled') where.push('d.settlement_id is not null');
  if (kind !== undefined) {
    where.push('d.kind = ?');
    values.push(kind);
  }
  if (page.after) {
    where.push('(d.position, d.id) > (?::integer, ?::uuid)');
    values.push(...page.after);
  }
  const { rows } = await db.raw<{ rows: Fetched[] }>(
    `select ${COLUMNS} ${FROM} where ${where.join(' and ')} order by d.position, d.id limit ?`,
    [...values, page.limit + 1] as never,
  );
  return pageOf(rows, page.limit, { placeOf: ({ position, id }) => [String(position), id], read: readRow });
}

/** The differences of these ids, locked until the transaction ends, by id. `ids` must be UUIDs. */
export async function lockDifferences(
  trx: Knex.Transaction,
  reconciliationId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DifferenceRow>> {
  // Always in one order, so that two who settle many at once never wait for each other.
  const { rows } = await trx.raw<{ rows: Fetched[] }>(
    `select ${COLUMNS} ${FROM} where d.reconciliation_id = ? and d.id = any(?) order by d.id for update of d`,
    [reconciliationId, [...ids]],
  );
  return new Map(rows.map((row) => [row.id, readRow(row)]));
}

function readRow({ settlement, ...row }: Fetched): DifferenceRow {
  return { ...row, settlement: settlement && { ...settlement, at: new Date(settlement.at) } };
}

/** Settles a difference as it is now. What was said of it before stays on record. */
export async function settleDifference(
  trx: Knex.Transaction,
  { id, kind, body, digest, lastRun }: DifferenceRow,
  { decision, reason, person, department, at }: Omit<SettlementRow, 'at' | 'run'> & { readonly at: string },
): Promise<void> {
  const [row] = await trx('reconciliation_settlements')
    .insert({
      difference_id: id,
      run: lastRun,
      kind,
      body: JSON.stringify(body),
      digest,
      decision,
      reason,
      person_id: person,
      department_id: department,
      at,
    })
    .returning<{ id: string }[]>('id');
  await trx('reconciliation_differences').where({ id }).update({ settlement_id: row?.id });
}

/** How many of the differences that the last run found are open, and how many settled. */
export async function countStates(
  db: Knex,
  reconciliationId: string,
): Promise<Readonly<Record<Exclude<DifferenceState, 'gone'>, number>>> {
  const { rows } = await db.raw<{ rows: { open: number; settled: number }[] }>(
    `select count(*) filter (where d.settlement_id is null)::integer as open, count(d.settlement_id)::integer as settled
       from reconciliation_differences d join reconciliations r on r.id = d.reconciliation_id
      where d.reconciliation_id = ? and d.last_run = r.run`,
    [reconciliationId],
  );
  return rows[0] ?? { open: 0, settled: 0 };
}
