import type { Knex } from 'knex';
import type { z } from 'zod';
import {
  changeDraft,
  findDraft,
  lockDraft,
  markPublished,
  type RouteBody,
  type RouteDraft,
} from '../../../store/route-drafts.ts';
import { findRoute, publishNext, type RouteVersion, versionsOfRoute } from '../../../store/routes.ts';
import type { CallerCall } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { faultsOfDraft } from '../../route-faults.ts';
import { type changedDraft, type newDraft, type publicationBody, routeIdIn } from './schema.ts';

interface Params {
  readonly id: string;
  readonly draft: string;
}

/** What a draft begins with. Which routes there are follows from the processes; a place adds versions to them. */
export async function sourceOf(
  db: Knex,
  routeId: string,
  { from, route }: z.output<typeof newDraft>,
): Promise<Pick<RouteDraft, 'basedOn' | 'body'>> {
  const versions = await versionsOfRoute(db, routeId);
  if (versions.length === 0) throw new Problem('NotFound');
  if (route) return { basedOn: null, body: route };
  const found = versions.find((one) => one.route.version === from);
  if (!found) throw new Problem('Invalid', { faults: [{ pointer: '/from', code: 'VersionUnknown' }] });
  const { id: _, version, ...body } = found.route;
  return { basedOn: version, body };
}

/**
 * A draft that may be changed, held until the transaction ends.
 * @throws {Problem} NotFound, PreconditionRequired, PreconditionFailed, DraftPublished
 */
export async function changeable(
  trx: Knex.Transaction,
  { params, headers }: Pick<CallerCall<Params, unknown, unknown>, 'params' | 'headers'>,
): Promise<RouteDraft> {
  const draft = await lockDraft(trx, routeIdIn(params), params.draft);
  if (!draft) throw new Problem('NotFound');
  if (draft.publishedAs !== null) throw new Problem('DraftPublished');
  const match = headers['if-match'];
  if (match === undefined) throw new Problem('PreconditionRequired');
  checkRevision(draft, match);
  return draft;
}

function checkRevision({ revision }: RouteDraft, match: string | undefined): void {
  if (match === undefined || match === '*') return;
  if (!match.split(',').some((one) => one.trim() === `"${revision}"`)) throw new Problem('PreconditionFailed');
}

export async function replaceDraft(
  db: Knex,
  call: CallerCall<Params, unknown, z.output<typeof changedDraft>>,
): Promise<void> {
  await db.transaction(async (trx) => {
    const draft = await changeable(trx, call);
    const body: RouteBody = call.body.route;
    await changeDraft(trx, draft.id, { body, by: call.actor.person });
  });
}

/** Publishes a draft that has no fault. Asked again under the same key it tells the version of the first time. */
export async function publishDraft(
  db: Knex,
  call: CallerCall<Params, unknown, z.output<typeof publicationBody>>,
): Promise<RouteVersion> {
  const { params, headers, body, actor } = call;
  const routeId = routeIdIn(params);
  if (!(await findDraft(db, routeId, params.draft))) throw new Problem('NotFound');
  await once(db, call, {
    kind: 'route-draft',
    action: 'publish',
    id: params.draft,
    async work(trx) {
      const draft = await lockDraft(trx, routeId, params.draft);
      if (!draft) throw new Problem('NotFound');
      if (draft.publishedAs !== null) throw new Problem('DraftPublished');
      checkRevision(draft, headers['if-match']);
      const faults = await faultsOfDraft(trx, routeId, draft.body);
      if (faults.length > 0) throw new Problem('RouteUnsound', { faults });
      const { note } = body;
      const route = { ...draft.body, id: routeId };
      const { version } = await publishNext(trx, { route, by: actor.person, ...(note === undefined ? {} : { note }) });
      await markPublished(trx, draft.id, version);
    },
  });
  const published = await findDraft(db, routeId, params.draft);
  const version = published?.publishedAs ? await findRoute(db, routeId, published.publishedAs) : undefined;
  if (!version) throw new Error(`Draft ${params.draft} is published as nothing`);
  return version;
}
