import { type CaseEvent, type CaseState, taskIdOf, type Verdict } from './case.ts';
import { epochMilliseconds } from './civil-date.ts';
import { evolve } from './kernel/evolve.ts';
import { planOf } from './kernel/plan.ts';
import { tasksOf } from './tasks.ts';
import { workingTime } from './working-time.ts';

/**
 * What some events make of one activation of a stage as far as one department has to do with it. What is counted up
 * (`handledMs`, `returns`) is what these events add; the rest is how it stands after them.
 */
export interface VisitChange {
  /** With the key of its branch, where the route has branches: `provider-lead@public-security`. */
  readonly stage: string;
  readonly activation: number;
  readonly department: string;
  /** The stage as the route names it, the same in every branch. */
  readonly step: string;
  readonly openedAt: string;
  /** Answers of the department that stand, or stood when the stage lapsed. */
  readonly answers: number;
  /** Of the last of these answers. */
  readonly answeredAt?: string;
  readonly verdict?: Verdict;
  /** Since when the department has nothing to answer here any more; absent: it still has. */
  readonly closedAt?: string;
  /** The nearest due dates of the clocks over the stage as they stood before the department was done. */
  readonly dueOn?: string;
  readonly promisedOn?: string;
  /** A limit passed in these events while the department had still to answer. */
  readonly hasPassed: boolean;
  readonly returns: number;
  /** Working time for which a task of the department was open: not while it waited for others. */
  readonly handledMs: number;
}

/** Where a case stood before some events: its state and the moment of its last event. */
export interface Standpoint {
  readonly state: CaseState;
  readonly at: string;
}

type Visits = Map<string, VisitChange>;

/**
 * The visits that events change, by the department whose they are. Changes of events in several portions come to the same
 * as those of all events at once, so that the projection can be built again.
 */
export function visitChanges(start: Standpoint | undefined, events: readonly CaseEvent[]): VisitChange[] {
  const visits: Visits = new Map();
  let before = start?.state;
  let since = start?.at;
  for (const event of events) {
    const after = evolve(before, event);
    if (before && since !== undefined) addTime(visits, before, { from: since, to: event.at });
    observe(visits, { before, event, after });
    before = after;
    since = event.at;
  }
  return [...visits.values()];
}

/** Tasks that wait for materials, an earlier stage, another seat or the end of a suspension are nobody's handling. */
function addTime(visits: Visits, state: CaseState, { from, to }: { readonly from: string; readonly to: string }): void {
  const open = tasksOf(state).filter(({ status }) => status === 'open');
  if (open.length === 0) return;
  const handledMs = workingTime(state.calendar, from, to);
  for (const key of new Set(open.map((task) => keyOf(task.stage, task)))) {
    const visit = visits.get(key) ?? held(state).get(key);
    if (visit) visits.set(key, { ...visit, handledMs: visit.handledMs + handledMs });
  }
}

interface Happening {
  readonly before: CaseState | undefined;
  readonly event: CaseEvent;
  readonly after: CaseState;
}

function observe(visits: Visits, { before, event, after }: Happening): void {
  const [had, has] = [before ? held(before) : new Map<string, VisitChange>(), held(after)];
  for (const key of new Set([...had.keys(), ...has.keys()])) {
    const was = visits.get(key) ?? had.get(key);
    const now = has.get(key) ?? closed(after, { key, visit: had.get(key), at: event.at });
    if (!now) continue;
    const isHit = event.type === 'limitPassed' && before !== undefined && isUnder(before, now.stage, event.clock);
    visits.set(key, {
      ...now,
      handledMs: was?.handledMs ?? 0,
      hasPassed: was?.hasPassed === true || (isHit && had.has(key)),
      returns: (was?.returns ?? 0) + (isReturnOf(event, now) ? 1 : 0),
      ...(was?.dueOn !== undefined && now.dueOn === undefined ? { dueOn: was.dueOn } : {}),
      ...(was?.promisedOn !== undefined && now.promisedOn === undefined ? { promisedOn: was.promisedOn } : {}),
    });
  }
}

function isReturnOf(event: CaseEvent, { stage, department }: VisitChange): boolean {
  return event.type === 'returned' && event.stage === stage && event.capacity.department === department;
}

function isUnder(state: CaseState, stage: string, clock: string): boolean {
  return (planOf(state).paths.get(stage) ?? []).some(({ id }) => id === clock);
}

/** The visits in which the department still has to answer, as they stand. */
function held(state: CaseState): Visits {
  const visits: Visits = new Map();
  if (state.endedAt !== undefined) return visits;
  for (const [id, stage] of Object.entries(state.stages)) {
    if (stage.standing !== 'open' && stage.standing !== 'parked') continue;
    const open = stage.seats.filter(({ standing }) => standing === 'open');
    for (const department of new Set(open.map(({ capacity }) => capacity.department))) {
      const visit = { ...visitOf(state, id, department), ...duesOf(state, id) };
      visits.set(keyOf(id, visit), visit);
    }
  }
  return visits;
}

/** A visit that has just ended. What lapses with the stage were answers all the same. */
function closed(
  state: CaseState,
  { key, visit, at }: { readonly key: string; readonly visit: VisitChange | undefined; readonly at: string },
): VisitChange | undefined {
  if (!visit) return undefined;
  const { dueOn: _, promisedOn: __, ...stood } = visit;
  const stage = state.stages[visit.stage];
  const now = stage && stage.standing !== 'lapsed' ? visitOf(state, visit.stage, visit.department) : undefined;
  return { ...(now && keyOf(now.stage, now) === key ? now : stood), closedAt: at };
}

function visitOf({ stages }: CaseState, id: string, department: string): VisitChange {
  const seats = (stages[id]?.seats ?? []).filter(({ capacity }) => capacity.department === department);
  const answers = seats.flatMap(({ answer }) => answer ?? []);
  const last = answers.toSorted((a, b) => epochMilliseconds(a.at) - epochMilliseconds(b.at)).at(-1);
  return {
    stage: id,
    activation: stages[id]?.activation ?? 0,
    department,
    step: id.split('@')[0] ?? id,
    openedAt: seats[0]?.openedAt ?? '',
    answers: answers.length,
    ...(last ? { answeredAt: last.at, verdict: last.verdict } : {}),
    hasPassed: false,
    returns: 0,
    handledMs: 0,
  };
}

function duesOf(state: CaseState, stage: string): Pick<VisitChange, 'dueOn' | 'promisedOn'> {
  const clocks = (planOf(state).paths.get(stage) ?? []).flatMap(({ id }) => state.clocks[id] ?? []);
  const running = clocks.filter(({ stopped }) => !stopped);
  const dueOn = running.map((clock) => clock.dueOn).toSorted()[0];
  const promisedOn = running.flatMap((clock) => clock.promisedOn ?? []).toSorted()[0];
  return { ...(dueOn === undefined ? {} : { dueOn }), ...(promisedOn === undefined ? {} : { promisedOn }) };
}

function keyOf(stage: string, { activation, department }: Pick<VisitChange, 'activation' | 'department'>): string {
  return `${department} ${taskIdOf('', stage, activation)}`;
}
