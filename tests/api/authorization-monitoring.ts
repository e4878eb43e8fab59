import type { Api } from '../support/api.ts';
import type { Row } from '../support/route-row.ts';

/** An alert of the link between two departments, of which people were told. */
export async function openAlert(api: Api, changes: Record<string, unknown> = {}): Promise<string> {
  const now = new Date();
  const [{ id }] = await api.engine.platform
    .knex('alerts')
    .insert({
      rule_id: 'link-late',
      watches: 'link-late',
      subject: 'grant~x',
      title: '人口',
      provider_id: 'public-security',
      requester_id: 'civil-affairs',
      threshold: 1,
      value: 2,
      worst: 3,
      since: now,
      opened_at: now,
      seen_at: now,
      ...changes,
    })
    .returning('id');
  return id;
}

const outsider = ['transport.lead', 404] as const;

const rule = {
  watches: 'outbox-lag',
  threshold: 60,
  forSeconds: 0,
  calmSeconds: 60,
  tells: [{ party: 'platform', role: 'administrator' }],
  enabled: true,
};

/** The rows of links and alerts for the table of who may what. */
export function monitoringRows(
  thing: () => { readonly grantId: string; readonly alertId: string },
): Readonly<Record<string, Row>> {
  const link = (rest = '') => `/api/links/grant~${thing().grantId}${rest}`;
  return {
    'GET /api/links': {
      path: () => '/api/links',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/links?state=odd', status: 422 },
    },
    'GET /api/links/:id': {
      path: () => link(),
      wrong: outsider,
      bad: { path: () => '/api/links/grant', status: 404 },
    },
    'GET /api/alerts': {
      path: () => '/api/alerts',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/alerts?status=odd', status: 422 },
    },
    'GET /api/alerts/:id': {
      path: () => `/api/alerts/${thing().alertId}`,
      wrong: outsider,
      bad: { path: () => '/api/alerts/1', status: 404 },
    },
    'POST /api/alerts/:id/acknowledgement': {
      path: () => `/api/alerts/${thing().alertId}/acknowledgement`,
      wrong: ['auditor', 403],
      bad: { ask: { body: { note: '', by: 'me' } }, status: 422 },
    },
    'GET /api/alert-rules': { path: () => '/api/alert-rules', right: 'auditor', wrong: ['civil-affairs.lead', 403] },
    'POST /api/alert-rules/preview': {
      path: () => '/api/alert-rules/preview',
      ask: () => ({ body: rule }),
      right: 'admin',
      wrong: ['auditor', 403],
      bad: { ask: { body: { ...rule, threshold: 0, forSeconds: -1 } }, status: 422 },
    },
    'GET /api/alert-rules/:id': {
      path: () => '/api/alert-rules/link-late',
      right: 'data-bureau.authority',
      wrong: ['civil-affairs.lead', 403],
      bad: { path: () => '/api/alert-rules/no-such', status: 404 },
    },
    'PUT /api/alert-rules/:id': {
      path: () => '/api/alert-rules/our-own',
      ask: () => ({ body: rule }),
      right: 'admin',
      wrong: ['data-bureau.authority', 403],
      bad: { ask: { body: { ...rule, threshold: -1, watches: 'the-sky' } }, status: 422 },
    },
    'DELETE /api/alert-rules/:id': {
      path: () => '/api/alert-rules/our-own',
      right: 'admin',
      wrong: ['auditor', 403],
      bad: { path: () => '/api/alert-rules/no-such', status: 404 },
    },
  };
}
