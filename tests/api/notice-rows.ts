import type { Api } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import type { Row } from '../support/route-row.ts';

export interface ToldThings {
  readonly noticeId: string;
  readonly webhookId: string;
  readonly pingId: string;
}

/** An integrator of another department. */
const strangers = ['transport.integrator', 404] as const;
const unknown = (path: string) => ({ path: () => path, status: 404 });

/** A notice, a webhook and something that was sent to it. */
export async function toldThings(api: Api): Promise<ToldThings> {
  const { knex } = api.engine.platform;
  const account = await knex('people').where({ id: 'transport.requester' }).first();
  const integrator = { id: 'transport.integrator', department_id: 'transport' };
  await knex('people').insert({ ...account, ...integrator });
  await knex('person_roles').insert({ person_id: integrator.id, department_id: 'transport', role: 'integrator' });
  const [{ id: noticeId }] = await knex('notices')
    .insert({
      person_id: REQUESTER,
      position: 1,
      kind: 'granted',
      topic: 'progress',
      case_id: 'x',
      params: '{}',
      at: new Date(),
    })
    .returning('id');
  const body = { url: 'https://receiver.example/hook' };
  const webhookId = (await api.ask('integrator', 'POST', '/api/webhooks', { body })).body.id;
  const pingId = (await api.ask('integrator', 'POST', `/api/webhooks/${webhookId}/ping`)).body.id;
  return { noticeId, webhookId, pingId };
}

/** The rows of notices, events and webhooks for the table of who may what. */
export function noticeRows(told: () => ToldThings): Readonly<Record<string, Row>> {
  return {
    'GET /api/notices': { path: () => '/api/notices', bad: { path: () => '/api/notices?unread=perhaps', status: 422 } },
    'GET /api/notices/counts': { path: () => '/api/notices/counts' },
    'POST /api/notices/read': { path: () => '/api/notices/read', bad: { ask: { body: { upTo: 'x' } }, status: 422 } },
    'POST /api/notices/:id/read': {
      path: () => `/api/notices/${told().noticeId}/read`,
      wrong: ['civil-affairs.lead', 404],
      bad: unknown('/api/notices/0/read'),
    },
    'GET /api/notices/preferences': { path: () => '/api/notices/preferences' },
    'PATCH /api/notices/preferences': {
      path: () => '/api/notices/preferences',
      bad: { ask: { body: { email: 'nowhere', mail: { task: 'never' } } }, status: 422 },
    },
    'GET /api/events': {
      path: () => '/api/events?follow=false',
      bad: { ask: { headers: { 'Last-Event-ID': 'x' } }, status: 422 },
    },
    'GET /api/webhooks': {
      path: () => '/api/webhooks',
      right: 'integrator',
      wrong: ['civil-affairs.requester', 403],
      bad: { path: () => '/api/webhooks?limit=0', status: 422 },
    },
    'POST /api/webhooks': {
      path: () => '/api/webhooks',
      ask: () => ({ body: { url: 'https://receiver.example/hook' } }),
      right: 'integrator',
      wrong: ['auditor', 403],
      bad: { ask: { body: { url: 'http://10.0.0.1/' } }, status: 422 },
    },
    'GET /api/webhooks/:id': {
      path: () => `/api/webhooks/${told().webhookId}`,
      right: 'integrator',
      wrong: strangers,
      bad: unknown('/api/webhooks/1'),
    },
    'PATCH /api/webhooks/:id': {
      path: () => `/api/webhooks/${told().webhookId}`,
      right: 'integrator',
      wrong: strangers,
      bad: { ask: { body: { types: ['everything'] } }, status: 422 },
    },
    'POST /api/webhooks/:id/secret': {
      path: () => `/api/webhooks/${told().webhookId}/secret`,
      right: 'integrator',
      wrong: strangers,
      bad: { ask: { body: { secret: 'mine' } }, status: 422 },
    },
    'POST /api/webhooks/:id/ping': {
      path: () => `/api/webhooks/${told().webhookId}/ping`,
      right: 'integrator',
      wrong: strangers,
      bad: { ask: { body: { now: true } }, status: 422 },
    },
    'GET /api/webhooks/:id/deliveries': {
      path: () => `/api/webhooks/${told().webhookId}/deliveries`,
      right: 'integrator',
      wrong: strangers,
      bad: { path: () => `/api/webhooks/${told().webhookId}/deliveries?status=lost`, status: 422 },
    },
    'POST /api/webhooks/:id/deliveries/resend': {
      path: () => `/api/webhooks/${told().webhookId}/deliveries/resend`,
      right: 'integrator',
      wrong: strangers,
      bad: { ask: { body: { all: true } }, status: 422 },
    },
    'POST /api/webhooks/:id/deliveries/:deliveryId/resend': {
      path: () => `/api/webhooks/${told().webhookId}/deliveries/${told().pingId}/resend`,
      right: 'integrator',
      wrong: strangers,
      bad: { path: () => `/api/webhooks/${told().webhookId}/deliveries/1/resend`, status: 404 },
    },
    'DELETE /api/webhooks/:id': {
      path: () => `/api/webhooks/${told().webhookId}`,
      right: 'integrator',
      wrong: strangers,
      bad: unknown('/api/webhooks/1'),
    },
  };
}
