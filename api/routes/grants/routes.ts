import { listDeliveries } from '../../../store/deliveries.ts';
import { listGrants } from '../../../store/grants.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { grantContext, grantFor, visibleGrant } from '../../grant-views.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { acceptedCommand, idParams, listOf } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentDelivery } from '../deliveries/present.ts';
import { delivery, deliveryBody, deliveryQuery } from '../deliveries/schema.ts';
import type { RouteDeps } from '../deps.ts';
import { applicationBody } from '../share-requests/schema.ts';
import { actOnGrant, deliverNow, mayDeliver } from './actions.ts';
import { presentGrant } from './present.ts';
import { grant, grantActionBody, grantActionDone, grantQuery, successorQuery } from './schema.ts';
import { successorOf } from './successor.ts';

const READ = { object: 'grant', action: 'read' } as const;

export function grantEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/grants',
      tag: 'grants',
      summary: 'The grants given to or by the caller’s department',
      reads: 'grants',
      access: READ,
      query: grantQuery,
      answers: { 200: listOf(grant) },
      async handle(call) {
        const { limit: _, cursor: __, ...filter } = call.query;
        const page = await listGrants(db, {
          viewer: viewerOf(policies, call.actor, 'grant'),
          filter: withoutUndefined(filter) as Parameters<typeof listGrants>[1]['filter'],
          page: pageRequest('grants', call.query),
        });
        const context = await grantContext(deps, call);
        return { status: 200, body: presentPage('grants', page, (row) => presentGrant(row, context)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/grants/:id',
      tag: 'grants',
      summary: 'One grant: what was given, to whom, for how long',
      reads: 'grant',
      access: READ,
      params: idParams,
      answers: { 200: grant },
      async handle(call) {
        const row = await visibleGrant(deps, call.params.id, call);
        return { status: 200, body: await grantFor(deps, row, call) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/grants/:id/application',
      tag: 'grants',
      summary: 'The application of this grant again, ready to be filed as its renewal or as a change of it',
      access: { object: 'share-request', action: 'file' },
      params: idParams,
      query: successorQuery,
      answers: { 200: applicationBody },
      async handle(call) {
        const row = await visibleGrant(deps, call.params.id, call);
        if (row.body.requester !== call.actor.department) throw new Problem('NotAllowed');
        return { status: 200, body: await successorOf(db, row, { as: call.query.as, at: call.at }) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/grants/:id/actions',
      tag: 'grants',
      summary: 'Deliver, change the schedule, suspend, resume or terminate',
      access: READ,
      params: idParams,
      body: grantActionBody,
      answers: { 200: grantActionDone, 202: acceptedCommand },
      async handle(call) {
        const row = await visibleGrant(deps, call.params.id, call);
        return actOnGrant(deps, row, { input: call.body, call });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/grants/:id/deliveries',
      tag: 'grants',
      summary: 'The deliveries under a grant',
      reads: 'deliveries',
      access: { object: 'delivery', action: 'read' },
      params: idParams,
      query: deliveryQuery,
      answers: { 200: listOf(delivery) },
      async handle(call) {
        const row = await visibleGrant(deps, call.params.id, call);
        const page = await listDeliveries(db, row.id, pageRequest('deliveries', call.query));
        const context = { mayDeliver: mayDeliver(deps, row, call), locale: call.locale };
        return { status: 200, body: presentPage('deliveries', page, (one) => presentDelivery(one, context)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/grants/:id/deliveries',
      tag: 'grants',
      summary: 'Run a delivery now',
      access: { object: 'grant', action: 'deliver' },
      params: idParams,
      body: deliveryBody,
      answers: { 201: delivery, 202: acceptedCommand },
      async handle(call) {
        const row = await visibleGrant(deps, call.params.id, call);
        return deliverNow(deps, row, { isWhole: call.body.isWhole, call });
      },
    }),
  ];
}
