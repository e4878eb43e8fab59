import type { Actor, Fault } from '../../../domain/language.ts';
import { caseStatistics, handlingStatistics, type HandlingFilter } from '../../../store/statistics.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { spanFaults } from '../../spans.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { presentCases, presentHandling } from './present.ts';
import { caseFigures, casesQuery, handlingList, handlingQuery } from './schema.ts';

const READ = { object: 'statistics', action: 'read' } as const;
type Asked = { readonly [K in keyof HandlingFilter]: HandlingFilter[K] | undefined };

export function statisticsEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  /** What may be counted for this caller. @throws {Problem} NotAllowed for another department’s numbers */
  async function filterFor(actor: Actor, asked: Asked): Promise<HandlingFilter> {
    const faults = await faultsOf(asked);
    if (faults.length > 0) throw new Problem('Invalid', { faults });
    const viewer = viewerOf(policies, actor, 'statistics');
    const filter = withoutUndefined(asked) as HandlingFilter;
    if (viewer.all) return filter;
    if (filter.department !== undefined && filter.department !== viewer.department) throw new Problem('NotAllowed');
    return { ...filter, department: viewer.department };
  }

  async function faultsOf({ from, to, department }: Asked): Promise<Fault[]> {
    const faults = spanFaults({ from, to });
    const isKnown = department === undefined || (await departments()).some(({ id }) => id === department);
    return isKnown ? faults : [...faults, { pointer: '/query/department', code: 'NotOffered' }];
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/statistics/handling',
      tag: 'statistics',
      summary:
        'How departments answer, by stage: how many, how long in working days, on time by law and by promise; ' +
        'a department its own, the authority and the auditor all',
      access: READ,
      query: handlingQuery,
      answers: { 200: handlingList },
      async handle({ actor, query }) {
        const rows = await handlingStatistics(db, await filterFor(actor, query));
        const known = await departments();
        return { status: 200, body: { items: rows.map((row) => presentHandling(row, known)), nextCursor: null } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/statistics/cases',
      tag: 'statistics',
      summary: 'How many cases were filed, run and ended how, by process and by department',
      access: READ,
      query: casesQuery,
      answers: { 200: caseFigures },
      async handle({ actor, query }) {
        const filter = await filterFor(actor, { ...query, stage: undefined });
        return { status: 200, body: presentCases(await caseStatistics(db, filter), await departments()) };
      },
    }),
  ];
}
