import type { Knex } from 'knex';
import type { Route } from '../domain/route.ts';
import { faultsOfRoute } from '../domain/route-check.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import { SHARE_REQUEST_ROUTES } from '../domain/routes/share-request.ts';

/** Publishes the routes that ship with this version; a version once published is never changed. */
export async function publishRoutes(knex: Knex): Promise<void> {
  const routes = [...SHARE_REQUEST_ROUTES, ...PROCESSES.map(({ route }) => route)];
  const faults = routes.flatMap((route) =>
    faultsOfRoute(route).map(({ block, code }) => `${route.id} ${route.version}, block ${block}: ${code}`),
  );
  if (faults.length > 0) throw new Error(`Not published, as these routes cannot run:\n${faults.join('\n')}`);
  const rows = routes.map((route) => ({
    id: route.id,
    version: route.version,
    body: JSON.stringify(route),
  }));
  await knex('routes').insert(rows).onConflict(['id', 'version']).ignore();
}

/** The newest published version of a route. Throws if there is none. */
export async function latestRoute(knex: Knex, id: string): Promise<Route> {
  const row = await knex('routes').where({ id }).orderBy('version', 'desc').first<{ body: Route }>('body');
  if (!row) throw new Error(`No published route ${id}`);
  return row.body;
}
