import type { Knex } from 'knex';

/** One compilation of a source at a time, until the transaction ends: two would mount the same table twice. */
export async function holdSource(trx: Knex.Transaction, sourceId: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 12))', [sourceId]);
}

/** The tables of a source that a current entry or a draft under way is mounted on, as `schema.table`, with the entry's id. */
export async function mountedOn(db: Knex, sourceId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.raw<{ rows: { mounted: string; entryId: string }[] }>(
    `select concat(body->'mount'->>'schema', '.', body->'mount'->>'table') as mounted, id as "entryId"
       from catalogue_entries where current and body->'mount'->>'sourceId' = ?
     union all
     select concat(body->'mount'->>'schema', '.', body->'mount'->>'table'), entry_id
       from catalogue_drafts where status in ('open', 'filed') and body->'mount'->>'sourceId' = ?`,
    [sourceId, sourceId],
  );
  return new Map(rows.map(({ mounted, entryId }) => [mounted, entryId]));
}

/** A draft that was made of a table. */
export interface Made {
  readonly draftId: string;
  readonly entryId: string;
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly items: number;
  readonly suggestions: number;
  readonly sampled: number;
  readonly rows?: { readonly count: number; readonly exact: boolean };
}

export type SkipCode = 'AlreadyMounted' | 'NoSuchTable' | 'NoColumns' | 'OutOfTime';

export interface Skipped {
  readonly schema?: string;
  readonly table: string;
  readonly code: SkipCode;
  readonly params?: Readonly<Record<string, string>>;
}

export interface Compilation {
  readonly id: string;
  readonly sourceId: string;
  readonly department: string;
  readonly made: readonly Made[];
  readonly skipped: readonly Skipped[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

export async function insertCompilation(trx: Knex, compilation: Omit<Compilation, 'createdAt'>): Promise<void> {
  const { id, sourceId, department, made, skipped, createdBy } = compilation;
  await trx('catalogue_compilations').insert({
    id,
    source_id: sourceId,
    department_id: department,
    body: JSON.stringify({ made, skipped }),
    created_by: createdBy,
  });
}

export async function findCompilation(db: Knex, id: string): Promise<Compilation | undefined> {
  const row = await db('catalogue_compilations').where({ id }).first<
    | (Pick<Compilation, 'sourceId' | 'department' | 'createdBy' | 'createdAt'> & {
        readonly body: Pick<Compilation, 'made' | 'skipped'>;
      })
    | undefined
  >({
    sourceId: 'source_id',
    department: 'department_id',
    body: 'body',
    createdBy: 'created_by',
    createdAt: 'created_at',
  });
  if (!row) return undefined;
  const { body, ...rest } = row;
  return { id, ...rest, ...body };
}
