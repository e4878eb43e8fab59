import { listReads, type ReadFilter, type ReadRow } from '../../../store/reads.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { reachOf } from '../../reach.ts';
import { listOf } from '../../schema.ts';
import { spanFaults } from '../../spans.ts';
import { timeOf } from '../../time.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { read, readsQuery } from './schema.ts';

const READ = { object: 'read-log', action: 'read' } as const;

/** What auditors have read. They watch over everybody else: this is how they are watched themselves. */
export function readEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/reads',
      tag: 'audit',
      summary: 'What auditors have read of cases, when and from where: an auditor their own, the authority all',
      access: READ,
      query: readsQuery,
      answers: { 200: listOf(read) },
      async handle({ query, actor }) {
        const { limit, cursor, ...asked } = query;
        const faults = spanFaults(asked);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const isOwnOnly = reachOf(policies, actor, READ) !== 'any';
        if (isOwnOnly && asked.person !== undefined && asked.person !== actor.person) throw new Problem('NotAllowed');
        const filter = withoutUndefined({ ...asked, ...(isOwnOnly ? { person: actor.person } : {}) }) as ReadFilter;
        const page = await listReads(db, filter, pageRequest('reads', { limit, cursor }));
        return { status: 200, body: presentPage('reads', page, presentRead) };
      },
    }),
  ];
}

function presentRead(row: ReadRow) {
  const { id, person, personName, what, targetId, caseId, caseNumber, caseTitle, event, address, requestId, readAt } =
    row;
  return {
    id,
    person: { id: person, name: personName },
    what,
    targetId,
    case: caseId === null ? null : { id: caseId, number: caseNumber ?? caseId, title: caseTitle ?? '' },
    event,
    address,
    requestId,
    at: timeOf(readAt),
  };
}
