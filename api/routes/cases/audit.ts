import { listCases } from '../../../store/cases.ts';
import { caseAt } from '../../../store/case-at.ts';
import { caseDetailFor, visibleCase } from '../../case-views.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { idParams, listOf, paging } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';
import { caseVerification, chains } from './audit-schema.ts';
import { chainsOf } from './chains.ts';
import { evidenceOf } from './evidence.ts';
import { presentEvent } from './present.ts';
import { caseState, stateParams } from './schema.ts';
import { verificationBody } from '../deliveries/schema.ts';
import { verifyCase } from './verification.ts';
import { z } from 'zod';

/** What looks back at a case: as it stood, whether it is as it was decided, and all of it to take away. Changes nothing. */
export function auditEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/cases/:id/states/:seq',
      reads: 'state',
      tag: 'audit',
      summary: 'The case in full as it stood after one of its events: route, form and who had signed',
      access: { object: 'case', action: 'read' },
      params: stateParams,
      answers: { 200: caseState },
      async handle(call) {
        const now = await visibleCase(deps, call.params.id, call);
        const then = await caseAt(db, now, call.params.seq);
        if (!then) throw new Problem('NotFound');
        const { row, last } = then;
        const at = timeOf(row.updatedAt);
        const shown = await caseDetailFor(deps, row, { ...call, at });
        // What could be done then cannot be done any more.
        const body = { seq: row.seq, of: now.seq, event: presentEvent(last), case: { ...shown, actions: [] } };
        return { status: 200, body };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/cases/:id/verification',
      reads: 'verification',
      tag: 'audit',
      summary: 'Hold every link of a case against what it rests on: from its deliveries to the accounts kept of it',
      access: { object: 'replay', action: 'run' },
      params: idParams,
      body: verificationBody,
      answers: { 200: caseVerification },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        return { status: 200, body: await verifyCase(deps, row, call) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/cases/:id/evidence',
      reads: 'evidence',
      tag: 'audit',
      summary:
        'Everything that is known of a case as one ZIP: events, histories, forms, grants, manifests, with a readable ' +
        'index and the SHA-256 of every part',
      access: { object: 'evidence', action: 'read' },
      params: idParams,
      answers: { 200: 'application/zip' },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        const { name, content, sha256 } = await evidenceOf(deps, row, call);
        const headers = {
          'Content-Type': 'application/zip',
          'Content-Disposition': `attachment; filename="${name}"`,
          'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
        };
        return { status: 200, body: content, headers };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/chains',
      tag: 'audit',
      summary: 'The chains of digests of cases’ events and of the manifests under their grants, computed again',
      reads: 'chains',
      access: { object: 'history', action: 'read' },
      query: z.object({ ...paging, limit: paging.limit.unwrap().max(50).default(20) }),
      answers: { 200: listOf(chains) },
      async handle({ query, actor }) {
        const viewer = viewerOf(policies, actor, 'history');
        const page = await listCases(db, { viewer, filter: {}, page: pageRequest('chains', query) });
        const found = new Map(
          await Promise.all(page.items.map(async (row) => [row.id, await chainsOf(db, row)] as const)),
        );
        return { status: 200, body: presentPage('chains', page, ({ id }) => found.get(id)) };
      },
    }),
  ];
}
