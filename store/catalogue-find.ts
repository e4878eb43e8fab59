import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { type EntryRow, entryOf } from './catalogue.ts';
import type { ShareType } from '../domain/language.ts';
import {
  allOf,
  anywhere,
  inNames,
  RANK_OF_ITEMS,
  rankOf,
  resolveWords,
  type SearchWord,
  type Sql,
} from './catalogue-words.ts';
import { type Page, pageOf, type PageRequest, type Place } from './keyset.ts';

export interface CatalogueFilter {
  /** Every word of it must occur in the entry, itself or as a synonym, in characters or in pinyin. */
  readonly q?: string;
  /** A base or theme classification by name, or the beginning of the entry's code. */
  readonly classification?: string;
  readonly provider?: string;
  readonly shareType?: ShareType;
  readonly openness?: string;
  /** A format, or a kind of formats: `database` has `database/postgresql`. */
  readonly format?: string;
  readonly updateCycle?: string;
}

export const CATALOGUE_ORDERS = ['relevance', 'code', 'published'] as const;
export type CatalogueOrder = (typeof CATALOGUE_ORDERS)[number];

interface Found {
  readonly entryId: string;
  readonly version: number;
  readonly key: string;
}

/** Current versions in an order: the best first, by code, or the newest first. Without words relevance is by code. */
export async function searchEntries(
  db: Knex,
  filter: CatalogueFilter,
  { order, page }: { readonly order: CatalogueOrder; readonly page: PageRequest },
): Promise<Page<Entry>> {
  const words = await resolveWords(db, filter.q ?? '');
  if (hasNothing(filter, words)) return { items: [] };
  const found = await foundIn(db, { words, filters: filtersOf(filter), order, page });
  const { items, next } = pageOf(found, page.limit, {
    placeOf: ({ key, entryId }) => [key, entryId],
    read: (row) => row,
  });
  const bodies = await bodiesOf(db, items);
  return next === undefined ? { items: bodies } : { items: bodies, next };
}

/** What was typed has no word in it: it is found nowhere. */
function hasNothing({ q }: CatalogueFilter, words: readonly SearchWord[]): boolean {
  return q !== undefined && words.length === 0;
}

/** Whether a search would find an entry. */
export async function fits(db: Knex, entryId: string, filter: CatalogueFilter): Promise<boolean> {
  const words = await resolveWords(db, filter.q ?? '');
  if (hasNothing(filter, words)) return false;
  const only: Sql = { sql: 's.entry_id = ?', bindings: [entryId] };
  const where = allOf([only, anywhere(words), filtersOf(filter)]);
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from catalogue_search s where ${where.sql}`,
    where.bindings as never,
  );
  return rows.length > 0;
}

interface Asked {
  readonly words: readonly SearchWord[];
  readonly filters: Sql;
  readonly order: CatalogueOrder;
  readonly page: PageRequest;
}

async function foundIn(db: Knex, { words, filters, order, page }: Asked): Promise<readonly Found[]> {
  const limit = page.limit + 1;
  if (words.length > 0 && order === 'relevance') return byRelevance(db, { words, filters, limit, after: page.after });
  const [key, direction, type] =
    order === 'published' ? ['published_at', 'desc', 'timestamptz'] : ['code', 'asc', 'text'];
  const after: Sql = page.after
    ? { sql: `(s.${key}, s.entry_id) ${direction === 'asc' ? '>' : '<'} (?::${type}, ?)`, bindings: page.after }
    : allOf([]);
  return rowsOf(db, {
    where: allOf([anywhere(words), filters, after]),
    key: { sql: `s.${key}::text`, bindings: [] },
    rest: `order by s.${key} ${direction}, s.entry_id ${direction} limit ${limit}`,
  });
}

interface ByRelevance extends Omit<Asked, 'order' | 'page'> {
  readonly limit: number;
  readonly after: Place | undefined;
}

/**
 * Names before all else, so that a word that half the catalogue has is answered from the names alone. The key of a place
 * is the rank, one digit, and the code.
 */
async function byRelevance(db: Knex, { words, filters, limit, after }: ByRelevance): Promise<readonly Found[]> {
  const rank = Number(after?.[0].charAt(0) ?? 0);
  const place: Sql = after
    ? { sql: '(f.rank, f.code, f.entry_id) > (?::integer, ?, ?)', bindings: [rank || 0, after[0].slice(1), after[1]] }
    : allOf([]);
  const ranked = (where: Sql, bound: string, most: number) =>
    rankedRows(db, { where, rank: rankOf(words), place, bound, most });
  const inName =
    rank < RANK_OF_ITEMS ? await ranked(allOf([inNames(words), filters]), `f.rank < ${RANK_OF_ITEMS}`, limit) : [];
  if (inName.length >= limit) return inName;
  const elsewhere = await ranked(
    allOf([anywhere(words), filters]),
    `f.rank >= ${RANK_OF_ITEMS}`,
    limit - inName.length,
  );
  return [...inName, ...elsewhere];
}

interface Ranked {
  readonly where: Sql;
  readonly rank: Sql;
  readonly place: Sql;
  readonly bound: string;
  readonly most: number;
}

async function rankedRows(db: Knex, { where, rank, place, bound, most }: Ranked): Promise<Found[]> {
  const { rows } = await db.raw<{ rows: Found[] }>(
    `select f.entry_id as "entryId", f.version, f.rank || f.code as key
       from (select s.entry_id, s.version, s.code, ${rank.sql} as rank
               from catalogue_search s where ${where.sql} offset 0) f
      where ${bound} and ${place.sql}
      order by f.rank, f.code, f.entry_id limit ${most}`,
    [...rank.bindings, ...where.bindings, ...place.bindings] as never,
  );
  return rows;
}

async function rowsOf(db: Knex, { where, key, rest }: { where: Sql; key: Sql; rest: string }): Promise<Found[]> {
  const { rows } = await db.raw<{ rows: Found[] }>(
    `select s.entry_id as "entryId", s.version, ${key.sql} as key from catalogue_search s where ${where.sql} ${rest}`,
    [...key.bindings, ...where.bindings] as never,
  );
  return rows;
}

async function bodiesOf(db: Knex, found: readonly Found[]): Promise<Entry[]> {
  if (found.length === 0) return [];
  const { rows } = await db.raw<{ rows: EntryRow[] }>(
    `select e.body, e.status, e.status_reason as "statusReason" from unnest(?::text[], ?::integer[]) with ordinality as f(id, version, nth)
       join catalogue_entries e on e.id = f.id and e.version = f.version order by f.nth`,
    [found.map(({ entryId }) => entryId), found.map(({ version }) => version)],
  );
  return rows.map(entryOf);
}

/** What the facets are counted by. */
export const FACETS = ['provider', 'shareType', 'theme', 'base', 'format'] as const;
export type Facet = (typeof FACETS)[number];

export interface FacetCounts {
  readonly total: number;
  /** The most frequent values first. */
  readonly facets: Readonly<Record<Facet, readonly { readonly value: string; readonly count: number }[]>>;
}

/** How many entries fit, and how many of them have which value. */
export async function countFacets(db: Knex, filter: CatalogueFilter): Promise<FacetCounts> {
  const words = await resolveWords(db, filter.q ?? '');
  const where = hasNothing(filter, words)
    ? { sql: 'false', bindings: [] }
    : allOf([anywhere(words), filtersOf(filter)]);
  // First by all five together: what is then summed up are a few hundred rows.
  const { rows } = await db.raw<{ rows: { facet: number; value: string | null; count: number }[] }>(
    `with kinds as (
       select provider_id, share_type, theme, base, format, count(*) as n
         from catalogue_search s where ${where.sql} group by 1, 2, 3, 4, 5)
     select case when grouping(provider_id) = 0 then 0 when grouping(share_type) = 0 then 1 when grouping(theme) = 0 then 2
                 when grouping(base) = 0 then 3 when grouping(format) = 0 then 4 else 5 end as facet,
            coalesce(provider_id, share_type, theme, base, format) as value, coalesce(sum(n), 0)::integer as count
       from kinds
      group by grouping sets ((provider_id), (share_type), (theme), (base), (format), ())
      order by count desc, value`,
    where.bindings as never,
  );
  const of = (facet: number) =>
    rows.flatMap((row) => (row.facet === facet && row.value !== null ? [{ value: row.value, count: row.count }] : []));
  return {
    total: rows.find(({ facet }) => facet === FACETS.length)?.count ?? 0,
    facets: Object.fromEntries(FACETS.map((name, at) => [name, of(at)])) as unknown as FacetCounts['facets'],
  };
}

function filtersOf({ classification, provider, shareType, openness, format, updateCycle }: CatalogueFilter): Sql {
  const equal = { provider_id: provider, share_type: shareType, openness, update_cycle: updateCycle };
  const parts = Object.entries(equal).flatMap(([column, value]) =>
    value === undefined ? [] : [{ sql: `s.${column} = ?`, bindings: [value] }],
  );
  const classified =
    classification === undefined
      ? []
      : [
          {
            sql: '(s.base = ? or s.theme = ? or s.code like ?)',
            bindings: [classification, classification, begins(classification)],
          },
        ];
  const formatted =
    format === undefined
      ? []
      : [{ sql: '(s.format = ? or s.format like ?)', bindings: [format, begins(`${format}/`)] }];
  return allOf([...parts, ...classified, ...formatted]);
}

function begins(text: string): string {
  return `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
