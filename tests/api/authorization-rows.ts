import { type Api, application, type Ask, nextYear } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import type { Row } from '../support/route-row.ts';

type Rows = Readonly<Record<string, Row>>;

export interface RouteThings {
  /** An open task of the sharing lead of civil affairs, with an opinion begun. */
  readonly openTask: { readonly id: string; readonly seen: string };
  readonly absenceId: string;
  readonly draftId: string;
  readonly runId: string;
}

const ROUTE = '/api/routes/share-request~conditional';
const AUTHORITY = 'data-bureau.authority';
const LEAD = 'civil-affairs.lead';

/** Makes one of each thing. */
export async function routeThings(api: Api): Promise<RouteThings> {
  const { body: filed } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const openTask = { id: `${filed.id}.requester-lead.1`, seen: filed.form.digest };
  await api.ask(LEAD, 'PUT', `/api/tasks/${openTask.id}/draft`, { body: { opinion: '拟同意' } });
  const { body: absence } = await api.ask(LEAD, 'POST', '/api/absences', { body: absenceOf('civil-affairs.reviewer') });
  const { body: draft } = await api.ask(AUTHORITY, 'POST', `${ROUTE}/drafts`, { body: { from: 1 } });
  const run = { body: { to: 1, dryRun: true } };
  const { body: migration } = await api.ask(AUTHORITY, 'POST', `${ROUTE}/migrations`, run);
  return { openTask, absenceId: absence.id, draftId: draft.id, runId: migration.id };
}

function absenceOf(standIn: string) {
  const { from } = nextYear();
  return { standIn, from, until: from };
}

const root = { kind: 'stage', id: 'only', seat: { role: 'reviewer', department: 'provider' }, rule: 'any' };
const sound = { route: { root: { ...root, basis: ['items'], mayAskSupplement: false } } };
const whateverVersion = { 'If-Match': '*' };

/** Absences, and what belongs to tasks. */
export function workRows(thing: () => RouteThings): Rows {
  const task = (rest: string) => () => `/api/tasks/${thing().openTask.id}${rest}`;
  return {
    'POST /api/tasks/actions': {
      path: () => '/api/tasks/actions',
      ask: () => ({
        body: { action: 'approve', tasks: [{ taskId: thing().openTask.id, seen: '0'.repeat(64) }] },
      }),
      right: LEAD,
      wrong: ['admin', 403],
      bad: { ask: { body: { action: 'withdraw', tasks: [] } }, status: 422 },
    },
    'GET /api/cases/:id/diagram': {
      path: () => `/api/cases/${thing().openTask.id.split('.', 1)[0]}/diagram`,
      right: LEAD,
      wrong: ['transport.lead', 404],
      bad: { path: () => '/api/cases/no-such/diagram', status: 404 },
    },
    'GET /api/tasks/:id/recipients': {
      path: task('/recipients'),
      right: LEAD,
      wrong: ['transport.lead', 404],
      bad: { path: () => '/api/tasks/1/recipients', status: 404 },
    },
    'GET /api/tasks/:id/draft': {
      path: task('/draft'),
      right: LEAD,
      wrong: ['civil-affairs.reviewer', 404],
      bad: { path: () => '/api/tasks/1/draft', status: 404 },
    },
    'PUT /api/tasks/:id/draft': {
      path: task('/draft'),
      ask: () => ({ body: { opinion: '拟同意' } }),
      right: LEAD,
      wrong: ['civil-affairs.requester', 403],
      bad: { ask: { body: { opinion: 'x'.repeat(4_001) } }, status: 422 },
    },
    'DELETE /api/tasks/:id/draft': {
      path: task('/draft'),
      right: LEAD,
      wrong: ['transport.lead', 404],
      bad: { path: () => '/api/tasks/1/draft', status: 404 },
    },
    'GET /api/absences': {
      path: () => '/api/absences',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/absences?current=perhaps', status: 422 },
    },
    'GET /api/absences/stand-ins': {
      path: () => '/api/absences/stand-ins',
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/absences/stand-ins?person=nobody', status: 403 },
    },
    'POST /api/absences': {
      path: () => '/api/absences',
      ask: () => ({ body: absenceOf('civil-affairs.lead') }),
      wrong: ['rolenone', 403],
      bad: { ask: { body: absenceOf('nobody') }, status: 422 },
    },
    'POST /api/absences/:id/end': {
      path: () => `/api/absences/${thing().absenceId}/end`,
      right: LEAD,
      wrong: ['civil-affairs.reviewer', 403],
      bad: { path: () => '/api/absences/1/end', status: 404 },
    },
  };
}

/** Routes of cases: versions, drafts, moves. */
export function routeRows(thing: () => RouteThings): Rows {
  const draft = (rest = '') => ({ path: () => `${ROUTE}/drafts/${thing().draftId}${rest}` });
  const unknown = (path: string, ask?: Ask) => ({
    path: () => `${ROUTE}${path}`,
    status: 404,
    ...(ask ? { ask } : {}),
  });
  const nowhere = '00000000-0000-4000-8000-000000000000';
  return {
    'GET /api/routes': { path: () => '/api/routes', wrong: ['rolenone', 403] },
    'GET /api/routes/:id/versions': {
      path: () => `${ROUTE}/versions`,
      wrong: ['rolenone', 403],
      bad: { path: () => '/api/routes/no-such~route/versions', status: 404 },
    },
    'GET /api/routes/:id/versions/:version': {
      path: () => `${ROUTE}/versions/1`,
      wrong: ['rolenone', 403],
      bad: unknown('/versions/99'),
    },
    'GET /api/routes/:id/versions/:version/diagram': {
      path: () => `${ROUTE}/versions/1/diagram`,
      wrong: ['rolenone', 403],
      bad: unknown('/versions/99/diagram'),
    },
    'POST /api/routes/:id/drafts': {
      path: () => `${ROUTE}/drafts`,
      ask: () => ({ body: { from: 1 } }),
      right: 'admin',
      wrong: [LEAD, 403],
      bad: { ask: { body: { from: 99 } }, status: 422 },
    },
    'GET /api/routes/:id/drafts/:draft': {
      ...draft(),
      right: AUTHORITY,
      wrong: [LEAD, 403],
      bad: unknown(`/drafts/${nowhere}`),
    },
    'GET /api/routes/:id/drafts/:draft/diagram': {
      ...draft('/diagram'),
      right: AUTHORITY,
      wrong: [LEAD, 403],
      bad: unknown(`/drafts/${nowhere}/diagram`),
    },
    'PUT /api/routes/:id/drafts/:draft': {
      ...draft(),
      ask: () => ({ body: sound, headers: whateverVersion }),
      right: AUTHORITY,
      wrong: ['auditor', 403],
      bad: { ask: { body: { route: { root: { kind: 'loop' } } }, headers: whateverVersion }, status: 422 },
    },
    'POST /api/routes/:id/drafts/:draft/validation': {
      ...draft('/validation'),
      right: AUTHORITY,
      wrong: [LEAD, 403],
      bad: unknown(`/drafts/${nowhere}/validation`),
    },
    'POST /api/routes/:id/drafts/:draft/publication': {
      ...draft('/publication'),
      right: AUTHORITY,
      wrong: ['admin', 403],
      bad: { ask: { body: { note: '' } }, status: 422 },
    },
    'DELETE /api/routes/:id/drafts/:draft': {
      ...draft(),
      ask: () => ({ headers: whateverVersion }),
      right: AUTHORITY,
      wrong: [LEAD, 403],
      bad: unknown(`/drafts/${nowhere}`, { headers: whateverVersion }),
    },
    'POST /api/routes/:id/migrations': {
      path: () => `${ROUTE}/migrations`,
      ask: () => ({ body: { to: 1, dryRun: true } }),
      right: AUTHORITY,
      wrong: ['auditor', 403],
      bad: { ask: { body: { to: 99 } }, status: 422 },
    },
    'GET /api/routes/:id/migrations/:run': {
      path: () => `${ROUTE}/migrations/${thing().runId}`,
      right: 'auditor',
      wrong: [LEAD, 403],
      bad: unknown(`/migrations/${nowhere}`),
    },
  };
}
