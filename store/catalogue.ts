import type { Knex } from 'knex';
import type { Entry, EntryStatus } from '../domain/catalogue.ts';
import { indexEntry } from './catalogue-search.ts';

/** The current version of an entry, or the one named. */
export async function findEntry(db: Knex, id: string, version?: number): Promise<Entry | undefined> {
  const query = db('catalogue_entries')
    .first<EntryRow | undefined>(...ENTRY_COLUMNS)
    .where({ id });
  const row = await (version === undefined ? query.where('current', true) : query.where({ version }));
  return row && entryOf(row);
}

/** Those of the ids that an entry has, in any version. */
export async function knownEntries(db: Knex, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db('catalogue_entries').select<{ id: string }[]>('id').whereIn('id', ids).where('current', true);
  return rows.map(({ id }) => id);
}

/** What an entry is read from: its version as it was published, and what became of the entry since. */
export const ENTRY_COLUMNS = ['body', 'status', 'status_reason as statusReason'] as const;

export interface EntryRow {
  readonly body: Entry;
  readonly status: EntryStatus;
  readonly statusReason: string | null;
}

export function entryOf({ body, status, statusReason }: EntryRow): Entry {
  return status === 'published' ? body : { ...body, status, statusReason: statusReason ?? '' };
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
  // What it is mounted on now is what the watch for drift goes out from.
  const { mount } = entry;
  if (mount) await trx('data_sources').where({ id: mount.sourceId }).update({ watch_at: trx.fn.now() });
}
