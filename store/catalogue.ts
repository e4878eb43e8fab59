import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { indexEntry } from './catalogue-search.ts';

/** The current version of an entry, or the one named. */
export async function findEntry(db: Knex, id: string, version?: number): Promise<Entry | undefined> {
  const query = db('catalogue_entries').first<{ body: Entry } | undefined>('body').where({ id });
  const row = await (version === undefined ? query.where('current', true) : query.where({ version }));
  return row?.body;
}

/**
 * Stores a version of an entry as the current one, which is found from then on instead of the one before. In a
 * transaction; a version that is there already is an error of the database.
 */
export async function insertEntryVersion(trx: Knex, entry: Entry): Promise<void> {
  await trx('catalogue_entries').where({ id: entry.id, current: true }).update({ current: false });
  await trx('catalogue_entries').insert({
    id: entry.id,
    version: entry.version,
    code: entry.code,
    name: entry.name,
    provider_id: entry.provider,
    share_type: entry.shareType,
    body: JSON.stringify(entry),
    published_at: entry.publishedAt,
  });
  await indexEntry(trx, entry);
}
