import type { Row } from '../support/route-row.ts';

const OUTSIDER = ['transport.lead', 404] as const;

/** The rows of grants and deliveries for the table of who may what. */
export function grantRows(
  thing: () => { readonly grantId: string; readonly deliveryId: string },
): Readonly<Record<string, Row>> {
  return {
    'GET /api/grants': {
      path: () => '/api/grants',
      wrong: ['admin', 403],
      bad: { path: () => '/api/grants?status=free', status: 422 },
    },
    'GET /api/grants/:id': {
      path: () => `/api/grants/${thing().grantId}`,
      wrong: OUTSIDER,
      bad: { path: () => '/api/grants/1', status: 404 },
    },
    'GET /api/grants/:id/application': {
      path: () => `/api/grants/${thing().grantId}/application`,
      wrong: ['public-security.requester', 403],
      bad: { path: () => `/api/grants/${thing().grantId}/application?as=gift`, status: 422 },
    },
    'POST /api/grants/:id/actions': {
      path: () => `/api/grants/${thing().grantId}/actions`,
      ask: () => ({ body: { action: 'resume', reason: '-' } }),
      right: 'public-security.lead',
      wrong: ['civil-affairs.lead', 403],
      bad: { ask: { body: { action: 'suspend' } }, status: 422 },
    },
    'GET /api/grants/:id/deliveries': {
      path: () => `/api/grants/${thing().grantId}/deliveries`,
      wrong: OUTSIDER,
      bad: { path: () => `/api/grants/${thing().grantId}/deliveries?limit=1000`, status: 422 },
    },
    'POST /api/grants/:id/deliveries': {
      path: () => `/api/grants/${thing().grantId}/deliveries`,
      wrong: ['auditor', 403],
      bad: { ask: { body: { now: true } }, status: 422 },
    },
    'GET /api/deliveries': {
      path: () => '/api/deliveries',
      wrong: ['admin', 403],
      bad: { path: () => '/api/deliveries?status=lost', status: 422 },
    },
    'GET /api/deliveries/:id': {
      path: () => `/api/deliveries/${thing().deliveryId}`,
      wrong: OUTSIDER,
      bad: { path: () => '/api/deliveries/1', status: 404 },
    },
    'POST /api/deliveries/:id/verification': {
      path: () => `/api/deliveries/${thing().deliveryId}/verification`,
      right: 'auditor',
      wrong: OUTSIDER,
      bad: { ask: { body: { deep: true } }, status: 422 },
    },
    // Made into a table: there is no file, which only the right person is told (409).
    'GET /api/deliveries/:id/file': {
      path: () => `/api/deliveries/${thing().deliveryId}/file`,
      wrong: ['public-security.lead', 403],
      bad: { path: () => `/api/deliveries/${thing().deliveryId}/file?part=x`, status: 422 },
    },
    'POST /api/deliveries/:id/links': {
      path: () => `/api/deliveries/${thing().deliveryId}/links`,
      ask: () => ({ body: {} }),
      wrong: ['public-security.lead', 403],
      bad: { ask: { body: { minutes: 0 } }, status: 422 },
    },
    'GET /api/deliveries/:id/downloads': {
      path: () => `/api/deliveries/${thing().deliveryId}/downloads`,
      wrong: OUTSIDER,
      bad: { path: () => `/api/deliveries/${thing().deliveryId}/downloads?limit=none`, status: 422 },
    },
  };
}
