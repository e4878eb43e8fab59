import type { Knex } from 'knex';
import { byIndex, type CatalogueFilter, filtersOf, hasNothing } from './catalogue-find.ts';
import { allOf, anywhere, resolveWords } from './catalogue-words.ts';

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
  const counted = await byIndex(db, words, (trx) =>
    trx.raw<{ rows: { facet: number; value: string | null; count: number }[] }>(
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
    ),
  );
  const { rows } = counted;
  const of = (facet: number) =>
    rows.flatMap((row) => (row.facet === facet && row.value !== null ? [{ value: row.value, count: row.count }] : []));
  return {
    total: rows.find(({ facet }) => facet === FACETS.length)?.count ?? 0,
    facets: Object.fromEntries(FACETS.map((name, at) => [name, of(at)])) as unknown as FacetCounts['facets'],
  };
}
