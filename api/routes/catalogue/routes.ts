import { findEntry, listEntries } from '../../../store/catalogue.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { idParams, listOf } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentEntry, presentEntrySummary } from './present.ts';
import { catalogueQuery, entry, entryQuery, entrySummary } from './schema.ts';

/** What is published to all departments (R809 Art.16): whoever holds a role reads all of it. */
export function catalogueEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue',
      tag: 'catalogue',
      summary: 'Search the catalogue',
      access: { object: 'catalogue', action: 'read' },
      query: catalogueQuery,
      answers: { 200: listOf(entrySummary) },
      async handle({ query, actor }) {
        const page = await listEntries(db, filterOf(query), pageRequest('catalogue', query));
        const context = { actor, policies, departments: await departments() };
        const present = presentPage('catalogue', page, (one) => presentEntrySummary(one, context));
        return { status: 200, body: present };
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
      async handle({ params, query, actor }) {
        const found = await findEntry(db, params.id, query.version);
        if (!found) throw new Problem('NotFound');
        return {
          status: 200,
          body: presentEntry(found, { actor, policies, departments: await departments() }),
        };
      },
    }),
  ];
}

type Filter = Parameters<typeof listEntries>[1];

/** The filters that were given; those that were not are absent. */
function filterOf(query: { [K in keyof Filter]?: Filter[K] | undefined }): Filter {
  const { q, classification, provider, shareType } = query;
  return {
    ...(q === undefined ? {} : { q }),
    ...(classification === undefined ? {} : { classification }),
    ...(provider === undefined ? {} : { provider }),
    ...(shareType === undefined ? {} : { shareType }),
  };
}
