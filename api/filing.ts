import { randomUUID } from 'node:crypto';
import { dateIn } from '../domain/calendar.ts';
import { calendarForCase } from '../domain/calendar-version.ts';
import type { Command, FileAction } from '../domain/case.ts';
import type { Entry } from '../domain/catalogue.ts';
import { caseMachine } from '../domain/kernel/share-request.ts';
import { routeIdFor, type UnconditionalPractice } from '../domain/routes/share-request.ts';
import { findEntry } from '../store/catalogue.ts';
import { insertForm } from '../store/forms.ts';
import { latestRoute } from '../store/routes.ts';
import { latestCalendar } from '../store/settings.ts';
import { checkApplication, formOf, formRefOf, newFormId, refuseFaults } from './application.ts';
import type { Submitted } from './command-runner.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';
import { readApplication } from './read-application.ts';
import type { RouteDeps } from './routes/deps.ts';

/** Files an application: checked as a whole, kept together with the command that files it, and begun as a case. */
export async function fileShareRequest(
  { db, commands }: Pick<RouteDeps, 'db' | 'commands'>,
  { body, actor, at, idempotency }: CallerCall<undefined, undefined, unknown>,
): Promise<Submitted> {
  const before = await commands.earlier(idempotency);
  if (before) return before;
  const { application, shapeFaults, tellable } = readApplication(body);
  const entry = await findEntry(db, application.entryId);
  const { faults, attachments, practice } = await checkApplication(db, application, {
    at,
    department: actor.department,
    entry,
  });
  refuseFaults([...shapeFaults, ...tellable(faults)]);
  if (!entry) throw new Error('An application without an entry was found to be sound');
  const content = formOf(application, entry, attachments);
  const form = formRefOf(content, { id: newFormId(), version: 1 });
  const caseId = randomUUID();
  const action: FileAction = {
    action: 'file',
    caseId,
    process: 'share-request',
    ...(await termsOf(db, entry, { at, practice })),
    requester: actor.department,
    provider: entry.provider,
    form,
  };
  refuseBeforehand({ id: idempotency.id, at, actor, do: action });
  return commands.submit({
    idempotency,
    actor,
    at,
    action,
    target: { kind: 'case', id: caseId },
    async alongside(transaction) {
      await insertForm(transaction, { ...form, caseId, body: content, createdBy: actor.person });
    },
  });
}

/** The route of the day and the slice of the calendar that the case keeps for its whole life. */
async function termsOf(
  db: RouteDeps['db'],
  entry: Entry,
  { at, practice }: { readonly at: string; readonly practice: UnconditionalPractice },
): Promise<Pick<FileAction, 'route' | 'calendar'>> {
  const routeId = routeIdFor(entry.shareType, practice);
  if (routeId === undefined) throw new Error(`No route for an entry that is ${entry.shareType}`);
  const [route, calendar] = await Promise.all([latestRoute(db, routeId), latestCalendar(db)]);
  const today = dateIn(at);
  return { route, calendar: calendarForCase(calendar, today, today) };
}

/** A workflow whose first command is refused would have to be ended again, so the kernel is asked before there is one. */
function refuseBeforehand(command: Command<FileAction>): void {
  const decision = caseMachine.decide(undefined, command);
  if ('refusal' in decision) throw new Problem(decision.refusal.code);
}
