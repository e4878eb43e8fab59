import type { Row } from '../support/route-row.ts';

/** The rows of routes that are only read, of things that are there. */
export const READER_ROWS: Readonly<Record<string, Row>> = {
  'GET /api/catalogue': {
    path: () => '/api/catalogue',
    wrong: ['rolenone', 403],
    bad: { path: () => '/api/catalogue?shareType=free', status: 422 },
  },
  'GET /api/catalogue/:id': {
    path: () => '/api/catalogue/persons',
    wrong: ['rolenone', 403],
    bad: { path: () => '/api/catalogue/no-such', status: 404 },
  },
  'GET /api/processes': { path: () => '/api/processes', wrong: ['rolenone', 403] },
  'GET /api/departments': { path: () => '/api/departments', wrong: ['rolenone', 403] },

  'GET /api/sharing-lines': {
    path: () => '/api/sharing-lines?on=2026-11-25',
    wrong: ['admin', 403],
    bad: { path: () => '/api/sharing-lines?on=2026-02-30&entryId=', status: 422 },
  },
  'GET /api/statistics/handling': {
    path: () => '/api/statistics/handling',
    wrong: ['admin', 403],
    bad: { path: () => '/api/statistics/handling?from=2026-02-30&to=x&department=none', status: 422 },
  },
  'GET /api/statistics/cases': {
    path: () => '/api/statistics/cases',
    wrong: ['admin', 403],
    bad: { path: () => '/api/statistics/cases?from=2026-11-02&to=2026-11-01', status: 422 },
  },
};
