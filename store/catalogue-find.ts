import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { type EntryRow, entryOf } from './catalogue.ts';
import type { ShareType } from '../domain/language.ts';
import { type Rank, ranksOf } from './catalogue-ranks.ts';
import { anywhere, resolveWords, type SearchWord } from './catalogue-words.ts';
import { byIndex, inIndexOrder } from './search-plans.ts';
import { type Page, pageOf, type PageRequest, type Place } from './keyset.ts';
import { allOf, anyOf, readFromRow, type Sql } from './sql-pieces.ts';

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
  /** How many were put in order; null where the order itself was read. */
  readonly of: number | null;
}

const FEW = 2_000;

export interface SearchRequest {
  readonly order: CatalogueOrder;
  readonly page: PageRequest;
  /** At most so many entries of a rank are put in order; of more the order is read. Either way the answer is the same. */
  readonly few?: number;
}

/** Current versions in an order: the best first, by code, or the newest first. Without words relevance is by code. */
export async function searchEntries(
  db: Knex,
  filter: CatalogueFilter,
  { order, page, few = FEW }: SearchRequest,
): Promise<Page<Entry>> {
  const words = await resolveWords(db, filter.q ?? '');
  if (hasNothing(filter, words)) return { items: [] };
  const found = await byIndex(db, words, (trx) =>
    foundIn(trx, { words, filters: filtersOf(filter), order, page, few }),
  );
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
  readonly few: number;
}

async function foundIn(db: Knex, { words, filters, order, page, few }: Asked): Promise<readonly Found[]> {
  const limit = page.limit + 1;
  if (words.length > 0 && order === 'relevance')
    return byRelevance(db, { words, filters, limit, after: page.after, few });
  const [key, direction, type] =
    order === 'published' ? ['published_at', 'desc', 'timestamptz'] : ['code', 'asc', 'text'];
  const after: Sql = page.after
    ? { sql: `(s.${key}, s.entry_id) ${direction === 'asc' ? '>' : '<'} (?::${type}, ?)`, bindings: page.after }
    : allOf([]);
  return rowsOf(db, {
    ...(words.length > 0
      ? { from: gathered(allOf([anywhere(words), readFromRow(allOf([filters, after]))])) }
      : { from: ALL, where: allOf([filters, after]) }),
    key: { sql: `s.${key}::text`, bindings: [] },
    rest: `order by s.${key} ${direction}, s.entry_id ${direction} limit ${limit}`,
  });
}

interface ByRelevance extends Omit<Asked, 'order' | 'page'> {
  readonly limit: number;
  readonly after: Place | undefined;
}

/**
 * Rank by rank, each in the order of codes, so that a word that half the catalogue has is answered from the few that come
 * first. The key of a place is the rank, one digit, and the code.
 */
async function byRelevance(db: Knex, asked: ByRelevance): Promise<readonly Found[]> {
  const { words, limit, after } = asked;
  const least = Number(after?.[0].charAt(0) ?? 0) || 0;
  const found: Found[] = [];
  for (const rank of ranksOf(words)) {
    if (found.length >= limit) break;
    if (rank.rank >= least) found.push(...(await ofRank(db, { ...asked, limit: limit - found.length }, rank)));
  }
  return found;
}

/**
 * Few entries are found by an index and put in order. Of many the first are soon met on the way through the order. Which
 * of the two it is is seen by looking, so that it does not matter what the planner knows of the word.
 */
async function ofRank(
  db: Knex,
  { filters, limit, after, few }: ByRelevance,
  { rank, find, read, noBetter, inCodes }: Rank,
): Promise<readonly Found[]> {
  const place: Sql =
    after && Number(after[0].charAt(0)) >= rank
      ? { sql: '(s.code, s.entry_id) > (?, ?)', bindings: [after[0].slice(1), after[1]] }
      : allOf([]);
  const inOrder = {
    key: { sql: `'${rank}' || s.code`, bindings: [] },
    rest: `order by s.code, s.entry_id limit ${limit}`,
  };
  // A list of all that begins with two digits takes longer than everything else: it is not made to be counted.
  const isBroad = inCodes && (await hasMore(db, allOf([inCodes, filters, place]), few));
  if (!isBroad) {
    const from = counted(allOf([find, readFromRow(allOf([filters, place]))]), few + 1);
    // Too many are not looked into: they are not what is answered.
    const tooMany: Sql = { sql: `s.of > ${few}`, bindings: [] };
    const found = await rowsOf(db, { ...inOrder, from, where: anyOf([tooMany, noBetter]) });
    if ((found[0]?.of ?? 0) <= few) return found;
  }
  return inIndexOrder(db, () => rowsOf(db, { ...inOrder, from: ALL, where: allOf([read, filters, place, noBetter]) }));
}

/** Whether more than so many fit, read until it is known. */
async function hasMore(db: Knex, { sql, bindings }: Sql, few: number): Promise<boolean> {
  const { rows } = await inIndexOrder(db, () =>
    db.raw<{ rows: [{ of: number }] }>(
      `select count(*)::integer as of from (select 1 from catalogue_search s where ${sql} limit ${few + 1}) f`,
      bindings as never,
    ),
  );
  return rows[0].of > few;
}

interface Selection {
  readonly from: Sql;
  readonly where?: Sql;
  readonly key: Sql;
  readonly rest: string;
}

const ALL: Sql = { sql: '(select *, null as of from catalogue_search) s', bindings: [] };

/** What fits is found before it is put in order: the planner would rather read the order from its beginning. */
function gathered({ sql, bindings }: Sql): Sql {
  const columns = 's.entry_id, s.version, s.code, s.published_at, null as of';
  return { sql: `(select ${columns} from catalogue_search s where ${sql} offset 0) s`, bindings };
}

/** At most so many of what fits, in no order, and how many these are. */
function counted({ sql, bindings }: Sql, most: number): Sql {
  return {
    sql: `(select *, count(*) over ()::integer as of
             from (select s.* from catalogue_search s where ${sql} limit ${most}) f) s`,
    bindings,
  };
}

async function rowsOf(db: Knex, { from, where = allOf([]), key, rest }: Selection): Promise<Found[]> {
  const { rows } = await db.raw<{ rows: Found[] }>(
    `select s.entry_id as "entryId", s.version, ${key.sql} as key, s.of from ${from.sql} where ${where.sql} ${rest}`,
    [...key.bindings, ...from.bindings, ...where.bindings] as never,
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
