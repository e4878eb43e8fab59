/** Routes that no authorization test covers, as `GET /api/…`. A route that is added without a row in its table fails the test. */
export const UNCOVERED_ROUTES: readonly string[] = [];
