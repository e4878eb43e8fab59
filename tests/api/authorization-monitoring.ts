import type { Row } from '../support/route-row.ts';

const outsider = ['transport.lead', 404] as const;

/** The rows of links for the table of who may what. */
export function monitoringRows(thing: () => { readonly grantId: string }): Readonly<Record<string, Row>> {
  const link = (rest = '') => `/api/links/grant~${thing().grantId}${rest}`;
  return {
    'GET /api/links': {
      path: () => '/api/links',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/links?state=odd', status: 422 },
    },
    'GET /api/links/page': {
      path: () => '/api/links/page',
      right: 'admin',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/links/page?lang=fr', status: 422 },
    },
    'GET /api/links/:id': {
      path: () => link(),
      wrong: outsider,
      bad: { path: () => '/api/links/grant', status: 404 },
    },
    'GET /api/links/:id/page': {
      path: () => link('/page'),
      right: 'auditor',
      wrong: outsider,
      bad: { path: () => link('/page?lang=fr'), status: 422 },
    },
  };
}
