import type { Knex } from 'knex';
import type { Entry, EntryStatus } from '../domain/catalogue.ts';
import type { ShareType } from '../domain/language.ts';
import { type Page, pageOf, type PageRequest } from './keyset.ts';

export interface CatalogueFilter {
  /** Every word of it must occur in the entry. */
  readonly q?: string;
  /** A base or theme classification by name, or the beginning of the entry's code. */
  readonly classification?: string;
  readonly provider?: string;
  readonly shareType?: ShareType;
}

/** The current versions of what is not withdrawn, by code. */
export async function listEntries(db: Knex, filter: CatalogueFilter, page: PageRequest): Promise<Page<Entry>> {
  const query = db('catalogue_entries').select<(EntryRow & { id: string; code: string })[]>('id', 'code', ...COLUMNS);
  void query
    .where('current', true)
    .whereNot('status', 'withdrawn')
    .orderBy(['code', 'id'])
    .limit(page.limit + 1);
  for (const word of filter.q?.split(/\s+/).filter(Boolean) ?? [])
    void query.whereILike('search', `%${literal(word)}%`);
  if (filter.provider !== undefined) void query.where('provider_id', filter.provider);
  if (filter.shareType !== undefined) void query.where('share_type', filter.shareType);
  const { classification } = filter;
  if (classification !== undefined) {
    void query.where((either) => {
      void either
        .whereRaw(`body->'classification'->>'base' = ?`, [classification])
        .orWhereRaw(`body->'classification'->>'theme' = ?`, [classification])
        .orWhereLike('code', `${literal(classification)}%`);
    });
  }
  if (page.after) void query.whereRaw('(code, id) > (?, ?)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.code, row.id], read: entryOf });
}

/** The current version of an entry, or the one named. */
export async function findEntry(db: Knex, id: string, version?: number): Promise<Entry | undefined> {
  const query = db('catalogue_entries')
    .first<EntryRow | undefined>(...COLUMNS)
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

const COLUMNS = ['body', 'status', 'status_reason as statusReason'] as const;

interface EntryRow {
  readonly body: Entry;
  readonly status: EntryStatus;
  readonly statusReason: string | null;
}

function entryOf({ body, status, statusReason }: EntryRow): Entry {
  return status === 'published' ? body : { ...body, status, statusReason: statusReason ?? '' };
}

function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

/**
 * Stores a version of an entry as the current one, which is found from then on instead of the one before. In a
 * transaction; a version that is there already is an error of the database.
 */
export async function insertEntryVersion(trx: Knex, entry: Entry): Promise<void> {
  await trx('catalogue_entries').where({ id: entry.id, current: true }).update({ current: false });
  const items = entry.items.map((item) => `${item.name} ${item.nameEn} ${item.id}`);
  await trx('catalogue_entries').insert({
    id: entry.id,
    version: entry.version,
    code: entry.code,
    name: entry.name,
    provider_id: entry.provider,
    share_type: entry.shareType,
    body: JSON.stringify(entry),
    search: [entry.code, entry.name, entry.nameEn, entry.summary, ...items].join(' '),
    published_at: entry.publishedAt,
  });
}
