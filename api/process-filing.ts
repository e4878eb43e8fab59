import { randomUUID } from 'node:crypto';
import { dateIn } from '../domain/calendar.ts';
import { calendarForCase } from '../domain/calendar-version.ts';
import type { Capacity, FileAction } from '../domain/case.ts';
import type { Actor } from '../domain/language.ts';
import type { Process } from '../domain/process.ts';
import { findGrant, type GrantRow } from '../store/grants.ts';
import { latestRoute } from '../store/routes.ts';
import { latestCalendar } from '../store/settings.ts';
import { newFormId } from './application.ts';
import type { Submitted } from './command-runner.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';
import { checkProcessForm, processFormRef } from './process-form.ts';
import { viewerOf } from './reach.ts';
import type { CaseFiling } from './routes/processes/schema.ts';
import type { RouteDeps } from './routes/deps.ts';
import { submitFiling } from './submit-filing.ts';

/** Files a case of any process but the share request, which has an address of its own. */
export async function fileCase(
  { db, commands, policies, processes }: Pick<RouteDeps, 'db' | 'commands' | 'policies' | 'processes'>,
  { body, actor, at, idempotency }: CallerCall<undefined, undefined, CaseFiling>,
): Promise<Submitted> {
  const before = await commands.earlier(idempotency);
  if (before) return before;
  const process = processes.find(({ id }) => id === body.process);
  if (!process) throw new Problem('Invalid', { faults: [{ pointer: '/process', code: 'UnknownProcess' }] });
  const grant = await findGrant(db, body.about.grantId, viewerOf(policies, actor, 'grant'));
  if (!grant) throw new Problem('NotFound');
  const side = sideOf(process, grant, actor);
  requireTime(process, grant);
  const { content, faults } = await checkProcessForm(db, process, {
    form: body.form,
    department: actor.department,
    items: grant.body.items,
  });
  if (faults.length > 0) throw new Problem('Invalid', { faults });
  const form = processFormRef(process, content, { id: newFormId(), version: 1 });
  const caseId = randomUUID();
  const [route, calendar] = await Promise.all([latestRoute(db, process.route.id), latestCalendar(db)]);
  const today = dateIn(at);
  const action: FileAction = {
    action: 'file',
    caseId,
    process: process.id,
    route,
    calendar: calendarForCase(calendar, today, today),
    requester: actor.department,
    provider: side.answers,
    form,
    as: side.capacity,
    about: { grantId: grant.id, caseId: grant.caseId },
    label: { prefix: process.prefix, name: process.name.zh },
  };
  const parties = [action.requester, action.provider];
  return submitFiling({ db, commands }, { actor, at, idempotency }, { action, content, parties });
}

/**
 * On which side of the grant the caller stands, and who has to answer: the other side, and the requester where the
 * authority files. @throws {Problem} NotAllowed where the process is not theirs to file
 */
function sideOf(process: Process, { body }: GrantRow, actor: Actor): { capacity: Capacity; answers: string } {
  for (const { side, role } of process.filedBy) {
    const isSide = side === 'authority' || actor.department === body[side];
    if (!isSide || !actor.roles.includes(role)) continue;
    const answers = side === 'requester' ? body.provider : body.requester;
    return { capacity: { role, department: actor.department }, answers };
  }
  throw new Problem('NotAllowed');
}

function requireTime({ when }: Process, { status }: GrantRow): void {
  const isOver = status === 'terminated' || status === 'expired';
  if (when === 'running' && isOver) throw new Problem('GrantOver');
  if (when === 'over' && !isOver) throw new Problem('GrantNotOver');
}
