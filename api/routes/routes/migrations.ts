import { randomUUID } from 'node:crypto';
import {
  countMigratingCases,
  findMigration,
  insertMigration,
  listMigratingCases,
  type RouteMigration,
} from '../../../store/route-migrations.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { findRoute, versionsOfRoute } from '../../../store/routes.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint, type Reply } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import type { RouteDeps } from '../deps.ts';
import { presentMigration } from './present.ts';
import { migration, migrationBody, migrationParams, migrationQuery, routeIdIn, routeParams } from './schema.ts';

type Query = ReturnType<(typeof migrationQuery)['parse']>;

/** How long whoever asks for a move waits for it before being told where to look, in milliseconds. */
const PATIENCE_MS = 3_000;

export function migrationEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, logger, moving } = deps;

  async function shown(
    { routeId, id }: Pick<RouteMigration, 'routeId' | 'id'>,
    query: Query,
    { locale }: Pick<CallerCall<unknown, unknown, unknown>, 'locale'>,
  ): Promise<Reply & { readonly isDone: boolean }> {
    const found = await findMigration(db, routeId, id);
    if (!found) throw new Problem('NotFound');
    const list = `migrations:${id}` as const;
    const [counts, page, names] = await Promise.all([
      countMigratingCases(db, id),
      listMigratingCases(db, id, { page: pageRequest(list, query), outcome: query.outcome }),
      namesOfPeople(db, [found.actor.person]),
    ]);
    const body = presentMigration(found, { counts, page: presentPage(list, page, (one) => one) }, { names, locale });
    return { status: 200, body, isDone: found.endedAt !== null };
  }

  /** Begins in this process; the rounds of any go on with it where this one ends. */
  async function begin(found: RouteMigration): Promise<void> {
    const work = moving.advance(found).catch((err: unknown) => {
      logger.warn({ err, migration: found.id }, 'a migration could not go on');
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([work, patience]);
    clearTimeout(timer);
  }

  return [
    endpoint({
      method: 'post',
      path: '/api/routes/:id/migrations',
      tag: 'routes',
      summary: 'Move running cases to a version of their route, or tell what that would do to each',
      access: { object: 'migration', action: 'run' },
      params: routeParams,
      body: migrationBody,
      answers: { 200: migration, 202: migration },
      async handle(call) {
        const { body, actor, at, idempotency } = call;
        const routeId = routeIdIn(call.params);
        if ((await versionsOfRoute(db, routeId)).length === 0) throw new Problem('NotFound');
        if (!(await findRoute(db, routeId, body.to))) {
          throw new Problem('Invalid', { faults: [{ pointer: '/to', code: 'VersionUnknown' }] });
        }
        const fresh = randomUUID();
        const id = await once(db, call, {
          kind: 'route-migration',
          action: 'migrate',
          id: fresh,
          work: (trx) =>
            insertMigration(
              trx,
              {
                id: fresh,
                routeId,
                to: body.to,
                isDryRun: body.dryRun,
                commandId: idempotency.id,
                actor,
                receivedAt: at,
              },
              body.cases,
            ),
        });
        const found = await findMigration(db, routeId, id);
        if (found && !found.endedAt) await begin(found);
        const { isDone, ...reply } = await shown({ routeId, id }, migrationQuery.parse({}), call);
        const { href } = reply.body as { readonly href: string };
        return isDone ? reply : { ...reply, status: 202, headers: { Location: href, 'Retry-After': '2' } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/routes/:id/migrations/:run',
      tag: 'routes',
      summary: 'How far a move of running cases has come, and what became of each',
      access: { object: 'migration', action: 'read' },
      params: migrationParams,
      query: migrationQuery,
      answers: { 200: migration },
      async handle(call) {
        const { isDone: _, ...reply } = await shown(
          { routeId: routeIdIn(call.params), id: call.params.run },
          call.query,
          call,
        );
        return reply;
      },
    }),
  ];
}
