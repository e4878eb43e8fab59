import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { type EntryRow, entryOf } from './catalogue.ts';
import type { ShareType } from '../domain/language.ts';
import {
  allOf,
  anyOf,
  anywhere,
  beginsWith,
  inNames,
  isName,
  isPlain,
  not,
  resolveWords,
  type SearchWord,
  type Sql,
  type Tier,
  tiersOf,
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
  /** Whether data serves it. */
  readonly mounted?: 'true' | 'false';
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
  const found = await byIndex(db, words, (trx) => foundIn(trx, { words, filters: filtersOf(filter), order, page }));
  const { items, next } = pageOf(found, page.limit, {
    placeOf: ({ key, entryId }) => [key, entryId],
    read: (row) => row,
  });
  const bodies = await bodiesOf(db, items);
  return next === undefined ? { items: bodies } : { items: bodies, next };
}

/** What was typed has no word in it: it is found nowhere. */
export function hasNothing({ q }: CatalogueFilter, words: readonly SearchWord[]): boolean {
  return q !== undefined && words.length === 0;
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
  const inOrder = {
    where: allOf([anywhere(words), filters, after]),
    key: { sql: `s.${key}::text`, bindings: [] },
    rest: `order by s.${key} ${direction}, s.entry_id ${direction} limit ${limit}`,
  };
  // What words find is gathered before it is put in order: the planner would rather read the order from its beginning.
  return rowsOf(db, { ...inOrder, isGathered: words.length > 0 });
}

interface ByRelevance extends Omit<Asked, 'order' | 'page'> {
  readonly limit: number;
  readonly after: Place | undefined;
}

/**
 * Names before all else, those that begin with what was typed first, so that a word that half the catalogue has is
 * answered from the few that come first. The key of a place is the rank, one digit, and the code.
 */
async function byRelevance(db: Knex, asked: ByRelevance): Promise<readonly Found[]> {
  const { words, limit, after } = asked;
  const { begin, name, else: other } = tiersOf(words);
  const rank = Number(after?.[0].charAt(0) ?? 0) || 0;
  const [whole, begun] = [isName(words), beginsWith(words)];
  // In the order of an index, which need not be read further than the page, wherever all of a kind have one rank.
  // Not so for several words: how few have them all is not known before.
  type Way = readonly [most: number, find: (left: ByRelevance) => Promise<Found[]>];
  const beginning: readonly Way[] =
    isPlain(words) && words.length === 1
      ? [
          [0, (left) => ranked(db, left, whole, begin)],
          [1, (left) => ofRank(db, left, 1, allOf([begun, not(whole)]))],
        ]
      : [[begin.most, (left) => ranked(db, left, anyOf([whole, begun]), begin)]];
  const having: Way = isPlain(words)
    ? [2, (left) => ofRank(db, left, 2, allOf([inNames(words), not(begun)]))]
    : [name.most, (left) => ranked(db, left, inNames(words), name)];
  const found: Found[] = [];
  for (const [most, find] of [...beginning, having, [other.most, elsewhere] as const]) {
    if (rank <= most && found.length < limit) found.push(...(await find({ ...asked, limit: limit - found.length })));
  }
  return found;

  function elsewhere(left: ByRelevance): Promise<Found[]> {
    return ranked(db, left, anywhere(words), other);
  }
}

function ofRank(db: Knex, { filters, limit, after }: ByRelevance, rank: number, where: Sql): Promise<Found[]> {
  const place: Sql =
    after && Number(after[0].charAt(0)) >= rank
      ? { sql: '(s.code, s.entry_id) > (?, ?)', bindings: [after[0].slice(1), after[1]] }
      : allOf([]);
  return rowsOf(db, {
    where: allOf([where, filters, place]),
    key: { sql: `'${rank}' || s.code`, bindings: [] },
    rest: `order by s.code, s.entry_id limit ${limit}`,
  });
}

async function ranked(
  db: Knex,
  { filters, limit, after }: ByRelevance,
  where: Sql,
  { least, most, rank }: Tier,
): Promise<Found[]> {
  const place: Sql = after
    ? {
        sql: '(f.rank, f.code, f.entry_id) > (?::integer, ?, ?)',
        bindings: [Number(after[0].charAt(0)) || 0, after[0].slice(1), after[1]],
      }
    : allOf([]);
  const wanted = allOf([where, filters]);
  const { rows } = await db.raw<{ rows: Found[] }>(
    `select f.entry_id as "entryId", f.version, f.rank || f.code as key
       from (select s.entry_id, s.version, s.code, ${rank.sql} as rank
               from catalogue_search s where ${wanted.sql} offset 0) f
      where f.rank between ${least} and ${most} and ${place.sql}
      order by f.rank, f.code, f.entry_id limit ${limit}`,
    [...rank.bindings, ...wanted.bindings, ...place.bindings] as never,
  );
  return rows;
}

/**
 * In a transaction that reads no table from end to end: to look into the grams of every row takes a hundred times as long
 * as the planner believes.
 */
export async function byIndex<T>(db: Knex, words: readonly SearchWord[], read: (trx: Knex) => Promise<T>): Promise<T> {
  if (words.length === 0) return read(db);
  return db.transaction(async (trx) => {
    await trx.raw('set local enable_seqscan = off');
    return read(trx);
  });
}

interface Selection {
  readonly where: Sql;
  readonly key: Sql;
  readonly rest: string;
  /** All that fits is found before it is put in order. */
  readonly isGathered?: boolean;
}

async function rowsOf(db: Knex, { where, key, rest, isGathered = false }: Selection): Promise<Found[]> {
  const from = isGathered
    ? `(select s.entry_id, s.version, s.code, s.published_at from catalogue_search s where ${where.sql} offset 0) s`
    : `catalogue_search s where ${where.sql}`;
  const { rows } = await db.raw<{ rows: Found[] }>(
    `select s.entry_id as "entryId", s.version, ${key.sql} as key from ${from} ${rest}`,
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

/** The filters beside the words. */
export function filtersOf(filter: CatalogueFilter): Sql {
  const { classification, provider, shareType, openness, format, updateCycle, mounted } = filter;
  const equal = { provider_id: provider, share_type: shareType, openness, update_cycle: updateCycle, mounted };
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
