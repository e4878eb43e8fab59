import { addWorkingDays, dateIn, endOfDay } from '../calendar.ts';
import type { CaseEvent, CaseState, ClockState, SystemAction } from '../case.ts';
import { epochMilliseconds } from '../civil-date.ts';
import { clockAfter } from './clock-after.ts';

function isRunning({ stopped, pausedFor, passedAt }: ClockState): boolean {
  return !stopped && pausedFor.length === 0 && passedAt === undefined;
}

/** The earliest limit that is still running, and the moment at which it will have passed. */
export function nextLimit(state: CaseState): { readonly at: string; readonly clock: ClockState } | undefined {
  const clock = nextDue(state);
  return clock && { at: endOfDay(clock.dueOn), clock };
}

function nextDue({ endedAt, clocks }: CaseState): ClockState | undefined {
  if (endedAt !== undefined) return undefined;
  let next: ClockState | undefined;
  for (const id of Object.keys(clocks)) {
    const clock = clocks[id];
    if (!clock || !isRunning(clock)) continue;
    if (!next || (compare(clock.dueOn, next.dueOn) || compare(clock.clock, next.clock)) < 0) next = clock;
  }
  return next;
}

/**
 * The earliest reminder that is still to be given: at the end of the day that leaves so many working days. Of several
 * that an outage has passed over only the last is given, and none once the limit itself has passed.
 */
export function nextReminder(
  state: CaseState,
): { readonly at: string; readonly do: Extract<SystemAction, { action: 'remind' }> } | undefined {
  if (state.endedAt !== undefined) return undefined;
  const due = Object.values(state.clocks)
    .filter(isRunning)
    .flatMap(({ clock, dueOn, limit, reminded, startedOn, since = startedOn }) =>
      (limit.remind ?? [])
        .filter((left) => !reminded.some((given) => given <= left))
        .map((left) => ({ clock, dueOn, left, on: addWorkingDays(state.calendar, dueOn, -left) }))
        .filter(({ on, left }) => on >= since && left > 0),
    )
    .toSorted((a, b) => compare(a.on, b.on) || compare(a.clock, b.clock) || a.left - b.left)[0];
  if (!due) return undefined;
  const { on, ...what } = due;
  return { at: endOfDay(on), do: { action: 'remind', ...what } };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The limits that had passed before a command arrived and that nobody has noted yet: after an outage the command can
 * come first, and would stop or pause the clock before its passing is counted.
 */
export function limitsPassedBefore(state: CaseState, at: string): CaseEvent[] {
  const passed: CaseEvent[] = [];
  const today = dateIn(at);
  for (let now = state; ;) {
    const clock = nextDue(now);
    if (!clock || clock.dueOn >= today) return passed;
    const passedAt = endOfDay(clock.dueOn);
    passed.push(...limitPassed(clock, passedAt));
    now = { ...now, clocks: { ...now.clocks, [clock.clock]: { ...clock, passedAt } } };
  }
}

/** A limit that passes is counted, and brought before the authority where the route says so; it decides nothing. */
export function limitPassed({ clock, dueOn, limit }: ClockState, at: string): CaseEvent[] {
  const escalated: CaseEvent[] = limit.onOverdue === 'escalate' ? [{ type: 'escalated', at, clock, dueOn }] : [];
  return [{ type: 'limitPassed', at, clock, dueOn }, ...escalated];
}

/** What counts from a day of the form may be over by the time it begins to run, or goes on: it is counted there and then. */
export function passedAlready(
  before: CaseState,
  moved: Extract<CaseEvent, { type: 'clockMoved' }>,
  at: string,
): readonly CaseEvent[] {
  const clock = clockAfter(before.clocks[moved.clock], moved);
  const isLate = epochMilliseconds(endOfDay(clock.dueOn)) < epochMilliseconds(at);
  return clock.limit.from !== undefined && isRunning(clock) && isLate ? limitPassed(clock, at) : [];
}
