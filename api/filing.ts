import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { calendarForCase } from '../domain/calendar-version.ts';
import type { About, FileAction } from '../domain/case.ts';
import type { Entry } from '../domain/catalogue.ts';
import type { Actor, Fault } from '../domain/language.ts';
import { routeIdFor, type UnconditionalPractice } from '../domain/routes/share-request.ts';
import { findCase } from '../store/cases.ts';
import { findEntry } from '../store/catalogue.ts';
import { latestRoute } from '../store/routes.ts';
import { latestCalendar } from '../store/settings.ts';
import { type Application, checkApplication, formOf, formRefOf, newFormId, refuseFaults } from './application.ts';
import type { Submitted } from './command-runner.ts';
import type { CallerCall } from './endpoint.ts';
import { requireOpen } from './open-entries.ts';
import { readApplication } from './read-application.ts';
import type { RouteDeps } from './routes/deps.ts';
import { submitFiling } from './submit-filing.ts';

/** Files an application: checked as a whole, kept together with the command that files it, and begun as a case. */
export async function fileShareRequest(
  { db, commands, outside }: Pick<RouteDeps, 'db' | 'commands' | 'outside'>,
  { body, actor, at, idempotency }: CallerCall<undefined, undefined, unknown>,
): Promise<Submitted> {
  const before = await commands.earlier(idempotency);
  if (before) return before;
  const { application, shapeFaults, tellable } = readApplication(body);
  const entry = await findEntry(db, application.entryId);
  const further = await Promise.all(application.further.map(({ entryId }) => findEntry(db, entryId)));
  const { faults, attachments, practice } = await checkApplication(db, application, {
    at,
    department: actor.department,
    entry,
    further,
    destinations: outside.destinations,
  });
  const followed = await followedBy(db, application, actor);
  refuseFaults([...shapeFaults, ...tellable(faults), ...followed.faults]);
  if (!entry) throw new Error('An application without an entry was found to be sound');
  const entries = [entry, ...further.filter((one) => one !== undefined)] as const;
  const content = formOf(application, entries, attachments);
  const form = formRefOf(content, entries, { id: newFormId(), version: 1, requester: actor.department });
  const caseId = randomUUID();
  const action: FileAction = {
    action: 'file',
    caseId,
    process: 'share-request',
    ...(await termsOf(db, entries, { at, practice })),
    requester: actor.department,
    provider: entry.provider,
    form,
    ...(followed.about ? { about: followed.about } : {}),
  };
  const parties = [actor.department, ...entries.map(({ provider }) => provider)];
  const also = (trx: Knex.Transaction): Promise<void> =>
    requireOpen(
      trx,
      entries.map(({ id }) => id),
    );
  return submitFiling({ db, commands }, { actor, at, idempotency }, { action, content, parties, also });
}

/** What a request goes on from: a case of the same department over the same entry that gave a grant. */
async function followedBy(
  db: RouteDeps['db'],
  { follows, entryId }: Application,
  actor: Actor,
): Promise<{ readonly about?: About; readonly faults: readonly Fault[] }> {
  if (!follows) return { faults: [] };
  const row = await findCase(db, follows.caseId, { all: false, department: actor.department });
  const grant = row?.state.grants[0];
  const isSame = row && grant && row.requester === actor.department && row.entryId === entryId;
  if (!isSame) return { faults: [{ pointer: '/follows/caseId', code: 'NothingToFollow' }] };
  return { about: { caseId: row.id, grantId: grant.id, follows: follows.as }, faults: [] };
}

/** The route of the day and the slice of the calendar that the case keeps for its whole life. */
async function termsOf(
  db: RouteDeps['db'],
  [entry, ...further]: readonly [Entry, ...Entry[]],
  { at, practice }: { readonly at: string; readonly practice: UnconditionalPractice },
): Promise<Pick<FileAction, 'route' | 'calendar'>> {
  const routeId = routeIdFor(entry.shareType, further.length > 0 ? 'several' : practice);
  if (routeId === undefined) throw new Error(`No route for an entry that is ${entry.shareType}`);
  const [route, calendar] = await Promise.all([latestRoute(db, routeId), latestCalendar(db)]);
  const today = dateIn(at);
  return { route, calendar: calendarForCase(calendar, today, today) };
}
