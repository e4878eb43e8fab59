import { readLinkId } from '../../../domain/links.ts';
import { findLink, type LinkRow, listLinks, runsOf } from '../../../store/links/index.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { idParams } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { type LinkContext, presentLink, presentLinkWithRuns } from './present.ts';
import { linkList, linkQuery, linkWithRuns } from './schema.ts';

const READ = { object: 'link', action: 'read' } as const;
const tag = 'monitoring';

type Asked = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at' | 'locale'>;

/** How it goes along each link, for the departments at its ends and whoever watches over all. */
export function linkEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  async function contextOf({ at, locale, actor }: Asked): Promise<LinkContext> {
    const mayTest = (department: string): boolean => policies.may(actor, 'test', 'data-source', department);
    return { at, locale, departments: await departments(), mayTest };
  }

  async function list(query: { limit: number; cursor?: string | undefined } & Filter, asked: Asked) {
    const { limit, cursor, kind, state, department } = query;
    const page = await listLinks(db, {
      viewer: viewerOf(policies, asked.actor, 'link'),
      filter: { kind, state, department },
      page: pageRequest('links', { limit, cursor }),
    });
    const context = await contextOf(asked);
    return presentPage('links', page, (row) => presentLink(row, context));
  }

  async function one(id: string, asked: Asked) {
    const row = await findLink(db, id, viewerOf(policies, asked.actor, 'link'));
    if (!row) throw new Problem('NotFound');
    const runs = readLinkId(id)?.kind === 'grant' ? await runsOf(db, row.ref) : [];
    return presentLinkWithRuns(row, runs, await contextOf(asked));
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/links',
      tag,
      summary: 'Links by how they go: grants from source to target, data sources, webhooks, the platform’s own',
      access: READ,
      query: linkQuery,
      answers: { 200: linkList },
      handle: async (call) => ({ status: 200, body: await list(call.query, call) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/links/:id',
      tag,
      summary: 'One link, with its last runs',
      access: READ,
      params: idParams,
      answers: { 200: linkWithRuns },
      handle: async (call) => ({ status: 200, body: await one(call.params.id, call) }),
    }),
  ];
}

type Filter = { [K in 'kind' | 'state']?: LinkRow[K] | undefined } & { readonly department?: string | undefined };
