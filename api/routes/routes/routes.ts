import { randomUUID } from 'node:crypto';
import { diagramOfRoute } from '../../../domain/diagram/bpmn.ts';
import { deleteDraft, findDraft, insertDraft, openDrafts, type RouteDraft } from '../../../store/route-drafts.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { findRoute, latestRoutes, versionsOfRoute } from '../../../store/routes.ts';
import { type CallerCall, endpoint, type Endpoint, type Reply } from '../../endpoint.ts';
import { diagramWords } from '../../diagram-words.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { faultsOfDraft } from '../../route-faults.ts';
import { listOf } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { changeable, publishDraft, replaceDraft, sourceOf } from './drafts.ts';
import {
  mayDo,
  presentDraftDetail,
  presentFaults,
  presentRoute,
  presentVersion,
  presentVersionDetail,
  type RouteContext,
} from './present.ts';
import {
  changedDraft,
  draftDetail,
  draftParams,
  newDraft,
  publication,
  publicationBody,
  routeIdIn,
  routeParams,
  routeShown,
  validation,
  versionDetail,
  versionParams,
  versionShown,
} from './schema.ts';

const READ = { object: 'route', action: 'read' } as const;
const DRAFT = { object: 'route', action: 'draft' } as const;
const tag = 'routes';

type Call = Pick<CallerCall<unknown, unknown, unknown>, 'actor'>;

export function routeEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  async function contextOf({ actor }: Call, people: readonly (string | null)[]): Promise<RouteContext> {
    const names = await namesOfPeople(
      db,
      people.flatMap((one) => one ?? []),
    );
    return { actor, policies, names };
  }

  async function draftOf(params: { readonly id: string; readonly draft: string }): Promise<RouteDraft> {
    const found = await findDraft(db, routeIdIn(params), params.draft);
    if (!found) throw new Problem('NotFound');
    return found;
  }

  async function draftReply(status: number, draft: RouteDraft, call: Call): Promise<Reply> {
    const context = await contextOf(call, [draft.createdBy, draft.updatedBy]);
    const headers = { ETag: `"${draft.revision}"` };
    return { status, body: presentDraftDetail(draft, context), headers };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/routes',
      tag,
      summary: 'The ways of cases through their approvals, each with its newest version, and drafts for those who may',
      access: READ,
      answers: { 200: listOf(routeShown) },
      async handle(call) {
        const [latest, drafts] = await Promise.all([
          latestRoutes(db),
          mayDo({ policies, actor: call.actor }, 'route', 'draft') ? openDrafts(db) : [],
        ]);
        const people = [...latest.map((one) => one.publishedBy), ...drafts.flatMap((d) => [d.createdBy, d.updatedBy])];
        const context = await contextOf(call, people);
        const items = latest.map((one) =>
          presentRoute(
            one,
            drafts.filter(({ routeId }) => routeId === one.route.id),
            context,
          ),
        );
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/routes/:id/versions',
      tag,
      summary: 'Every published version of a route, newest first',
      access: READ,
      params: routeParams,
      answers: { 200: listOf(versionShown) },
      async handle(call) {
        const versions = await versionsOfRoute(db, routeIdIn(call.params));
        if (versions.length === 0) throw new Problem('NotFound');
        const context = await contextOf(
          call,
          versions.map(({ publishedBy }) => publishedBy),
        );
        return { status: 200, body: { items: versions.map((one) => presentVersion(one, context)), nextCursor: null } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/routes/:id/versions/:version',
      tag,
      summary: 'One published version in full: it never changes',
      access: READ,
      params: versionParams,
      answers: { 200: versionDetail },
      async handle(call) {
        const found = await findRoute(db, routeIdIn(call.params), Number(call.params.version));
        if (!found) throw new Problem('NotFound');
        return { status: 200, body: presentVersionDetail(found, await contextOf(call, [found.publishedBy])) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/routes/:id/versions/:version/diagram',
      tag,
      summary: 'One published version as BPMN 2.0 with its diagram: every way that a case could go',
      access: READ,
      params: versionParams,
      answers: { 200: 'application/xml' },
      async handle(call) {
        const [found, known] = await Promise.all([
          findRoute(db, routeIdIn(call.params), Number(call.params.version)),
          departments(),
        ]);
        if (!found) throw new Problem('NotFound');
        const body = diagramOfRoute(found.route, diagramWords(known, call.locale));
        return { status: 200, body, headers: { 'Content-Type': 'application/xml; charset=utf-8' } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/routes/:id/drafts',
      tag,
      summary: 'Begin a draft from a published version, or from a body of one’s own',
      access: DRAFT,
      params: routeParams,
      body: newDraft,
      answers: { 201: draftDetail },
      async handle(call) {
        const routeId = routeIdIn(call.params);
        const { basedOn, body } = await sourceOf(db, routeId, call.body);
        const id = randomUUID();
        const draft = await once(db, call, {
          kind: 'route-draft',
          action: 'draft',
          id,
          work: (trx) => insertDraft(trx, { id, routeId, basedOn, body, createdBy: call.actor.person }),
        });
        return draftReply(201, await draftOf({ ...call.params, draft }), call);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/routes/:id/drafts/:draft',
      tag,
      summary: 'One draft in full; its ETag is what If-Match is held against',
      access: DRAFT,
      params: draftParams,
      answers: { 200: draftDetail },
      async handle(call) {
        return draftReply(200, await draftOf(call.params), call);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/routes/:id/drafts/:draft/diagram',
      tag,
      summary: 'A draft as BPMN 2.0 with its diagram, as it was last saved',
      access: DRAFT,
      params: draftParams,
      answers: { 200: 'application/xml' },
      async handle({ params, locale }) {
        const [{ routeId, body: draft }, known] = await Promise.all([draftOf(params), departments()]);
        const body = diagramOfRoute({ ...draft, id: routeId, version: 1 }, diagramWords(known, locale));
        return { status: 200, body, headers: { 'Content-Type': 'application/xml; charset=utf-8' } };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/routes/:id/drafts/:draft',
      tag,
      ifMatch: 'required',
      summary: 'Replace what a draft says; If-Match names the revision that was seen',
      access: DRAFT,
      params: draftParams,
      body: changedDraft,
      answers: { 200: draftDetail },
      async handle(call) {
        await replaceDraft(db, call);
        return draftReply(200, await draftOf(call.params), call);
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/routes/:id/drafts/:draft',
      tag,
      ifMatch: 'required',
      summary: 'Discard a draft that was not published',
      access: DRAFT,
      params: draftParams,
      answers: { 204: undefined },
      async handle(call) {
        await db.transaction(async (trx) => {
          const draft = await changeable(trx, call);
          await deleteDraft(trx, draft.id);
        });
        return { status: 204 };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/routes/:id/drafts/:draft/validation',
      tag,
      summary: 'Everything that is wrong with a draft, as the place is staffed now',
      access: DRAFT,
      params: draftParams,
      answers: { 200: validation },
      async handle({ params, locale }) {
        const { routeId, body } = await draftOf(params);
        return { status: 200, body: presentFaults(await faultsOfDraft(db, routeId, body), locale) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/routes/:id/drafts/:draft/publication',
      tag,
      ifMatch: 'optional',
      summary: 'Publish a draft as the next version of its route; new cases take it, running ones keep theirs',
      access: { object: 'route', action: 'publish' },
      params: draftParams,
      body: publicationBody,
      answers: { 201: publication },
      async handle(call) {
        const version = await publishDraft(db, call);
        return { status: 201, body: presentVersionDetail(version, await contextOf(call, [version.publishedBy])) };
      },
    }),
  ];
}
