import type { Knex } from 'knex';
import type { Route } from '../domain/route.ts';
import { faultsOfRoute } from '../domain/route-check.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import { SHARE_REQUEST_ROUTES } from '../domain/routes/share-request.ts';

/** A published version of a route: never changed. */
export interface RouteVersion {
  readonly route: Route;
  readonly publishedAt: Date;
  /** Null for a version that ships with the platform. */
  readonly publishedBy: string | null;
  readonly note: string | null;
}

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

const COLUMNS = ['body as route', 'published_at as publishedAt', 'published_by as publishedBy', 'note'] as const;

/** The newest version of every route, by id. */
export async function latestRoutes(db: Knex): Promise<RouteVersion[]> {
  return db('routes')
    .distinctOn('id')
    .select<RouteVersion[]>(...COLUMNS)
    .orderBy([{ column: 'id' }, { column: 'version', order: 'desc' }]);
}

/** Every version of a route, newest first; none if there is no such route. */
export async function versionsOfRoute(db: Knex, id: string): Promise<RouteVersion[]> {
  return db('routes')
    .where({ id })
    .orderBy('version', 'desc')
    .select<RouteVersion[]>(...COLUMNS);
}

export async function findRoute(db: Knex, id: string, version: number): Promise<RouteVersion | undefined> {
  return db('routes')
    .where({ id, version })
    .first<RouteVersion | undefined>(...COLUMNS);
}

/** Publishes a route as its next version, one at a time for each route. The transaction must hold nothing that others wait for. */
export async function publishNext(
  trx: Knex.Transaction,
  { route, by, note }: { readonly route: Omit<Route, 'version'>; readonly by: string; readonly note?: string },
): Promise<Route> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 1))', [route.id]);
  const row = await trx('routes').where({ id: route.id }).max<{ last: number | null }>('version as last').first();
  const next: Route = { ...route, version: (row?.last ?? 0) + 1 };
  await trx('routes').insert({
    id: next.id,
    version: next.version,
    body: JSON.stringify(next),
    published_by: by,
    note: note ?? null,
  });
  return next;
}
