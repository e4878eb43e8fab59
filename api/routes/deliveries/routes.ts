import { findDelivery, listAllDeliveries } from '../../../store/deliveries.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { visibleGrant } from '../../grant-views.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { idParams, listOf } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { mayDeliver } from '../grants/actions.ts';
import { presentDelivery, presentListed } from './present.ts';
import { delivery, deliveryListQuery, listedDelivery, verification, verificationBody } from './schema.ts';
import { verifyDelivery } from './verification.ts';

export function deliveryEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/deliveries',
      tag: 'deliveries',
      summary: 'Deliveries to and from the caller’s department, newest first; the authority and the auditor see all',
      reads: 'deliveries',
      access: { object: 'delivery', action: 'read' },
      query: deliveryListQuery,
      answers: { 200: listOf(listedDelivery) },
      async handle({ query: { limit, cursor, ...given }, actor, locale }) {
        const viewer = viewerOf(policies, actor, 'delivery');
        const page = pageRequest('all-deliveries', { limit, cursor });
        const [found, known] = await Promise.all([
          listAllDeliveries(db, { viewer, filter: withoutUndefined(given), page }),
          deps.departments(),
        ]);
        const body = presentPage('all-deliveries', found, (row) => presentListed(row, { departments: known, locale }));
        return { status: 200, body };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/deliveries/:id',
      tag: 'deliveries',
      summary: 'How a delivery goes, and once it is there its manifest',
      reads: 'delivery',
      access: { object: 'delivery', action: 'read' },
      params: idParams,
      answers: { 200: delivery },
      async handle(call) {
        const row = await findDelivery(db, call.params.id, viewerOf(policies, call.actor, 'delivery'));
        if (!row) throw new Problem('NotFound');
        const grant = await visibleGrant(deps, row.grantId, call);
        return {
          status: 200,
          body: presentDelivery(row, { mayDeliver: mayDeliver(deps, grant, call), locale: call.locale }),
        };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/deliveries/:id/verification',
      tag: 'deliveries',
      summary: 'Hold what is in the target now against the manifest, and the manifest against those before it',
      reads: 'delivery',
      access: { object: 'delivery', action: 'verify' },
      params: idParams,
      body: verificationBody,
      answers: { 200: verification },
      async handle(call) {
        const row = await findDelivery(db, call.params.id, viewerOf(policies, call.actor, 'delivery'));
        if (!row) throw new Problem('NotFound');
        return { status: 200, body: await verifyDelivery(deps, row, call) };
      },
    }),
  ];
}
