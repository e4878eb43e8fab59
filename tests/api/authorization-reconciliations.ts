import type { Api } from '../support/api.ts';
import { AUTHORITY, differencesOf, LEFT, reconciled, RIGHT, townships } from '../support/reconciliations.ts';
import type { Row } from '../support/route-row.ts';

export interface ReconciliationThings {
  readonly id: string;
  readonly difference: { readonly id: string; readonly seen: string };
}

/** One that has run to its end, with a difference of it. */
export async function reconciliationThings(api: Api): Promise<ReconciliationThings> {
  const { id } = await reconciled(api, townships());
  const [difference] = await differencesOf(api, id);
  return { id, difference: { id: difference.id, seen: difference.seen } };
}

/** The rows of the routes by which two sources are compared and what differs is settled. */
export function reconciliationRows(thing: () => ReconciliationThings): Readonly<Record<string, Row>> {
  const at = (rest: string) => () => `/api/reconciliations/${thing().id}${rest}`;
  const stranger = ['transport.reviewer', 404] as const;
  const unknown = { path: () => '/api/reconciliations/1', status: 404 };
  return {
    'GET /api/reconciliations': {
      path: () => '/api/reconciliations',
      right: RIGHT,
      wrong: ['admin', 403],
      bad: { path: () => '/api/reconciliations?limit=0', status: 422 },
    },
    'POST /api/reconciliations': {
      path: () => '/api/reconciliations',
      ask: () => ({ body: townships() }),
      right: AUTHORITY,
      wrong: [LEFT, 403],
      bad: { ask: { body: { key: [], left: { entryId: '' } } }, status: 422 },
    },
    'GET /api/reconciliations/:id': { path: at(''), right: LEFT, wrong: stranger, bad: unknown },
    'POST /api/reconciliations/:id/runs': {
      path: at('/runs'),
      right: AUTHORITY,
      wrong: [RIGHT, 403],
      bad: { path: () => '/api/reconciliations/1/runs', status: 404 },
    },
    'GET /api/reconciliations/:id/differences': {
      path: at('/differences'),
      right: RIGHT,
      wrong: stranger,
      bad: { path: at('/differences?kind=some&state=none&limit=0'), status: 422 },
    },
    'GET /api/reconciliations/:id/export': {
      path: at('/export'),
      right: LEFT,
      wrong: stranger,
      bad: { path: at('/export?kind=some'), status: 422 },
    },
    'POST /api/reconciliations/:id/settlements': {
      path: at('/settlements'),
      ask: () => ({ body: { differences: [thing().difference], decision: 'both', reason: '各有所据' } }),
      right: RIGHT,
      wrong: ['auditor', 403],
      bad: { ask: { body: { differences: [], decision: 'perhaps' } }, status: 422 },
    },
  };
}
