import type { Api } from '../support/api.ts';
import { draftBy, entryBody } from '../support/drafts.ts';
import type { Row } from '../support/route-row.ts';

const REVIEWER = 'public-security.reviewer';

export interface CatalogueThings {
  readonly draftId: string;
  readonly suggestedDraftId: string;
  readonly droppedDraftId: string;
}

export async function catalogueThings(api: Api): Promise<CatalogueThings> {
  const ids = [];
  for (let nth = 0; nth < 3; nth += 1) ids.push((await draftBy(api, REVIEWER)).body.id as string);
  const [draftId = '', suggestedDraftId = '', droppedDraftId = ''] = ids;
  const suggestions = [{ pointer: '/summary', value: '居住证', evidence: { code: 'Comment' } }];
  await api.engine.platform
    .knex('catalogue_drafts')
    .where({ id: suggestedDraftId })
    .update({ suggestions: JSON.stringify(suggestions) });
  return { draftId, suggestedDraftId, droppedDraftId };
}

const whatever = { 'If-Match': '*' };
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** Drafts of entries, and versions of what is published. */
export function catalogueRows(thing: () => CatalogueThings): Readonly<Record<string, Row>> {
  const unknown = { path: () => `/api/catalogue/drafts/${NOWHERE}`, status: 404 };
  return {
    'GET /api/catalogue/drafts': {
      path: () => '/api/catalogue/drafts',
      wrong: ['admin', 403],
      bad: { path: () => '/api/catalogue/drafts?limit=none', status: 422 },
    },
    'POST /api/catalogue/drafts': {
      path: () => '/api/catalogue/drafts',
      ask: () => ({ body: { body: entryBody() } }),
      right: REVIEWER,
      wrong: ['public-security.lead', 403],
      bad: { ask: { body: { body: { shareType: 'free', colour: 'red' } } }, status: 422 },
    },
    'GET /api/catalogue/drafts/:id': {
      path: () => `/api/catalogue/drafts/${thing().draftId}`,
      right: 'data-bureau.authority',
      wrong: ['transport.reviewer', 404],
      bad: unknown,
    },
    'PATCH /api/catalogue/drafts/:id': {
      path: () => `/api/catalogue/drafts/${thing().draftId}`,
      ask: () => ({ body: { name: '居住证' }, headers: whatever }),
      right: REVIEWER,
      wrong: ['data-bureau.authority', 403],
      bad: { ask: { body: { shareType: 'free' }, headers: whatever }, status: 422 },
    },
    'POST /api/catalogue/drafts/:id/suggestions': {
      path: () => `/api/catalogue/drafts/${thing().suggestedDraftId}/suggestions`,
      ask: () => ({ body: { accept: [0] }, headers: whatever }),
      right: REVIEWER,
      wrong: ['transport.reviewer', 404],
      bad: { ask: { body: { accept: [7, 8] }, headers: whatever }, status: 422 },
    },
    'DELETE /api/catalogue/drafts/:id': {
      path: () => `/api/catalogue/drafts/${thing().droppedDraftId}`,
      ask: () => ({ headers: whatever }),
      right: REVIEWER,
      wrong: ['auditor', 403],
      bad: { ...unknown, ask: { headers: whatever } },
    },
    'GET /api/catalogue/changes': {
      path: () => '/api/catalogue/changes?after=1',
      right: 'data-bureau.authority',
      wrong: ['public-security.requester', 403],
      bad: { path: () => '/api/catalogue/changes?after=-1&limit=0', status: 422 },
    },
    'GET /api/catalogue/synonyms': {
      path: () => '/api/catalogue/synonyms',
      right: 'auditor',
      wrong: ['public-security.reviewer', 403],
      bad: { path: () => '/api/catalogue/synonyms?limit=none', status: 422 },
    },
    'POST /api/catalogue/synonyms': {
      path: () => '/api/catalogue/synonyms',
      ask: () => ({ body: { words: ['居住证', '暂住证'] } }),
      right: 'data-bureau.authority',
      wrong: ['auditor', 403],
      bad: { ask: { body: { words: ['居 住', '甲'], colour: 'red' } }, status: 422 },
    },
    'DELETE /api/catalogue/synonyms/:id': {
      path: () => '/api/catalogue/synonyms/1',
      right: 'data-bureau.authority',
      wrong: ['admin', 403],
      bad: { path: () => '/api/catalogue/synonyms/0', status: 404 },
    },
    'GET /api/catalogue/:id/versions': {
      path: () => '/api/catalogue/persons/versions',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/catalogue/no-such/versions', status: 404 },
    },
    'GET /api/catalogue/:id/differences': {
      path: () => '/api/catalogue/persons/differences?from=1&to=1',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/catalogue/persons/differences?from=0&to=x', status: 422 },
    },
  };
}
