import type { Api } from '../support/api.ts';
import type { Row } from '../support/route-row.ts';

export interface ArticleThings {
  readonly articleId: string;
}

const AUTHORITY = 'data-bureau.authority';
const LEAD = 'civil-affairs.lead';
const CONTENT = { title: '通知', summary: '一句话', body: '正文' };
const bytes = { 'Content-Type': 'application/octet-stream' };
const whatever = { 'If-Match': '*' };

export async function articleThings(api: Api): Promise<ArticleThings> {
  const { body } = await api.ask(AUTHORITY, 'POST', '/api/articles', { body: { kind: 'news', content: CONTENT } });
  return { articleId: body.id };
}

/** Articles as they are written; what the public reads of them is in tests/api/open-site.test.ts. */
export function articleRows(thing: () => ArticleThings): Readonly<Record<string, Row>> {
  const one = () => `/api/articles/${thing().articleId}`;
  return {
    'GET /api/articles': {
      path: () => '/api/articles',
      right: AUTHORITY,
      wrong: [LEAD, 403],
      bad: { path: () => '/api/articles?kind=gossip&status=lost', status: 422 },
    },
    'POST /api/articles': {
      path: () => '/api/articles',
      ask: () => ({ body: { kind: 'news', content: CONTENT } }),
      right: AUTHORITY,
      wrong: ['auditor', 403],
      bad: { ask: { body: { kind: 'gossip', content: { title: '' } } }, status: 422 },
    },
    'POST /api/articles/files': {
      path: () => '/api/articles/files?name=a.txt',
      ask: () => ({ raw: 'x', headers: bytes }),
      right: AUTHORITY,
      wrong: ['auditor', 403],
      bad: { path: () => '/api/articles/files?name=..%2Fa', ask: { raw: 'x', headers: bytes }, status: 422 },
    },
    'GET /api/articles/:id': {
      path: one,
      right: AUTHORITY,
      wrong: [LEAD, 403],
      bad: { path: () => '/api/articles/1', status: 404 },
    },
    'PUT /api/articles/:id': {
      path: one,
      ask: () => ({ body: CONTENT, headers: whatever }),
      right: AUTHORITY,
      wrong: ['admin', 403],
      bad: { ask: { body: { title: '', body: 7 }, headers: whatever }, status: 422 },
    },
    'POST /api/articles/:id/actions': {
      path: () => `${one()}/actions`,
      ask: () => ({ body: { action: 'publish' }, headers: whatever }),
      right: AUTHORITY,
      wrong: ['auditor', 403],
      bad: { ask: { body: { action: 'withdraw' }, headers: whatever }, status: 422 },
    },
  };
}

/** What the public reads of the site, with what of it there is: tests/api/open-site.test.ts. */
export const OPENED = ['entries', 'entries/:id', 'articles', 'articles/:id', 'files/:id', 'statistics'].map(
  (path) => `GET /api/open/${path}`,
);
