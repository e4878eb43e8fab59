import { randomBytes } from 'node:crypto';
import type { Api } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import { PROVIDER, registerService } from '../support/gateway.ts';
import type { Row } from '../support/route-row.ts';

/** A service over persons, and a key of a grant. */
export async function gatewayThings(api: Api, grantId: string): Promise<void> {
  await registerService(api);
  const digest = randomBytes(32);
  const key = { id: 'a-key', grant_id: grantId, digest, hint: 'abcd', made_by: REQUESTER };
  await api.engine.platform.knex('grant_keys').insert(key);
}

const whateverRevision = { 'If-Match': '*' };
const terms = { id: 'persons-too', entryId: 'persons', name: '人口' };

/** The rows of services, keys and usage for the table of who may what. */
export function gatewayRows(thing: () => { readonly grantId: string }): Readonly<Record<string, Row>> {
  const grant = (rest: string) => () => `/api/grants/${thing().grantId}${rest}`;
  return {
    'GET /api/services': {
      path: () => '/api/services',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/services?limit=0', status: 422 },
    },
    'POST /api/services': {
      path: () => '/api/services',
      ask: () => ({ body: terms }),
      right: PROVIDER,
      wrong: ['public-security.lead', 403],
      bad: {
        ask: { body: { ...terms, id: 'No', timeoutMs: 1, filters: [{ item: 'sex', kinds: ['like'] }] } },
        status: 422,
      },
    },
    'GET /api/services/:id': {
      path: () => '/api/services/persons',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/services/no-such', status: 404 },
    },
    'PATCH /api/services/:id': {
      path: () => '/api/services/persons',
      ask: () => ({ body: { pageLimit: 500 }, headers: whateverRevision }),
      right: PROVIDER,
      wrong: ['civil-affairs.reviewer', 403],
      bad: {
        ask: { body: { filters: [{ item: 'salary', kinds: ['equal'] }] }, headers: whateverRevision },
        status: 422,
      },
    },
    'GET /api/grants/:id/keys': {
      path: grant('/keys'),
      wrong: ['transport.lead', 404],
      bad: { path: () => '/api/grants/1/keys', status: 404 },
    },
    // Of a grant that is delivered, which has no keys: only the right person is told (409).
    'POST /api/grants/:id/keys': {
      path: grant('/keys'),
      wrong: ['public-security.lead', 403],
      bad: { ask: { body: { overlapMinutes: -1 } }, status: 422 },
    },
    'DELETE /api/grants/:id/keys/:key': {
      path: grant('/keys/a-key'),
      wrong: ['public-security.lead', 403],
      bad: { path: grant('/keys/no-such'), status: 404 },
    },
    'GET /api/grants/:id/calls': {
      path: grant('/calls'),
      wrong: ['transport.lead', 404],
      bad: { path: grant('/calls?outcome=perhaps'), status: 422 },
    },
    'GET /api/gateway/usage': {
      path: () => '/api/gateway/usage?from=2026-01-01&to=2026-01-31',
      wrong: ['admin', 403],
      bad: { path: () => '/api/gateway/usage?from=2026-01-31&to=2026-01-01', status: 422 },
    },
  };
}
