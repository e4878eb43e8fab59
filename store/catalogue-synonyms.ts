import type { Knex } from 'knex';
import { type Page, pageOf, type PageRequest } from './keyset.ts';

/** Words that find what others find. Searches read the table each time, so that a change reaches them at once. */
export interface SynonymGroup {
  readonly id: number;
  /** Normalised, as searches are. */
  readonly words: readonly string[];
  /** Null for those that come with the product. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

const COLUMNS = ['id', 'words', 'created_by as createdBy', 'created_at as createdAt'] as const;

/** In the order in which they were added; only those that have the word, where one is named. */
export async function listSynonyms(db: Knex, word: string | undefined, page: PageRequest): Promise<Page<SynonymGroup>> {
  const query = db('catalogue_synonyms')
    .select<SynonymGroup[]>(...COLUMNS)
    .orderBy('id')
    .limit(page.limit + 1);
  if (word !== undefined) void query.whereRaw('words @> ?::text[]', [[word]]);
  if (page.after) void query.where('id', '>', Number(page.after[1]) || 0);
  return pageOf(await query, page.limit, { placeOf: ({ id }) => ['', String(id)], read: (row) => row });
}

export async function findSynonyms(db: Knex, id: number): Promise<SynonymGroup | undefined> {
  return db('catalogue_synonyms')
    .first<SynonymGroup | undefined>(...COLUMNS)
    .where({ id });
}

/** The groups that have any of the words, which are normalised. */
export async function synonymsOf(db: Knex, words: readonly string[]): Promise<readonly (readonly string[])[]> {
  return db('catalogue_synonyms')
    .whereRaw('words && ?::text[]', [[...words]])
    .pluck<string[][]>('words');
}

/** Whether one group has all of the words by now. */
export async function areSynonyms(db: Knex, words: readonly string[]): Promise<boolean> {
  const found = await db('catalogue_synonyms')
    .whereRaw('words @> ?::text[]', [[...words]])
    .first('id');
  return found !== undefined;
}

/** The number that the next group will have. */
export async function nextSynonymId(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: [{ id: string }] }>(
    `select nextval(pg_get_serial_sequence('catalogue_synonyms', 'id')) as id`,
  );
  return Number(rows[0].id);
}

export async function insertSynonyms(
  trx: Knex,
  { id, words, by }: { readonly id: number; readonly words: readonly string[]; readonly by: string },
): Promise<void> {
  await trx.raw(
    `insert into catalogue_synonyms (id, words, created_by) overriding system value values (?, ?::text[], ?)`,
    [id, [...words], by] as never,
  );
}

/** Says whether there was one. */
export async function deleteSynonyms(db: Knex, id: number): Promise<boolean> {
  return (await db('catalogue_synonyms').where({ id }).delete()) > 0;
}
