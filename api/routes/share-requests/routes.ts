import { dropRequestDraft } from '../../../store/share-request-drafts.ts';
import { caseDetailFor, visibleCase } from '../../case-views.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { fileShareRequest } from '../../filing.ts';
import { accepted } from '../../replies.ts';
import { acceptedCommand, idParams } from '../../schema.ts';
import { tagOf } from '../cases/actions.ts';
import { caseDetail } from '../cases/schema.ts';
import type { RouteDeps } from '../deps.ts';
import { applicationBody, filingQuery } from './schema.ts';

export function shareRequestEndpoints(deps: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/share-requests',
      tag: 'share-requests',
      summary: 'File a request for another department’s data: a case begins',
      access: { object: 'share-request', action: 'file' },
      query: filingQuery,
      body: applicationBody,
      checksBody: true,
      answers: { 201: caseDetail, 202: acceptedCommand },
      async handle(call) {
        const { body, query, actor } = call;
        const filed = await fileShareRequest(deps, { ...call, query: undefined, body });
        if (filed.status === 'pending') return accepted(filed);
        // Filing that is still under way may be refused: its draft stays until its author lets go of it.
        if (query.draft !== undefined) await dropRequestDraft(deps.db, { id: query.draft, person: actor.person });
        const row = await visibleCase(deps, filed.targetId, call);
        const headers = { Location: `/api/share-requests/${row.id}`, ETag: tagOf(row) };
        return { status: 201, body: await caseDetailFor(deps, row, call), headers };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/share-requests/:id',
      reads: 'form',
      tag: 'share-requests',
      summary: 'A request: its application and where it stands',
      access: { object: 'share-request', action: 'read' },
      params: idParams,
      answers: { 200: caseDetail },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        return { status: 200, body: await caseDetailFor(deps, row, call), headers: { ETag: tagOf(row) } };
      },
    }),
  ];
}
