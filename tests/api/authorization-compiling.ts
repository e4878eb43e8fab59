import type { Api } from '../support/api.ts';
import type { Row } from '../support/route-row.ts';

const COMPILATION = '0b2f6c1e-3f57-4d0a-8a55-0c6f3a7d9e01';
const IMPORT = '0b2f6c1e-3f57-4d0a-8a55-0c6f3a7d9e02';
const PROVIDER = 'public-security.reviewer';
const file = () => ({ raw: '信息资源名称', headers: { 'Content-Type': 'application/octet-stream' } });

/** A compilation and an import of public security. */
export async function compiledThings({ engine: { platform } }: Api): Promise<void> {
  const common = { department_id: 'public-security', created_by: PROVIDER };
  await platform
    .knex('catalogue_compilations')
    .insert({ ...common, id: COMPILATION, source_id: 'public-security-main', body: { made: [], skipped: [] } });
  await platform
    .knex('catalogue_imports')
    .insert({ ...common, id: IMPORT, any_provider: false, name: 'a.csv', status: 'done', ended_at: new Date() });
}

/** The rows of the routes by which the catalogue is compiled from databases and files. */
export const COMPILING_ROWS: Readonly<Record<string, Row>> = {
  'GET /api/catalogue/sources': {
    path: () => '/api/catalogue/sources',
    right: PROVIDER,
    wrong: ['transport.lead', 403],
  },
  'GET /api/catalogue/drifts': {
    path: () => '/api/catalogue/drifts',
    right: PROVIDER,
    wrong: ['admin', 403],
    bad: { path: () => '/api/catalogue/drifts?status=none', status: 422 },
  },
  'POST /api/catalogue/sources': {
    path: () => '/api/catalogue/sources',
    ask: () => ({ body: { name: '接口', connection: { kind: 'http', url: 'http://127.0.0.1:1/' } } }),
    right: PROVIDER,
    wrong: ['public-security.lead', 403],
    bad: { ask: { body: { name: '', connection: { kind: 'ftp' } } }, status: 422 },
  },
  'GET /api/catalogue/sources/:id': {
    path: () => '/api/catalogue/sources/public-security-main',
    right: PROVIDER,
    wrong: ['transport.reviewer', 404],
    bad: { path: () => '/api/catalogue/sources/no-such', status: 404 },
  },
  'PATCH /api/catalogue/sources/:id': {
    path: () => '/api/catalogue/sources/public-security-main',
    ask: () => ({ body: { name: '人口库' }, headers: { 'If-Match': '*' } }),
    right: PROVIDER,
    wrong: ['transport.reviewer', 404],
    bad: { ask: { body: { kind: 'folder' }, headers: { 'If-Match': '*' } }, status: 422 },
  },
  'POST /api/catalogue/sources/:id/test': {
    path: () => '/api/catalogue/sources/public-security-main/test',
    right: PROVIDER,
    wrong: ['transport.reviewer', 404],
    bad: { path: () => '/api/catalogue/sources/no-such/test', status: 404 },
  },
  'POST /api/catalogue/compilations': {
    path: () => '/api/catalogue/compilations',
    ask: () => ({ body: { sourceId: 'public-security-main', tables: ['no_such_table'] } }),
    right: PROVIDER,
    wrong: ['public-security.requester', 403],
    bad: { ask: { body: { tables: [] } }, status: 422 },
  },
  'GET /api/catalogue/compilations/:id': {
    path: () => `/api/catalogue/compilations/${COMPILATION}`,
    right: PROVIDER,
    wrong: ['transport.reviewer', 404],
    bad: { path: () => '/api/catalogue/compilations/1', status: 404 },
  },
  'GET /api/catalogue/template': {
    path: () => '/api/catalogue/template',
    wrong: ['rolenone', 403],
    bad: { path: () => '/api/catalogue/template?format=pdf', status: 422 },
  },
  'GET /api/catalogue/export': {
    path: () => '/api/catalogue/export',
    wrong: ['rolenone', 403],
    bad: { path: () => '/api/catalogue/export?format=pdf', status: 422 },
  },
  'POST /api/catalogue/imports': {
    path: () => '/api/catalogue/imports?name=a.csv',
    ask: file,
    right: PROVIDER,
    wrong: ['public-security.lead', 403],
    bad: { path: () => '/api/catalogue/imports?name=..%2Fa', ask: file(), status: 422 },
  },
  'GET /api/catalogue/imports': {
    path: () => '/api/catalogue/imports',
    right: 'data-bureau.authority',
    wrong: ['public-security.lead', 403],
    bad: { path: () => '/api/catalogue/imports?limit=0', status: 422 },
  },
  'GET /api/catalogue/imports/:id': {
    path: () => `/api/catalogue/imports/${IMPORT}`,
    right: PROVIDER,
    wrong: ['transport.reviewer', 404],
    bad: { path: () => '/api/catalogue/imports/1', status: 404 },
  },
  'GET /api/catalogue/imports/:id/report': {
    path: () => `/api/catalogue/imports/${IMPORT}/report`,
    right: PROVIDER,
    wrong: ['transport.reviewer', 404],
    bad: { path: () => '/api/catalogue/imports/1/report', status: 404 },
  },
};
