import type { Item, ItemType, TableEntry } from '../../domain/catalogue.ts';
import { sourceOf } from '../departments.ts';

/** A department's own tables live here; what is delivered to it lives in `received`. */
const OWN_SCHEMA = 'public';

/** What an item needs to say beyond the usual: public (grade 1), not personal, delivered as it is. */
type ItemMore = Partial<Pick<Item, 'grade' | 'personal' | 'mask'>>;

/** `[id, name, English name, type, length]`; length 0 where the type has none. */
type ItemShort = readonly [string, string, string, ItemType, number, ItemMore?];

export function items(...short: readonly ItemShort[]): readonly Item[] {
  return short.map(([id, name, nameEn, type, length, more]) => ({
    id,
    name,
    nameEn,
    type,
    ...(length > 0 ? { length } : {}),
    grade: 1,
    personal: false,
    mask: 'none',
    ...more,
  }));
}

/** What all entries of the first publication share: version, date, and a table in the provider's main database. */
export function entry(
  authored: Omit<TableEntry, 'version' | 'format' | 'mount' | 'publishedAt'> & { readonly table: string },
): TableEntry {
  const { table, ...rest } = authored;
  return {
    ...rest,
    version: 1,
    format: 'database/postgresql',
    mount: { sourceId: sourceOf(rest.provider), schema: OWN_SCHEMA, table },
    publishedAt: '2026-09-30T09:00:00+08:00',
  };
}
