import { endOfDay } from '../calendar.ts';
import type { CaseEvent, ClockReading, ClockState } from '../case.ts';
import { epochMilliseconds } from '../civil-date.ts';

type ClockMoved = Extract<CaseEvent, { type: 'clockMoved' }>;

/** A clock as `evolve` keeps it. One that starts again, or is due later than now once more, may pass its limit again. */
export function clockAfter(before: ClockState | undefined, moved: ClockMoved): ClockState {
  const { at, why, clock, block, limit, startedOn, rawDueOn, dueOn, pausedFor, calendarVersion } = moved;
  const { since, promisedOn, left, extendedBy } = moved;
  const isMoved = (why === 'extended' || why === 'recounted') && before !== undefined;
  const isLater = isMoved && hasMoreTime(before, moved, at);
  const anew = why === 'started' || why === 'restarted' || isLater;
  return {
    clock,
    block,
    limit,
    startedOn,
    rawDueOn,
    dueOn,
    pausedFor,
    calendarVersion,
    stopped: why === 'stopped',
    reminded: anew ? [] : (before?.reminded ?? []),
    ...(since === undefined ? {} : { since }),
    ...(promisedOn === undefined ? {} : { promisedOn }),
    ...(left === undefined ? {} : { left }),
    ...(extendedBy === undefined ? {} : { extendedBy }),
    ...(anew || before?.passedAt === undefined ? {} : { passedAt: before.passedAt }),
  };
}

/** Whether a clock is due later than before, and not over by now all the same. One that is paused goes by the days left. */
function hasMoreTime(before: ClockState, after: ClockReading, at: string): boolean {
  if (before.left !== undefined && after.left !== undefined) return after.left > before.left && after.left >= 0;
  return after.dueOn > before.dueOn && epochMilliseconds(endOfDay(after.dueOn)) > epochMilliseconds(at);
}
