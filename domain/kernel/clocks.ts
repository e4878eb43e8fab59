import { canonicalJson } from '../canonical.ts';
import { addWorkingDays, dateIn, workingDaysBetween } from '../calendar.ts';
import type { CaseEvent, CaseState, ClockReading, ClockState, PauseReason } from '../case.ts';
import { recompute } from '../due-dates.ts';
import type { Limit } from '../route.ts';
import { dayNamed, type Node, planOf, stagesIn, type StageNode } from './plan.ts';
import { verdictOf } from './standing.ts';

/** The clock of the first delivery; it belongs to no block of the route. */
export const DELIVERY_CLOCK = 'delivery';

type ClockMoved = Extract<CaseEvent, { type: 'clockMoved' }>;
type Clocked = Node & { readonly clock: Limit };

/** A clock that starts now: today is day 0 (R809 Art.22 counts from receipt), unless its limit counts from a day of the form. */
export function startClock(state: CaseState, clock: { id: string; limit: Limit }, at: string): ClockMoved {
  return fromDayZero(state, { clock: clock.id, block: clock.id, limit: clock.limit, why: 'started' }, at);
}

function fromDayZero(
  state: CaseState,
  clock: Pick<ClockReading, 'clock' | 'block' | 'limit' | 'why'> & { rawDueOn?: string },
  at: string,
): ClockMoved {
  const { limit } = clock;
  const startedOn = dayZeroOf(state, limit, at);
  const dueOn = addWorkingDays(state.calendar, startedOn, limit.legal);
  const moved: ClockMoved = {
    type: 'clockMoved',
    at,
    clock: clock.clock,
    block: clock.block,
    limit,
    why: clock.why,
    startedOn,
    rawDueOn: clock.rawDueOn ?? dueOn,
    dueOn,
    pausedFor: [],
    calendarVersion: state.calendar.version,
  };
  const dated: ClockMoved = limit.from === undefined ? moved : { ...moved, since: dateIn(at) };
  if (limit.promise === undefined) return dated;
  return { ...dated, promisedOn: addWorkingDays(state.calendar, startedOn, limit.promise) };
}

function dayZeroOf({ form }: CaseState, { from }: Limit, at: string): string {
  return (from === undefined ? undefined : dayNamed(form, from)) ?? dateIn(at);
}

/** The clocks of blocks that the route has and that must move to fit where the case stands; one at a time. */
export function nextClockMove(state: CaseState, frontier: readonly StageNode[], at: string): ClockMoved | undefined {
  const { clocked, paths } = planOf(state);
  if (clocked.length === 0 && Object.keys(state.clocks).length === 0) return undefined;
  for (const node of clocked) {
    const isOpen = frontier.some(({ id }) => paths.get(id)?.includes(node));
    const moved = moveOf(state, node, { isOpen, at });
    if (moved) return moved;
  }
  return leftBehind(state, clocked, at);
}

function moveOf(
  state: CaseState,
  node: Clocked,
  { isOpen, at }: { readonly isOpen: boolean; readonly at: string },
): ClockMoved | undefined {
  const clock = state.clocks[node.id];
  if (!clock) return isOpen ? startClock(state, { id: node.id, limit: node.clock }, at) : undefined;
  if (verdictOf(node, state) !== undefined) return clock.stopped ? undefined : stop(state, clock, at);
  if (node.clock.from !== undefined) return moveFromDay(state, { clock, node }, at);
  // A block whose signatures lapsed after it was through is entered again, with a fresh clock.
  if (clock.stopped) return isOpen ? restart(state, { ...clock, limit: node.clock }, at) : undefined;
  if (isLeft(state, node, isOpen)) return leave(state, { clock, node, isOpen }, at);
  const wanted = pausesOf(state, node, isOpen);
  return wanted.join() === clock.pausedFor.join()
    ? undefined
    : movePauses(state, clock, { wanted, at, limit: node.clock });
}

/**
 * A clock that counts from a day of the form. Wherever the case goes back to, it goes on with the days that were left when
 * its block was decided: the law gives no second term. It is counted anew only from another day.
 */
function moveFromDay(
  state: CaseState,
  { clock, node }: { readonly clock: ClockState; readonly node: Clocked },
  at: string,
): ClockMoved | undefined {
  const limit = node.clock;
  const isOther = clock.limit.from !== limit.from || clock.startedOn !== dayZeroOf(state, limit, at);
  if (isOther) return fromDayZero(state, { clock: node.id, block: node.id, limit, why: 'restarted' }, at);
  const wanted = pausesOf(state, node, !state.isAgreed);
  if (!clock.stopped && wanted.join() === clock.pausedFor.join()) return undefined;
  return movePauses(state, clock, { wanted, at, limit });
}

function stop(state: CaseState, clock: ClockState, at: string): ClockMoved {
  const stopped = reading(clock, at, 'stopped');
  if (clock.limit.from === undefined) return stopped;
  return { ...stopped, left: clock.left ?? workingDaysBetween(state.calendar, dateIn(at), clock.dueOn) };
}

/**
 * Whether everything in a block has to be signed anew: a stage that lapsed, or a group that the case has gone back to
 * before. Going back inside a group leaves the group's own clock as it is.
 */
function isLeft({ stages }: CaseState, node: Clocked, isOpen: boolean): boolean {
  if (isOpen && node.kind !== 'stage') return false;
  const entered = stagesIn(node).flatMap(({ id }) => stages[id] ?? []);
  return entered.length > 0 && entered.every(({ standing }) => standing === 'lapsed');
}

/** The clock of a block that is left stops; that of a stage entered again at once starts again, once. */
function leave(
  state: CaseState,
  { clock, node, isOpen }: { readonly clock: ClockState; readonly node: Clocked; readonly isOpen: boolean },
  at: string,
): ClockMoved | undefined {
  if (!isOpen) return reading(clock, at, 'stopped');
  const fresh = restart(state, { ...clock, limit: node.clock }, at);
  const isFresh =
    canonicalJson(clock.limit) === canonicalJson(node.clock) &&
    clock.startedOn === fresh.startedOn &&
    clock.dueOn === fresh.dueOn &&
    clock.promisedOn === fresh.promisedOn &&
    clock.pausedFor.length === 0 &&
    clock.reminded.length === 0;
  return isFresh ? undefined : fresh;
}

/** A clock whose block the route does not have any more stops; the delivery's own is not the route's. */
function leftBehind(state: CaseState, clocked: readonly Clocked[], at: string): ClockMoved | undefined {
  for (const id of Object.keys(state.clocks)) {
    const clock = state.clocks[id];
    if (!clock || clock.stopped || id === DELIVERY_CLOCK) continue;
    if (!clocked.some((node) => node.id === id)) return reading(clock, at, 'stopped');
  }
  return undefined;
}

/** Materials are awaited inside the block, and nothing else is open there. */
function pausesOf(state: CaseState, node: Clocked, isOpen: boolean): PauseReason[] {
  const pauses: PauseReason[] = [];
  const asking = Object.keys(state.supplements);
  const waits = asking.length > 0 && stagesIn(node).some(({ id }) => state.supplements[id]);
  if (waits && node.clock.onSupplement !== 'run-on') pauses.push('supplement');
  if (state.suspended) pauses.push('suspended');
  if (!isOpen) pauses.push('parked');
  return pauses;
}

function movePauses(
  state: CaseState,
  clock: ClockState,
  { wanted, at, limit }: { readonly wanted: readonly PauseReason[]; readonly at: string; readonly limit: Limit },
): ClockMoved {
  const isSupplemented = clock.pausedFor.includes('supplement') && !wanted.includes('supplement');
  // Before anything else that holds it up: the days counted anew are the whole limit, and may be passed anew.
  if (isSupplemented && limit.onSupplement === 'restart') return restart(state, { ...clock, limit }, at);
  const today = dateIn(at);
  const left = clock.left ?? workingDaysBetween(state.calendar, today, clock.dueOn);
  if (wanted.length > 0) return { ...reading(clock, at, 'paused'), pausedFor: wanted, left };
  const { left: _, promisedOn: __, ...rest } = reading(clock, at, 'resumed');
  return {
    ...rest,
    pausedFor: [],
    ...(limit.from === undefined ? {} : { since: today }),
    dueOn: addWorkingDays(state.calendar, today, left),
    ...promiseFrom(state, clock, { today, left }),
  };
}

/** The promise stays as many working days before the due date as the limit has it. */
function promiseFrom(
  state: CaseState,
  { limit: { legal, promise }, extendedBy = 0 }: ClockState,
  { today, left }: { readonly today: string; readonly left: number },
): { readonly promisedOn?: string } {
  if (promise === undefined) return {};
  return { promisedOn: addWorkingDays(state.calendar, today, left - (legal + extendedBy - promise)) };
}

function restart(state: CaseState, clock: ClockState, at: string): ClockMoved {
  const { clock: id, block, limit, rawDueOn } = clock;
  return fromDayZero(state, { clock: id, block, limit, why: 'restarted', rawDueOn }, at);
}

/** The authority agrees to more time (R809 Art.22); the promise stays where it is. */
export function extend(state: CaseState, clock: ClockState, { days, at }: { days: number; at: string }): ClockMoved {
  const { left } = clock;
  return {
    ...reading(clock, at, 'extended'),
    dueOn: addWorkingDays(state.calendar, clock.dueOn, days),
    ...(left === undefined ? {} : { left: left + days }),
    extendedBy: (clock.extendedBy ?? 0) + days,
  };
}

/** The clocks whose due dates are other ones under another calendar, each with the dates that it has there. */
export function recounted(state: CaseState, calendar: CaseState['calendar'], at: string): ClockMoved[] {
  const calendars = { before: state.calendar, after: calendar, today: dateIn(at) };
  return Object.values(state.clocks).flatMap((clock): ClockMoved[] => {
    const { isMoved, after } = recompute(clock, calendars);
    return isMoved ? [{ ...reading(clock, at, 'recounted'), ...after, calendarVersion: calendar.version }] : [];
  });
}

/** A move of a clock that leaves everything of it as it is. Written out like what `evolve` makes of it. */
function reading(state: ClockState, at: string, why: ClockReading['why']): ClockMoved {
  const { clock, block, limit, startedOn, rawDueOn, dueOn, pausedFor, calendarVersion } = state;
  const { since, promisedOn, left, extendedBy } = state;
  const read = { clock, block, limit, why, startedOn, rawDueOn, dueOn, pausedFor, calendarVersion };
  return {
    type: 'clockMoved',
    at,
    ...read,
    ...(since === undefined ? {} : { since }),
    ...(promisedOn === undefined ? {} : { promisedOn }),
    ...(left === undefined ? {} : { left }),
    ...(extendedBy === undefined ? {} : { extendedBy }),
  };
}
