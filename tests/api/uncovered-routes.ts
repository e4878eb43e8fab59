/** What everybody may ask, logged in or not. */
export const PUBLIC = [
  'POST /api/session',
  'GET /api/session/ways',
  'GET /api/health/live',
  'GET /api/health/ready',
  'GET /api/openapi.json',
  'GET /api/docs',
];

/** What whoever has a signed link may ask: tests/api/file-deliveries.test.ts. */
export const LINKED = ['GET /api/delivery-file'];

/** What whoever shows the token of the metrics may ask: tests/api/metrics.test.ts. */
export const SCRAPED = ['GET /metrics'];
/** What whoever has a key of a grant may ask: tests/api/gateway*.test.ts. */
export const KEYED = ['GET /gateway/:service', 'GET /api/gateway/decision'];

/** Routes that no authorization test covers, as `GET /api/…`. A route that is added without a row in its table fails the test. */
export const UNCOVERED_ROUTES: readonly string[] = [];
