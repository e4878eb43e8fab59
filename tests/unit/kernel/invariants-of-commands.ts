import { isDeepStrictEqual } from 'node:util';
import { dateIn, workingDaysBetween } from '../../../domain/calendar.ts';
import type { CaseEvent, CaseState, Command, PersonAction } from '../../../domain/case.ts';
import { seatsOf } from '../../../domain/route.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { must } from './invariants.ts';
import { type Part, partsOf, pathOf, seenBy, stageParts } from './oracle.ts';

export interface Taken {
  readonly before: CaseState;
  readonly command: Command;
  readonly events: readonly CaseEvent[];
  readonly after: CaseState;
}

/** A return touches the target, all after it in sequence if so asked, and what changed with the form: nothing: no more. */
function checkReturn(
  before: CaseState,
  {
    events,
    action,
    from,
  }: { events: readonly CaseEvent[]; action: Extract<PersonAction, { action: 'return' }>; from: string },
): void {
  const root = partsOf(before);
  const entered = (id: string): boolean => before.stages[id] !== undefined && before.stages[id]?.standing !== 'lapsed';
  const { to, way } = action;
  const later = to === 'applicant' ? stageParts(root).map(({ id }) => id) : stagesPast(root, to);
  const target = to === 'applicant' ? [] : [to];
  const wanted = [...target, ...(way === 'again' ? later : [])].filter(entered);
  must(
    to === 'applicant' || (before.stages[to]?.standing === 'decided' && stagesPast(root, to).includes(from)),
    'a return goes back on its own path',
  );
  must(
    lapsedIn(events).join() === [...new Set(wanted)].toSorted().join(),
    'a return lapses exactly what it sends back',
  );
}

/** A change of the form lapses exactly the signatures whose basis is another by it. */
function checkFormChange(
  before: CaseState,
  {
    events,
    action,
  }: { events: readonly CaseEvent[]; action: Extract<PersonAction, { action: 'supplement' | 'resubmit' }> },
): void {
  const { form } = action;
  if (action.action === 'supplement') {
    const wait = action.stage === undefined ? Object.values(before.supplements)[0] : before.supplements[action.stage];
    const named = wait?.missing.map(({ part }) => part) ?? [];
    const asked: readonly string[] = named.includes('items') ? [...named, 'masks'] : named;
    const parts = Object.keys(form.parts) as (keyof typeof form.parts)[];
    const changed = parts.filter((part) => form.parts[part] !== before.form.parts[part]);
    must(
      changed.every((part) => asked.includes(part)),
      'a supplement touches only what was asked',
    );
  }
  const [old, now] = [partsOf(before), partsOf({ ...before, form })];
  const wanted = stageParts(old).filter((part) => {
    const stage = before.stages[part.id];
    const isSigned = stage?.standing === 'decided' || stage?.seats.some(({ answer }) => answer);
    const next = stageParts(now).find(({ id }) => id === part.id);
    const isOther = (one: Part): boolean => seenBy(one, before.form) !== seenBy(one, form);
    return isSigned && stage?.standing !== 'lapsed' && (isOther(part) || (next !== undefined && isOther(next)));
  });
  const dropped = stageParts(old)
    .filter(({ id }) => !stageParts(now).some((one) => one.id === id))
    .map(({ id }) => id);
  const ids = wanted.map(({ id }) => id);
  const but = (all: readonly string[]): string =>
    all
      .filter((id) => !dropped.includes(id))
      .toSorted()
      .join();
  must(but(lapsedIn(events)) === but(ids), 'a changed form lapses exactly what rested on it');
}

function lapsedIn(events: readonly CaseEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'signatureLapsed' ? [event.stage] : [])).toSorted();
}

function stageOfTask(state: CaseState, taskId: string): string {
  return tasksOf(state).find(({ id }) => id === taskId)?.stage ?? '';
}

/** The stages that a case comes to after one: later in each sequence around it. */
export function stagesPast(root: Part, id: string): string[] {
  const path = pathOf(root, id);
  return path.flatMap((part, depth) => {
    const below = path[depth + 1];
    if ((part.kind !== 'sequence' && part.kind !== 'tiers') || !below) return [];
    return part.parts
      .slice(part.parts.indexOf(below) + 1)
      .flatMap(stageParts)
      .map((one) => one.id);
  });
}

/** What must come along with something else. */
export function checkFollowing({ before, events, after, command }: Taken): void {
  const clocks = new Set(
    events.flatMap((event) => (event.type === 'clockMoved' ? [`${event.why} ${event.clock}`] : [])),
  );
  for (const event of events) {
    if (event.type === 'extensionGranted')
      must(clocks.has(`extended ${event.clock}`), 'an extension moves the due date');
    if (event.type === 'limitPassed') {
      const isTold = events.some((other) => other.type === 'escalated' && other.clock === event.clock);
      const limit = after.clocks[event.clock]?.limit ?? before.clocks[event.clock]?.limit;
      must(
        isTold === (limit?.onOverdue === 'escalate'),
        'the authority hears of a limit that passed where the route says so',
      );
    }
    if (event.type === 'stageEntered') {
      const part = stageParts(partsOf(after)).find(({ id }) => id === event.stage);
      const open = after.stages[event.stage]?.seats ?? [];
      const fixed = part ? seatsOf(part.stage).filter(({ each }) => !each).length : 0;
      must(open.length >= fixed, 'a stage opens with every seat of its route');
    }
  }
  if (command.do.action !== 'recount') return;
  for (const clock of Object.values(before.clocks)) {
    const whole = clock.limit.legal + (clock.extendedBy ?? 0);
    const now = after.clocks[clock.clock];
    const isUnbroken = workingDaysBetween(before.calendar, clock.startedOn, clock.dueOn) === whole;
    if (!now || now.stopped || !isUnbroken || now.left !== undefined || now.dueOn < dateIn(command.at)) continue;
    must(workingDaysBetween(after.calendar, now.startedOn, now.dueOn) === whole, 'a due date follows its calendar');
  }
}

export function checkCommand({ before, command, events }: Taken): void {
  const { do: action } = command;
  const types = events.map(({ type }) => type);
  switch (action.action) {
    case 'approve':
    case 'reject':
      must(action.seen === before.form.digest, 'nobody signs a form other than the one they saw');
      if (action.action === 'reject') must(action.reason.code !== 'incomplete', 'incomplete materials are no ground');
      break;
    case 'return':
      return checkReturn(before, { events, action, from: stageOfTask(before, action.taskId) });
    case 'supplement':
    case 'resubmit':
      return checkFormChange(before, { events, action });
    case 'passLimit':
      must(
        types.every((type) => /^(limitPassed|escalated)$/.test(type)),
        'a limit that passes decides nothing',
      );
      break;
    case 'remind':
    case 'recount':
    case 'remindReview':
      must(
        types.every((type) => /^(reminded|limitPassed|escalated|calendarChanged|clockMoved|reviewDue)$/.test(type)),
        'time decides nothing',
      );
      break;
    case 'migrate':
      must(!types.some((type) => /^(stageDecided|granted|agreed|ended)$/.test(type)), 'a migration decides nothing');
      break;
    default:
  }
}

/** A stage that was entered has its whole limit before it, and its reminders. */
export function checkFreshClocks({ events, after, command }: Taken): void {
  for (const event of events) {
    if (event.type !== 'stageEntered' || after.stages[event.stage]?.standing !== 'open') continue;
    const clock = after.clocks[event.stage];
    if (!clock || clock.stopped || clock.limit.from !== undefined) continue;
    const isFresh =
      clock.startedOn === dateIn(command.at) && clock.extendedBy === undefined && clock.reminded.length === 0;
    must(isFresh && clock.passedAt === undefined, 'a stage entered again has a fresh clock');
    const part = stageParts(partsOf(after)).find(({ id }) => id === event.stage);
    must(isDeepStrictEqual(clock.limit, part?.clock), 'a fresh clock has the limit of its stage');
  }
}
