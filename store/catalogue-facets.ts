import type { Knex } from 'knex';
import { type CatalogueFilter, filtersOf, hasNothing } from './catalogue-find.ts';
import { type Facet, FACETS, kindsOf, valuesOf } from './catalogue-kinds.ts';
import { anywhere, resolveWords } from './catalogue-words.ts';
import { byIndex, COUNTING } from './search-plans.ts';
import { allOf, readFromRow } from './sql-pieces.ts';

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
  const values = FACETS.map((_, nth) => valuesOf(nth));
  const sums = values.map((found) => new Float64Array(found.length));
  let total = 0;
  // There may be ten thousand kinds.
  for (const [at, count] of counts.entries()) {
    total += count;
    known[at]?.forEach((place, nth) => {
      const sum = sums[nth];
      if (place >= 0 && sum) sum[place] = (sum[place] ?? 0) + count;
    });
  }
  const facets = FACETS.map((name, nth) => [name, byCount(values[nth] ?? [], sums[nth] ?? [])] as const);
  return { total, facets: Object.fromEntries(facets) as Record<Facet, ReturnType<typeof byCount>> };
}

function byCount(values: readonly string[], sums: ArrayLike<number>) {
  const found = values.map((value, at) => ({ value, count: sums[at] ?? 0 })).filter(({ count }) => count > 0);
  return found.toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}

/** The numbers of an array as the database writes it; none where there is none. */
function numbersIn(text: string | null): number[] {
  return text === null ? [] : text.slice(1, -1).split(',').map(Number);
}
