import { randomUUID } from 'node:crypto';
import { newSecret } from '../../../notices/signature.ts';
import { seal } from '../../../store/sealed.ts';
import { changeWebhook, insertWebhook, listWebhooks, removeWebhook } from '../../../store/webhooks.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { webhookTarget } from '../../webhook-target.ts';
import { manageableWebhook, mayManage, shownWebhook, visibleWebhook, withSecret } from '../../webhook-views.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { presentWebhook } from './present.ts';
import {
  webhook,
  webhookBody,
  webhookChangeBody,
  webhookList,
  webhookParams,
  webhookQuery,
  webhookWithSecret,
} from './schema.ts';

const READ = { object: 'webhook', action: 'read' } as const;
const MANAGE = { object: 'webhook', action: 'manage' } as const;

export function webhookEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies, outside } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/webhooks',
      tag: 'webhooks',
      summary: 'The webhooks of the caller’s department',
      access: READ,
      query: webhookQuery,
      answers: { 200: webhookList },
      async handle({ actor, query }) {
        const page = await listWebhooks(db, viewerOf(policies, actor, 'webhook'), pageRequest('webhooks', query));
        const departments = await deps.departments();
        const body = presentPage('webhooks', page, (row) =>
          presentWebhook(row, { departments, mayManage: mayManage(deps, row, actor) }),
        );
        return { status: 200, body };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/webhooks',
      tag: 'webhooks',
      summary: 'Have a system told of the events of the department’s cases. The secret is shown in this answer only',
      access: MANAGE,
      body: webhookBody,
      answers: { 201: webhookWithSecret },
      async handle(call) {
        const { actor, body } = call;
        const made = {
          ...body,
          url: webhookTarget(body.url, outside.webhookNetworks),
          id: randomUUID(),
          department: actor.department,
          createdBy: actor.person,
          sealedSecret: seal(outside.secretKey, newSecret()),
        };
        const work = (trx: Parameters<typeof insertWebhook>[0]): Promise<void> => insertWebhook(trx, made);
        const id = await once(db, call, { kind: 'webhook', id: made.id, action: 'create', work });
        const shown = await withSecret(deps, await manageableWebhook(deps, id, actor), actor);
        return { status: 201, body: shown, headers: { Location: `/api/webhooks/${id}` } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/webhooks/:id',
      tag: 'webhooks',
      summary: 'One webhook',
      access: READ,
      params: webhookParams,
      answers: { 200: webhook },
      async handle({ actor, params }) {
        const row = await visibleWebhook(deps, params.id, actor);
        return { status: 200, body: await shownWebhook(deps, row, actor), headers: { ETag: `"${row.version}"` } };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/webhooks/:id',
      tag: 'webhooks',
      summary: 'Change where a webhook goes, what it is told of, or whether it is told at all',
      access: MANAGE,
      params: webhookParams,
      body: webhookChangeBody,
      answers: { 200: webhook },
      async handle({ actor, params, body, headers }) {
        const row = await manageableWebhook(deps, params.id, actor);
        const { url, ...rest } = body;
        const change = withoutUndefined(rest) as Parameters<typeof changeWebhook>[2];
        const target = url === undefined ? {} : { url: webhookTarget(url, outside.webhookNetworks) };
        const match = headers['if-match'];
        const isStale = match !== undefined && match !== '*' && match !== `"${row.version}"`;
        if (isStale || !(await changeWebhook(db, row, { ...change, ...target }))) {
          throw new Problem('PreconditionFailed');
        }
        const now = await visibleWebhook(deps, row.id, actor);
        return { status: 200, body: await shownWebhook(deps, now, actor), headers: { ETag: `"${now.version}"` } };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/webhooks/:id',
      tag: 'webhooks',
      summary: 'Remove a webhook; what it has not been told yet is dropped',
      access: MANAGE,
      params: webhookParams,
      answers: { 204: undefined },
      async handle({ actor, params }) {
        await removeWebhook(db, (await manageableWebhook(deps, params.id, actor)).id);
        return { status: 204 };
      },
    }),
  ];
}
