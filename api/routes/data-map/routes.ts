import { z } from 'zod';
import { dataMap, MAP_SIDES } from '../../../store/data-map.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { departmentRef } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentDepartment } from '../departments/present.ts';

const count = z.number().int();

const dataMapQuery = z.object({ by: z.enum(MAP_SIDES).default('department') });

const dataMapBody = z
  .object({
    by: z.enum(MAP_SIDES),
    nodes: z.array(
      z.object({
        id: z.string().meta({ description: 'A department’s id or a theme; empty: without a theme.' }),
        department: departmentRef.optional(),
        entries: count.meta({ description: 'Entries that it offers.' }),
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
export function dataMapEndpoints({ db, departments }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/data-map',
      tag: 'needs',
      summary: 'Who supplies what to whom, and supply against demand, by department or by theme',
      access: { object: 'catalogue', action: 'read' },
      query: dataMapQuery,
      answers: { 200: dataMapBody },
      async handle({ query: { by } }) {
        const [{ nodes, edges }, known] = await Promise.all([dataMap(db, by), departments()]);
        const shown =
          by === 'theme' ? nodes : nodes.map((node) => ({ ...node, department: presentDepartment(node.id, known) }));
        return { status: 200, body: { by, nodes: shown, edges } };
      },
    }),
  ];
}
