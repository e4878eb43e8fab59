import { grantingAnswers } from '../../../store/granting.ts';
import { linesOn } from '../../../store/sharing-lines.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { viewerOf } from '../../reach.ts';
import { listOf } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentLine } from './present.ts';
import { lineQuery, sharingLine } from './schema.ts';

/** Who could read what on a day, and by which decision. */
export function sharingLineEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/sharing-lines',
      tag: 'grants',
      summary: 'Which department could be given what on a day, past or present, and by whose decisions',
      reads: 'sharing-lines',
      access: { object: 'grant', action: 'read' },
      query: lineQuery,
      answers: { 200: listOf(sharingLine) },
      async handle({ query, actor }) {
        const { limit, cursor, ...filter } = query;
        // A place in the list of one day is none in that of another.
        const list = `sharing-lines:${filter.on}` as const;
        const page = await linesOn(db, {
          viewer: viewerOf(policies, actor, 'grant'),
          filter,
          page: pageRequest(list, { limit, cursor }),
        });
        const [answers, known] = await Promise.all([grantingAnswers(db, page.items), departments()]);
        const present = presentPage(list, page, (row) => presentLine(row, answers.get(row.grantId) ?? [], known));
        return { status: 200, body: present };
      },
    }),
  ];
}
