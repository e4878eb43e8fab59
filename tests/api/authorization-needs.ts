import type { Api } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import type { Row } from '../support/route-row.ts';

export interface NeedThings {
  readonly subscriptionId: string;
  readonly needId: string;
}

const NEED = {
  title: '企业纳税信用等级',
  description: '办理补贴时核验',
  items: ['统一社会信用代码', '信用等级'],
  purpose: '补贴核验',
  legalBasis: '《政务数据共享条例》第二十条',
};

/** One of each. */
export async function needThings(api: Api): Promise<NeedThings> {
  const body = { entryId: 'persons' };
  const { body: subscription } = await api.ask(REQUESTER, 'POST', '/api/catalogue/subscriptions', { body });
  const { body: need } = await api.ask(REQUESTER, 'POST', '/api/needs', { body: NEED });
  return { subscriptionId: subscription.id, needId: need.id };
}

/** The rows of subscriptions, needs and the data map for the table of who may what. */
export function needRows(thing: () => NeedThings): Readonly<Record<string, Row>> {
  return {
    'GET /api/catalogue/subscriptions': {
      path: () => '/api/catalogue/subscriptions',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/catalogue/subscriptions?limit=0', status: 422 },
    },
    'POST /api/catalogue/subscriptions': {
      path: () => '/api/catalogue/subscriptions',
      ask: () => ({ body: { provider: 'transport' } }),
      wrong: ['rolenone', 403],
      bad: { ask: { body: { provider: 'transport', entryId: 'persons' } }, status: 422 },
    },
    'DELETE /api/catalogue/subscriptions/:id': {
      path: () => `/api/catalogue/subscriptions/${thing().subscriptionId}`,
      wrong: ['civil-affairs.lead', 404],
      bad: { path: () => '/api/catalogue/subscriptions/1', status: 404 },
    },
    'GET /api/needs': {
      path: () => '/api/needs',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/needs?status=forgotten&sort=size', status: 422 },
    },
    'POST /api/needs': {
      path: () => '/api/needs',
      ask: () => ({ body: NEED }),
      wrong: ['civil-affairs.lead', 403],
      bad: { ask: { body: { title: '' } }, status: 422 },
    },
    'GET /api/needs/:id': {
      path: () => `/api/needs/${thing().needId}`,
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/needs/00000000-0000-4000-8000-000000000000', status: 404 },
    },
    'POST /api/needs/:id/actions': {
      path: () => `/api/needs/${thing().needId}/actions`,
      ask: () => ({ body: { action: 'match', entryId: 'persons' } }),
      right: 'data-bureau.authority',
      wrong: [REQUESTER, 403],
      bad: { ask: { body: { action: 'match', entryId: 'no-such' } }, status: 422 },
    },
    'GET /api/data-map': {
      path: () => '/api/data-map',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/data-map?by=colour', status: 422 },
    },
    'GET /api/data-map/grants': {
      path: () => '/api/data-map/grants?from=public-security&to=civil-affairs',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/data-map/grants?by=colour&to=a%20b', status: 422 },
    },
    'GET /api/data-map/waiting': { path: () => '/api/data-map/waiting', wrong: ['rolenone', 403] },
  };
}
