import { findEntry } from '../../../store/catalogue.ts';
import { countFacets } from '../../../store/catalogue-facets.ts';
import { itemsWith } from '../../../domain/matched-items.ts';
import { wordsOf } from '../../../domain/search-words.ts';
import { synonymsOf } from '../../../store/catalogue-synonyms.ts';
import { openDriftsOf } from '../../../store/drifts.ts';
import { searchEntries } from '../../../store/catalogue-find.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { idParams } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { presentEntry, presentEntrySummary, presentFacets } from './present.ts';
import { catalogueQuery, entry, entryFound, entryQuery } from './schema.ts';

/** What is published to all departments (R809 Art.16): whoever holds a role reads all of it. */
export function catalogueEndpoints({ db, policies, departments, metrics }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue',
      tag: 'catalogue',
      summary: 'Search the catalogue: in Chinese, pinyin or English, by filters, with counts of what fits',
      access: { object: 'catalogue', action: 'read' },
      query: catalogueQuery,
      answers: { 200: entryFound },
      async handle({ query, actor }) {
        const { limit, cursor, sort, facets, ...given } = query;
        const filter = withoutUndefined(given);
        const order = sort ?? (filter.q === undefined ? 'code' : 'relevance');
        // A place in one order is none in another.
        const list = `catalogue-${order}` as const;
        const request = { order, page: pageRequest(list, { limit, cursor }) };
        const start = performance.now();
        const typed = filter.q === undefined ? [] : wordsOf(filter.q);
        const [page, counts, groups, known] = await Promise.all([
          searchEntries(db, filter, request),
          facets === 'true' ? countFacets(db, filter) : undefined,
          typed.length > 0 ? synonymsOf(db, typed) : [],
          departments(),
        ]);
        const words = filter.q === undefined ? 'no' : 'yes';
        const synonyms = [...new Set(groups.flat())].filter((word) => !typed.includes(word));
        metrics.searches.seconds({ words }, (performance.now() - start) / 1_000);
        const context = { actor, policies, departments: known };
        const sought = [...typed, ...synonyms];
        const present = presentPage(list, page, (one) => ({
          ...presentEntrySummary(one, context),
          ...(filter.q === undefined ? {} : { matchedItems: itemsWith(one, sought) }),
        }));
        const also = filter.q === undefined ? {} : { synonyms };
        return { status: 200, body: { ...present, ...also, ...(counts ? presentFacets(counts, known) : {}) } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/:id',
      tag: 'catalogue',
      summary: 'One entry: its current version, or the one named',
      access: { object: 'catalogue', action: 'read' },
      params: idParams,
      query: entryQuery,
      answers: { 200: entry },
      async handle({ params, query, actor, locale }) {
        const found = await findEntry(db, params.id, query.version);
        if (!found) throw new Problem('NotFound');
        const [drifts, known] = await Promise.all([openDriftsOf(db, found.id), departments()]);
        return {
          status: 200,
          body: presentEntry(found, { actor, policies, locale, drifts, departments: known }),
        };
      },
    }),
  ];
}
