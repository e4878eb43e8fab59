import type { Row } from '../support/route-row.ts';

const nobodys = '/api/sessions/00000000-0000-4000-8000-000000000000';

/** The rows of sessions and the password: everybody's own, and nobody else's. */
export const SESSION_ROWS: Readonly<Record<string, Row>> = {
  'GET /api/sessions': {
    path: () => '/api/sessions',
    bad: { path: () => '/api/sessions?limit=none', status: 422 },
  },
  'DELETE /api/sessions': {
    path: () => '/api/sessions',
    bad: { path: () => '/api/sessions?except=mine', status: 422 },
  },
  'DELETE /api/sessions/:id': {
    path: () => nobodys,
    wrong: ['transport.lead', 404],
    bad: { path: () => '/api/sessions/1', status: 404 },
  },
  'PUT /api/me/password': {
    path: () => '/api/me/password',
    ask: () => ({ body: { current: 'not this one', next: 'a long new password' } }),
    bad: { ask: { body: { current: '' } }, status: 422 },
  },
};

/** What a browser on its way through an OpenID provider may ask, and the provider itself: tests/api/sign-on.test.ts. */
export const SIGNED_ON = ['GET /api/session/oidc', 'GET /api/session/oidc/callback', 'POST /api/session/oidc/logout'];

/** What takes away what the rows after it need: tests/api/session.test.ts, own-sessions.test.ts. */
export const ENDING = [
  'DELETE /api/session',
  'DELETE /api/sessions',
  'DELETE /api/sessions/:id',
  'PUT /api/me/password',
];
