import type { Knex } from 'knex';
import type { Route } from '../domain/route.ts';

/** What a draft says of a route: its id stands beside it, its version is given when it is published. */
export type RouteBody = Omit<Route, 'id' | 'version'>;

export interface RouteDraft {
  readonly id: string;
  readonly routeId: string;
  readonly basedOn: number | null;
  readonly body: RouteBody;
  /** Moves with every change. */
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedBy: string;
  readonly updatedAt: Date;
  /** The version that it became, after which nothing of it changes. */
  readonly publishedAs: number | null;
}

const COLUMNS = [
  'id',
  'route_id as routeId',
  'based_on as basedOn',
  'body',
  'revision',
  'created_by as createdBy',
  'created_at as createdAt',
  'updated_by as updatedBy',
  'updated_at as updatedAt',
  'published_as as publishedAs',
] as const;

/** Drafts that are not published yet, of one route or of all, the latest changed first. */
export async function openDrafts(db: Knex, routeId?: string): Promise<RouteDraft[]> {
  const query = db('route_drafts')
    .whereNull('published_as')
    .orderBy([{ column: 'updated_at', order: 'desc' }, { column: 'id' }])
    .select<RouteDraft[]>(...COLUMNS);
  return routeId === undefined ? query : query.where({ route_id: routeId });
}

export async function findDraft(db: Knex, routeId: string, id: string): Promise<RouteDraft | undefined> {
  return db('route_drafts')
    .where({ id, route_id: routeId })
    .first<RouteDraft | undefined>(...COLUMNS);
}

/** As `findDraft`; whoever else would change it waits until the transaction ends. */
export async function lockDraft(trx: Knex.Transaction, routeId: string, id: string): Promise<RouteDraft | undefined> {
  return trx('route_drafts')
    .where({ id, route_id: routeId })
    .forUpdate()
    .first<RouteDraft | undefined>(...COLUMNS);
}

export async function insertDraft(
  db: Knex,
  draft: Pick<RouteDraft, 'id' | 'routeId' | 'basedOn' | 'body' | 'createdBy'>,
): Promise<void> {
  const { id, routeId, basedOn, body, createdBy } = draft;
  await db('route_drafts').insert({
    id,
    route_id: routeId,
    based_on: basedOn,
    body: JSON.stringify(body),
    created_by: createdBy,
    updated_by: createdBy,
  });
}

/** Replaces what a draft says. */
export async function changeDraft(
  trx: Knex.Transaction,
  id: string,
  { body, by }: { readonly body: RouteBody; readonly by: string },
): Promise<void> {
  await trx('route_drafts')
    .where({ id })
    .update({
      body: JSON.stringify(body),
      updated_by: by,
      updated_at: trx.fn.now(),
      revision: trx.raw('revision + 1'),
    });
}

export async function markPublished(trx: Knex.Transaction, id: string, version: number): Promise<void> {
  await trx('route_drafts').where({ id }).update({ published_as: version });
}

export async function deleteDraft(trx: Knex.Transaction, id: string): Promise<void> {
  await trx('route_drafts').where({ id }).delete();
}
