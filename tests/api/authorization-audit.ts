import type { Row } from '../support/route-row.ts';

const OUTSIDER = ['transport.lead', 404] as const;

/** The rows of what looks back at cases, for the table of who may what. */
export function auditRows(thing: () => { readonly caseId: string }): Readonly<Record<string, Row>> {
  return {
    'GET /api/cases/:id/states/:seq': {
      path: () => `/api/cases/${thing().caseId}/states/1`,
      wrong: OUTSIDER,
      bad: { path: () => `/api/cases/${thing().caseId}/states/9999`, status: 404 },
    },
    'POST /api/cases/:id/verification': {
      path: () => `/api/cases/${thing().caseId}/verification`,
      right: 'auditor',
      wrong: OUTSIDER,
      bad: { ask: { body: { deep: true } }, status: 422 },
    },
    'GET /api/cases/:id/evidence': {
      path: () => `/api/cases/${thing().caseId}/evidence`,
      wrong: OUTSIDER,
      bad: { path: () => '/api/cases/no-such/evidence', status: 404 },
    },
    'GET /api/chains': {
      path: () => '/api/chains',
      wrong: ['admin', 403],
      bad: { path: () => '/api/chains?limit=51', status: 422 },
    },
    'GET /api/reads': {
      path: () => '/api/reads',
      right: 'auditor',
      wrong: ['civil-affairs.lead', 403],
      bad: { path: () => '/api/reads?from=2026-02-30&to=x&what=all', status: 422 },
    },
  };
}
