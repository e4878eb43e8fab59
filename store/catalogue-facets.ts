import type { Knex } from 'knex';
import { type CatalogueFilter, filtersOf, hasNothing } from './catalogue-find.ts';
import { type Kind, kindsOf } from './catalogue-kinds.ts';
import { anywhere, resolveWords } from './catalogue-words.ts';
import { byIndex, COUNTING } from './search-plans.ts';
import { allOf, readFromRow } from './sql-pieces.ts';

/** What the facets are counted by. */
export const FACETS = ['provider', 'shareType', 'theme', 'base', 'format'] as const;
export type Facet = (typeof FACETS)[number];

const COLUMNS: Readonly<Record<Facet, keyof Kind>> = {
  provider: 'provider_id',
  shareType: 'share_type',
  theme: 'theme',
  base: 'base',
  format: 'format',
};

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
    : allOf([anywhere(words), words.length > 0 ? readFromRow(filtersOf(filter)) : filtersOf(filter)]);
  // By kind, which is one number; what the kinds are is read once and summed up here.
  const counted = await byIndex(
    db,
    words,
    (trx) =>
      trx.raw<{ rows: [{ kinds: string | null; counts: string | null }] }>(
        `select array_agg(kind)::text as kinds, array_agg(n)::text as counts
         from (select s.kind, count(*) as n from catalogue_search s where ${where.sql} group by s.kind) k`,
        where.bindings as never,
      ),
    COUNTING,
  );
  const [{ kinds, counts }] = counted.rows;
  return summedUp(db, numbersIn(kinds), numbersIn(counts));
}

async function summedUp(db: Knex, kinds: readonly number[], counts: readonly number[]): Promise<FacetCounts> {
  const known = await kindsOf(db, kinds);
  const sums = FACETS.map(() => new Map<string, number>());
  for (const [at, number] of kinds.entries()) {
    const kind = known.get(number);
    for (const [nth, name] of FACETS.entries()) {
      const value = kind?.[COLUMNS[name]] ?? undefined;
      if (value !== undefined) sums[nth]?.set(value, (sums[nth].get(value) ?? 0) + (counts[at] ?? 0));
    }
  }
  return {
    total: counts.reduce((sum, count) => sum + count, 0),
    facets: Object.fromEntries(
      FACETS.map((name, nth) => [name, byCount(sums[nth])]),
    ) as unknown as FacetCounts['facets'],
  };
}

function byCount(sums: ReadonlyMap<string, number> = new Map()) {
  const found = Array.from(sums, ([value, count]) => ({ value, count }));
  return found.toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}

/** The numbers of an array as the database writes it; none where there is none. */
function numbersIn(text: string | null): number[] {
  return text === null ? [] : text.slice(1, -1).split(',').map(Number);
}
