import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
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

/** The current versions, by code. */
export async function listEntries(db: Knex, filter: CatalogueFilter, page: PageRequest): Promise<Page<Entry>> {
  const query = db('catalogue_entries').select<{ id: string; code: string; body: Entry }[]>('id', 'code', 'body');
  void query
    .where('current', true)
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
  return pageOf(await query, page.limit, { placeOf: (row) => [row.code, row.id], read: (row) => row.body });
}

/** The current version of an entry, or the one named. */
export async function findEntry(db: Knex, id: string, version?: number): Promise<Entry | undefined> {
  const query = db('catalogue_entries').first<{ body: Entry } | undefined>('body').where({ id });
  const row = await (version === undefined ? query.where('current', true) : query.where({ version }));
  return row?.body;
}

function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
