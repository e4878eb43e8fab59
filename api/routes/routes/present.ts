import type { Actor } from '../../../domain/language.ts';
import type { MigratingCase, MoveOutcome, RouteMigration } from '../../../store/route-migrations.ts';
import type { RouteDraft } from '../../../store/route-drafts.ts';
import type { RouteVersion } from '../../../store/routes.ts';
import { messageOf } from '../../fault-messages.ts';
import { isProblemCode, type Locale, titleOf, typeOf } from '../../problem.ts';
import { type Policies, reachOf } from '../../reach.ts';
import type { PlacedFault } from '../../route-faults.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';

export interface RouteContext {
  readonly actor: Actor;
  readonly policies: Policies;
  readonly names: ReadonlyMap<string, string>;
}

/** The address of a route: its id with `~` for the slash. */
export function hrefOfRoute(id: string): string {
  return `/api/routes/${id.replaceAll('/', '~')}`;
}

export function mayDo({ policies, actor }: Pick<RouteContext, 'policies' | 'actor'>, object: string, action: string) {
  return reachOf(policies, actor, { action, object }) !== 'none';
}

export function presentVersion({ route, publishedAt, publishedBy, note }: RouteVersion, { names }: RouteContext) {
  return {
    id: route.id,
    version: route.version,
    publishedAt: timeOf(publishedAt),
    publishedBy: publishedBy === null ? null : presentPerson(publishedBy, names),
    note,
  };
}

export function presentVersionDetail(version: RouteVersion, context: RouteContext) {
  return { ...presentVersion(version, context), route: version.route };
}

export function presentRoute(latest: RouteVersion, drafts: readonly RouteDraft[], context: RouteContext) {
  const may = (object: string, action: string) => (mayDo(context, object, action) ? [{ action }] : []);
  return {
    id: latest.route.id,
    href: hrefOfRoute(latest.route.id),
    latest: presentVersion(latest, context),
    drafts: drafts.map((draft) => presentDraft(draft, context)),
    actions: [...may('route', 'draft'), ...may('migration', 'run').map(() => ({ action: 'migrate' }))],
  };
}

export function presentDraft(draft: RouteDraft, context: RouteContext) {
  const { body: _, createdAt, createdBy, updatedAt, updatedBy, ...rest } = draft;
  const isOpen = draft.publishedAs === null;
  const mayChange = isOpen && mayDo(context, 'route', 'draft');
  return {
    ...rest,
    createdBy: presentPerson(createdBy, context.names),
    createdAt: timeOf(createdAt),
    updatedBy: presentPerson(updatedBy, context.names),
    updatedAt: timeOf(updatedAt),
    actions: [
      ...(mayChange ? [{ action: 'change' }, { action: 'validate' }, { action: 'discard' }] : []),
      ...(isOpen && mayDo(context, 'route', 'publish') ? [{ action: 'publish' }] : []),
    ],
  };
}

export function presentDraftDetail(draft: RouteDraft, context: RouteContext) {
  return { ...presentDraft(draft, context), route: draft.body };
}

export function presentFaults(faults: readonly PlacedFault[], locale: Locale) {
  return {
    sound: faults.length === 0,
    faults: faults.map((fault) => ({
      block: fault.block,
      code: fault.code,
      message: messageOf(fault, locale),
      pointer: fault.pointer,
    })),
  };
}

export function presentMigration(
  run: RouteMigration,
  {
    counts,
    page,
  }: {
    readonly counts: Readonly<Record<MoveOutcome, number>>;
    readonly page: { readonly items: readonly MigratingCase[]; readonly nextCursor: string | null };
  },
  { names, locale }: { readonly names: ReadonlyMap<string, string>; readonly locale: Locale },
) {
  const { id, routeId, to, isDryRun, actor, receivedAt, endedAt } = run;
  return {
    id,
    routeId,
    to,
    dryRun: isDryRun,
    status: endedAt ? ('done' as const) : ('running' as const),
    startedBy: presentPerson(actor.person, names),
    startedAt: timeOf(receivedAt),
    endedAt: timeOrNull(endedAt),
    counts,
    items: page.items.map((item) => presentMove(item, locale)),
    nextCursor: page.nextCursor,
    href: `${hrefOfRoute(routeId)}/migrations/${id}`,
  };
}

function presentMove({ caseId, outcome, detail }: MigratingCase, locale: Locale) {
  const { number = null, from = null, lapsed = [], dropped = [], code } = detail;
  return {
    caseId,
    number,
    from,
    outcome,
    lapsed,
    dropped,
    problem: code === undefined ? null : problemOf(code, locale),
  };
}

function problemOf(given: string, locale: Locale) {
  const code = isProblemCode(given) ? given : 'InternalError';
  return { type: typeOf(code), code, title: titleOf(code, locale) };
}
