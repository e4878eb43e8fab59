import { caseDetailFor, visibleCase } from '../../case-views.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { fileCase } from '../../process-filing.ts';
import { accepted } from '../../replies.ts';
import { acceptedCommand } from '../../schema.ts';
import { tagOf } from '../cases/actions.ts';
import { caseDetail } from '../cases/schema.ts';
import type { RouteDeps } from '../deps.ts';
import { caseFiling, processList } from './schema.ts';

export function processEndpoints(deps: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/processes',
      tag: 'processes',
      summary: 'The processes that a case can be filed of, each with its form and who may file it',
      access: { object: 'route', action: 'read' },
      answers: { 200: processList },
      async handle() {
        const items = deps.processes.map(({ id, name, about, when, filedBy, fields, route }) => ({
          id,
          name,
          about,
          when: when ?? null,
          filedBy,
          fields: fields.map(({ required, requiredFor, most, past, options, ...field }) => ({
            ...field,
            required: required ?? false,
            requiredFor: requiredFor ?? null,
            most: most ?? null,
            past: past ?? false,
            options: options ?? null,
          })),
          routeId: route.id,
        }));
        return { status: 200, body: { items } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/cases',
      tag: 'cases',
      summary:
        'File a case: about a grant a correction, an objection, a dispute, a misuse, its disposal; about an entry its publication, or that its reconciliation with another be settled',
      access: { object: 'case', action: 'file' },
      body: caseFiling,
      answers: { 201: caseDetail, 202: acceptedCommand },
      async handle(call) {
        const filed = await fileCase(deps, call);
        if (filed.status === 'pending') return accepted(filed);
        const row = await visibleCase(deps, filed.targetId, call);
        const headers = { Location: `/api/cases/${row.id}`, ETag: tagOf(row) };
        return { status: 201, body: await caseDetailFor(deps, row, call), headers };
      },
    }),
  ];
}
