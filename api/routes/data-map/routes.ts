import { z } from 'zod';
import { dateIn, workingDaysBetween } from '../../../domain/calendar.ts';
import { SHARE_MODES } from '../../../domain/language.ts';
import { dataMap, grantsOfEdge, MAP_SIDES } from '../../../store/data-map.ts';
import { waitingNeeds } from '../../../store/needs.ts';
import { latestCalendar } from '../../../store/settings.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { mayIn } from '../../reach.ts';
import { date, departmentRef, id, listOf, paging, text } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { presentDepartment } from '../departments/present.ts';

const count = z.number().int();

const theme = text(1, 40).optional().meta({ description: 'Only what belongs to this theme.' });

const dataMapQuery = z.object({ by: z.enum(MAP_SIDES).default('department'), theme });

const edgeQuery = z.object({
  ...paging,
  by: z.enum(MAP_SIDES).default('department'),
  from: z.string().max(60).meta({ description: 'The department that supplies, or the theme; empty: without a theme.' }),
  to: id,
  theme,
});

const mapGrant = z
  .object({
    entry: z.object({ id: z.string(), name: z.string(), nameEn: z.string() }),
    provider: departmentRef,
    requester: departmentRef,
    mode: z.enum(SHARE_MODES),
    validTo: date,
    href: z.string().nullable().meta({ description: 'Of the grant, where the caller may see it.' }),
  })
  .meta({ id: 'MapGrant' });

/** A page shows no more of them: the list of needs has the rest. */
const MOST_WAITING = 20;

const waitingBody = z
  .object({
    total: count,
    items: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        department: departmentRef,
        lacking: count.meta({ description: 'How many departments have the same need.' }),
        source: departmentRef.nullable().meta({ description: 'Which department is to supply it, where that is said.' }),
        status: z.enum(['open', 'assigned']),
        waitingDays: count.meta({ description: 'Working days since it was stated.' }),
        href: z.string(),
      }),
    ),
  })
  .meta({ id: 'WaitingNeeds' });

const dataMapBody = z
  .object({
    by: z.enum(MAP_SIDES),
    nodes: z.array(
      z.object({
        id: z.string().meta({ description: 'A department’s id or a theme; empty: without a theme.' }),
        department: departmentRef.optional(),
        entries: count.meta({ description: 'Entries that it offers.' }),
        unused: count.meta({ description: 'Those of them over which no grant was ever given.' }),
        grants: count.meta({ description: 'Grants in force over them.' }),
        requests: count.meta({ description: 'Requests filed for them.' }),
        openNeeds: count.meta({ description: 'Needs that nothing meets yet.' }),
        requested: count.meta({ description: 'Requests that the department filed.' }),
        received: count.meta({ description: 'Grants in force that the department holds.' }),
      }),
    ),
    edges: z.array(
      z.object({
        from: z.string().meta({ description: 'The department that supplies, or the theme.' }),
        to: z.string().meta({ description: 'The department that is supplied.' }),
        grants: count,
        entries: count,
      }),
    ),
  })
  .meta({ id: 'DataMap' });

/** Numbers of what the catalogue and its use are, and no word of any single case: for everyone who reads the catalogue. */
export function dataMapEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/data-map',
      tag: 'needs',
      summary: 'Who supplies what to whom, and supply against demand, by department or by theme',
      access: { object: 'catalogue', action: 'read' },
      query: dataMapQuery,
      answers: { 200: dataMapBody },
      async handle({ query: { by, theme: of } }) {
        const view = withoutUndefined({ by, theme: of });
        const [{ nodes, edges }, known] = await Promise.all([dataMap(db, view), departments()]);
        const shown =
          by === 'theme' ? nodes : nodes.map((node) => ({ ...node, department: presentDepartment(node.id, known) }));
        return { status: 200, body: { by, nodes: shown, edges } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/data-map/grants',
      tag: 'needs',
      summary: 'The grants in force behind an edge of the map, by the name of the entry',
      access: { object: 'catalogue', action: 'read' },
      query: edgeQuery,
      answers: { 200: listOf(mapGrant) },
      async handle({ query, actor }) {
        const { limit, cursor, ...edge } = query;
        const [page, known] = await Promise.all([
          grantsOfEdge(db, withoutUndefined(edge), pageRequest('map-grants', { limit, cursor })),
          departments(),
        ]);
        const isSeen = (departmentIds: readonly string[]): boolean =>
          mayIn(policies, actor, { action: 'read', object: 'grant', departments: departmentIds });
        const body = presentPage('map-grants', page, (one) => ({
          entry: { id: one.entryId, name: one.entryName, nameEn: one.entryNameEn },
          provider: presentDepartment(one.provider, known),
          requester: presentDepartment(one.requester, known),
          mode: one.mode,
          validTo: one.validTo,
          href: isSeen([one.provider, one.requester]) ? `/api/grants/${one.id}` : null,
        }));
        return { status: 200, body };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/data-map/waiting',
      tag: 'needs',
      summary: 'Demand without supply: needs that nothing meets yet, those that wait longest first, in working days',
      access: { object: 'need', action: 'read' },
      answers: { 200: waitingBody },
      async handle({ at }) {
        const [{ items, total }, calendar, known] = await Promise.all([
          waitingNeeds(db, MOST_WAITING),
          latestCalendar(db),
          departments(),
        ]);
        const shown = items.map(({ id: needId, title, department, lacking, source, status, createdAt }) => ({
          id: needId,
          title,
          department: presentDepartment(department, known),
          lacking,
          source: source === null ? null : presentDepartment(source, known),
          status,
          waitingDays: workingDaysBetween(calendar, dateIn(timeOf(createdAt)), dateIn(at)),
          href: `/api/needs/${needId}`,
        }));
        return { status: 200, body: { items: shown, total } };
      },
    }),
  ];
}
