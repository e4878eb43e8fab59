import { randomUUID } from 'node:crypto';
import { pingEvent } from '../../../domain/notices/cloud-event.ts';
import { newSecret } from '../../../notices/signature.ts';
import { announce, CHANNELS } from '../../../store/outbox.ts';
import { seal } from '../../../store/sealed.ts';
import {
  findWebhookDelivery,
  insertPing,
  listWebhookDeliveries,
  rotateSecret,
  sendAgain,
} from '../../../store/webhooks.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { manageableWebhook, visibleWebhook, withSecret } from '../../webhook-views.ts';
import type { RouteDeps } from '../deps.ts';
import { presentWebhookDelivery } from './present.ts';
import {
  noBody,
  resent,
  webhookDelivery,
  webhookDeliveryList,
  webhookDeliveryParams,
  webhookDeliveryQuery,
  webhookParams,
  webhookWithSecret,
} from './schema.ts';

const READ = { object: 'webhook', action: 'read' } as const;
const MANAGE = { object: 'webhook', action: 'manage' } as const;

/** Hours in which the secret before signs as well. */
const OVERLAP_HOURS = 24;

export function webhookDeliveryEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, outside } = deps;

  async function shownDelivery(webhookId: string, id: string) {
    const found = await findWebhookDelivery(db, webhookId, id);
    if (!found) throw new Problem('NotFound');
    return presentWebhookDelivery(found);
  }

  return [
    endpoint({
      method: 'post',
      path: '/api/webhooks/:id/secret',
      tag: 'webhooks',
      summary: `Change the secret. The one before signs as well for ${OVERLAP_HOURS} hours`,
      access: MANAGE,
      params: webhookParams,
      body: noBody,
      answers: { 200: webhookWithSecret },
      async handle(call) {
        const { id } = await manageableWebhook(deps, call.params.id, call.actor);
        const sealed = seal(outside.secretKey, newSecret());
        const work = (trx: Parameters<typeof rotateSecret>[0]): Promise<void> =>
          rotateSecret(trx, id, sealed, OVERLAP_HOURS);
        await once(db, call, { kind: 'webhook', id, action: 'rotate', work });
        const row = await manageableWebhook(deps, id, call.actor);
        return { status: 200, body: await withSecret(deps, row, call.actor) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/webhooks/:id/ping',
      tag: 'webhooks',
      summary: 'Send something, to see whether the receiver is there and takes the signature',
      access: MANAGE,
      params: webhookParams,
      body: noBody,
      answers: { 201: webhookDelivery },
      async handle(call) {
        const { id: webhookId } = await manageableWebhook(deps, call.params.id, call.actor);
        const made = randomUUID();
        const event = pingEvent({ id: `ping/${made}`, source: outside.publicUrl ?? 'urn:santong', at: call.at });
        const id = await once(db, call, {
          kind: 'webhook',
          id: made,
          action: 'ping',
          work: (trx) => insertPing(trx, { id: made, webhookId, body: JSON.stringify(event) }),
        });
        await announce(db, CHANNELS.feed);
        return { status: 201, body: await shownDelivery(webhookId, id) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/webhooks/:id/deliveries',
      tag: 'webhooks',
      summary: 'What was sent, what waits and what was given up, newest first, with each attempt',
      access: READ,
      params: webhookParams,
      query: webhookDeliveryQuery,
      answers: { 200: webhookDeliveryList },
      async handle({ actor, params, query }) {
        const { id } = await visibleWebhook(deps, params.id, actor);
        const page = await listWebhookDeliveries(db, id, {
          status: query.status,
          page: pageRequest('webhook-deliveries', query),
        });
        return { status: 200, body: presentPage('webhook-deliveries', page, presentWebhookDelivery) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/webhooks/:id/deliveries/resend',
      tag: 'webhooks',
      summary: 'Send everything again that was given up',
      access: MANAGE,
      params: webhookParams,
      body: noBody,
      answers: { 200: resent },
      async handle(call) {
        const { id } = await manageableWebhook(deps, call.params.id, call.actor);
        let count = 0;
        const work = async (trx: typeof db): Promise<void> => void (count = await sendAgain(trx, id));
        await once(db, call, { kind: 'webhook', id, action: 'resend', work });
        await announce(db, CHANNELS.feed);
        return { status: 200, body: { resent: count } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/webhooks/:id/deliveries/:deliveryId/resend',
      tag: 'webhooks',
      summary: 'Send one delivery again, whether it was given up or went well',
      access: MANAGE,
      params: webhookDeliveryParams,
      body: noBody,
      answers: { 200: webhookDelivery },
      async handle(call) {
        const { deliveryId } = call.params;
        const { id } = await manageableWebhook(deps, call.params.id, call.actor);
        await shownDelivery(id, deliveryId);
        const work = async (trx: typeof db): Promise<void> => void (await sendAgain(trx, id, deliveryId));
        await once(db, call, { kind: 'webhook', id, action: 'resend', work });
        await announce(db, CHANNELS.feed);
        return { status: 200, body: await shownDelivery(id, deliveryId) };
      },
    }),
  ];
}
