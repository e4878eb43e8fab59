import type { Knex } from 'knex';
import type { Refusal } from '../domain/catalogue-sheet/entries.ts';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface CatalogueImport {
  readonly id: string;
  readonly department: string;
  readonly anyProvider: boolean;
  readonly name: string;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly entriesTotal: number | null;
  readonly entriesDone: number;
  readonly accepted: number | null;
  readonly refused: number | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

const COLUMNS = {
  id: 'id',
  department: 'department_id',
  anyProvider: 'any_provider',
  name: 'name',
  status: 'status',
  entriesTotal: 'entries_total',
  entriesDone: 'entries_done',
  accepted: 'accepted',
  refused: 'refused',
  createdBy: 'created_by',
  createdAt: 'created_at',
  endedAt: 'ended_at',
} as const;

export type NewImport = Pick<CatalogueImport, 'id' | 'department' | 'anyProvider' | 'name' | 'createdBy'> & {
  readonly content: Buffer;
};

export async function insertImport(trx: Knex, one: NewImport): Promise<void> {
  const { id, department, anyProvider, name, createdBy, content } = one;
  await trx('catalogue_imports').insert({
    id,
    content,
    name,
    department_id: department,
    any_provider: anyProvider,
    created_by: createdBy,
  });
}

export async function findImport(db: Knex, id: string, viewer: Viewer): Promise<CatalogueImport | undefined> {
  const query = db('catalogue_imports').where({ id });
  if (!viewer.all) void query.where('department_id', viewer.department);
  return query.first<CatalogueImport | undefined>(COLUMNS);
}

/** Newest first: the own department's, or everybody's. */
export async function listImports(db: Knex, viewer: Viewer, page: PageRequest): Promise<Page<CatalogueImport>> {
  const query = db('catalogue_imports')
    .select<(CatalogueImport & { readonly key: string })[]>(COLUMNS, db.raw('created_at::text as key'))
    .orderByRaw('created_at desc, id desc')
    .limit(page.limit + 1);
  if (!viewer.all) void query.where('department_id', viewer.department);
  if (page.after) void query.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [...page.after]);
  return pageOf(await query, page.limit, {
    placeOf: ({ key, id }) => [key, id],
    read: (row) => withoutKey(row) as CatalogueImport,
  });
}

export async function refusalsOf(db: Knex, id: string): Promise<readonly Refusal[]> {
  const row = await db('catalogue_imports').where({ id }).first<{ refusals: Refusal[] } | undefined>('refusals');
  return row?.refusals ?? [];
}

export type TakenImport = CatalogueImport & { readonly content: Buffer };

/** Takes the oldest file that waits, or one whose taker has not been heard of for a minute. Nobody else takes it meanwhile. */
export async function takeImport(db: Knex, taker: string): Promise<TakenImport | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `update catalogue_imports set status = 'running', taken_by = ?, taken_until = now() + interval '1 minute',
            entries_done = 0
      where id = (select id from catalogue_imports
                   where status = 'waiting' or (status = 'running' and taken_until < now())
                   order by created_at limit 1 for update skip locked)
      returning id`,
    [taker],
  );
  const id = rows[0]?.id;
  if (id === undefined) return undefined;
  return db('catalogue_imports')
    .where({ id })
    .first<TakenImport>({ ...COLUMNS, content: 'content' });
}

/** Says how far it has come, and that its taker is alive. */
export async function noteImport(
  db: Knex,
  {
    id,
    taker,
    total,
    done,
  }: { readonly id: string; readonly taker: string; readonly total: number; readonly done: number },
): Promise<void> {
  await db('catalogue_imports')
    .where({ id, taken_by: taker, status: 'running' })
    .update({ entries_total: total, entries_done: done, taken_until: db.raw("now() + interval '1 minute'") });
}

/** Ends it, in the transaction that brings its entries in. @throws when another has taken it over: nothing comes in twice */
export async function endImport(
  trx: Knex,
  { id, taker }: { readonly id: string; readonly taker: string },
  end: {
    readonly status: 'done' | 'failed';
    readonly accepted: number;
    readonly refused: number;
    readonly refusals: readonly Refusal[];
  },
): Promise<void> {
  const { status, accepted, refused, refusals } = end;
  const ended = await trx('catalogue_imports')
    .where({ id, taken_by: taker, status: 'running' })
    .update({
      status,
      accepted,
      refused,
      entries_total: accepted + refused,
      entries_done: accepted + refused,
      refusals: JSON.stringify(refusals),
      content: null,
      ended_at: trx.fn.now(),
    });
  if (ended !== 1) throw new Error(`The import ${id} has been taken over`);
}

/** One import at a time brings entries in, so that two files do not bring the same one. */
export async function holdNames(trx: Knex): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(7265012)');
}

/** Which of these names are borne by a current entry or a draft under way, as `provider\tname`. */
export async function takenNames(trx: Knex, names: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await trx.raw<{ rows: { taken: string }[] }>(
    `select provider_id || E'\\t' || name as taken from catalogue_entries where current and name = any(?)
     union
     select provider_id || E'\\t' || name from catalogue_drafts where status in ('open', 'filed') and name = any(?)`,
    [[...names], [...names]],
  );
  return new Set(rows.map(({ taken }) => taken));
}
