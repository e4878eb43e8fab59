/** The rows of the routes of the statistics. */
export const STATISTICS_ROWS = {
  'GET /api/statistics/handling': {
    path: () => '/api/statistics/handling',
    wrong: ['admin', 403] as const,
    bad: { path: () => '/api/statistics/handling?from=2026-02-30&to=x&department=none', status: 422 },
  },
  'GET /api/statistics/cases': {
    path: () => '/api/statistics/cases',
    wrong: ['admin', 403] as const,
    bad: { path: () => '/api/statistics/cases?from=2026-11-02&to=2026-11-01', status: 422 },
  },
};
