import { randomUUID } from 'node:crypto';
import { dateIn } from '../domain/calendar.ts';
import { calendarForCase } from '../domain/calendar-version.ts';
import type { FileAction, FormRef } from '../domain/case.ts';
import type { Process } from '../domain/process.ts';
import type { Block, Route } from '../domain/route.ts';
import { latestRoute } from '../store/routes.ts';
import { latestCalendar } from '../store/settings.ts';
import { newFormId } from './application.ts';
import { concernOf } from './case-concern.ts';
import type { Submitted } from './command-runner.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';
import { checkProcessForm, processFormRef } from './process-form.ts';
import type { CaseFiling } from './routes/processes/schema.ts';
import type { RouteDeps } from './routes/deps.ts';
import { submitFiling } from './submit-filing.ts';

type Deps = Pick<RouteDeps, 'db' | 'commands' | 'policies' | 'processes' | 'departments' | 'mounts'>;

/** Files a case of any process but the share request, which has an address of its own. */
export async function fileCase(
  { db, commands, policies, processes, departments, mounts }: Deps,
  { body, actor, at, idempotency }: CallerCall<undefined, undefined, CaseFiling>,
): Promise<Submitted> {
  const before = await commands.earlier(idempotency);
  if (before) return before;
  const process = processes.find(({ id }) => id === body.process);
  if (!process) throw new Problem('Invalid', { faults: [{ pointer: '/process', code: 'UnknownProcess' }] });
  const concern = await concernOf({ db, policies }, process, { about: body.about, actor });
  const today = dateIn(at);
  const { content, faults } = await checkProcessForm({ db, mounts }, process, {
    form: { ...body.form, ...concern.form },
    department: actor.department,
    items: concern.items,
    today,
    ...(concern.publication ? { publication: concern.publication } : {}),
  });
  if (faults.length > 0) throw new Problem('Invalid', { faults });
  const form = processFormRef(process, content, { id: newFormId(), version: 1 });
  const caseId = randomUUID();
  const [route, calendar, known] = await Promise.all([
    latestRoute(db, process.route.id),
    latestCalendar(db),
    departments(),
  ]);
  const action: FileAction = {
    action: 'file',
    caseId,
    process: process.id,
    route: tellingAll(route, process, known),
    calendar: calendarForCase(calendar, firstDay(form, today), today),
    requester: actor.department,
    provider: concern.answers,
    form,
    as: concern.capacity,
    about: concern.about,
    label: { prefix: process.prefix, name: process.name.zh },
  };
  const parties = [action.requester, action.provider];
  return submitFiling(
    { db, commands },
    { actor, at, idempotency },
    { action, content, parties, also: async (trx) => concern.also?.(trx, { caseId, content }) },
  );
}

/** The earliest day that a clock of the case may count from. */
function firstDay({ dates = {} }: FormRef, today: string): string {
  return Object.values(dates).reduce((first, day) => (day < first ? day : first), today);
}

/** The route with a copy of the stage's decision for every department there is now. */
function tellingAll(route: Route, { tellsEverybody }: Process, departments: readonly { readonly id: string }[]): Route {
  if (!tellsEverybody || route.root.kind !== 'sequence') return route;
  const { stage, role } = tellsEverybody;
  const told = departments.map(({ id }) => ({ role, department: id }));
  const blocks = route.root.blocks.map((block): Block =>
    block.kind === 'stage' && block.id === stage ? { ...block, copies: [...(block.copies ?? []), ...told] } : block,
  );
  return { ...route, root: { ...route.root, blocks } };
}
