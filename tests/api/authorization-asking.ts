import type { Row } from '../support/route-row.ts';

const DRAFT = '00000000-0000-4000-8000-00000000d4af';
const path = () => `/api/share-request-drafts/${DRAFT}`;
const bad = { path: () => '/api/share-request-drafts/1', status: 404 };
/** Whoever asks first begins it; whoever asks again finds it changed since. */
const written = { body: { title: '户籍', content: { purpose: '核验' } }, headers: { 'If-Match': '"0"' } };
const whole = { rowScope: { all: [] } };

/** The rows of what is done before a request is filed for the table of who may what. */
export const ASKING_ROWS: Readonly<Record<string, Row>> = {
  'GET /api/share-request-drafts': {
    path: () => '/api/share-request-drafts',
    wrong: ['civil-affairs.lead', 403],
    bad: { path: () => '/api/share-request-drafts?limit=0', status: 422 },
  },
  'PUT /api/share-request-drafts/:id': {
    path,
    ask: () => written,
    wrong: ['auditor', 403],
    bad: { ask: { body: { title: 1, content: [] }, headers: { 'If-Match': '"0"' } }, status: 422 },
  },
  'GET /api/share-request-drafts/:id': { path, wrong: ['transport.requester', 404], bad },
  'DELETE /api/share-request-drafts/:id': { path, wrong: ['transport.requester', 404], bad },
  'GET /api/catalogue/:id/use': {
    path: () => '/api/catalogue/persons/use',
    wrong: ['rolenone', 403],
    bad: { path: () => '/api/catalogue/no-such/use', status: 404 },
  },
  'GET /api/catalogue/:id/samples': {
    path: () => '/api/catalogue/persons/samples',
    wrong: ['transport.requester', 403],
    bad: { path: () => '/api/catalogue/no-such/samples', status: 404 },
  },
  'POST /api/catalogue/:id/counts': {
    path: () => '/api/catalogue/persons/counts',
    ask: () => ({ body: whole }),
    wrong: ['public-security.requester', 403],
    bad: { ask: { body: { rowScope: { all: [{ item: 'no_such', operator: 'eq', value: 1 }] } } }, status: 422 },
  },
};
