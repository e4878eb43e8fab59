import { addWorkingDays, type Calendar, isProvisional, workingDaysBetween } from './calendar.ts';
import type { ClockState } from './case.ts';

/** A clock's due dates under another version of the calendar. */
export interface Recomputed {
  readonly clock: string;
  readonly before: DueDates;
  readonly after: DueDates;
  readonly calendarVersion: number;
  readonly isMoved: boolean;
  /** Whether a notice that is still to come may move it again. */
  readonly isProvisional: boolean;
}

export interface DueDates {
  readonly dueOn: string;
  readonly promisedOn?: string;
}

/**
 * Where a clock's due dates come to lie under another calendar: as many working days after its day 0 as they lie under the
 * calendar that they were counted by, so that pauses and extensions keep their length. A stopped clock keeps its dates, and
 * so does the raw due date of any. Days that change within a pause that is over are counted as if they were not in it.
 */
export function recompute(
  clock: ClockState,
  calendars: { readonly before: Calendar; readonly after: Calendar },
): Recomputed {
  const { before, after } = calendars;
  const { dueOn, promisedOn, startedOn, stopped } = clock;
  const now: DueDates = promisedOn === undefined ? { dueOn } : { dueOn, promisedOn };
  const moved = (date: string): string =>
    stopped ? date : addWorkingDays(after, startedOn, workingDaysBetween(before, startedOn, date));
  const then: DueDates =
    promisedOn === undefined ? { dueOn: moved(dueOn) } : { dueOn: moved(dueOn), promisedOn: moved(promisedOn) };
  return {
    clock: clock.clock,
    before: now,
    after: then,
    calendarVersion: stopped ? clock.calendarVersion : after.version,
    isMoved: then.dueOn !== now.dueOn || then.promisedOn !== now.promisedOn,
    isProvisional: !stopped && isProvisional(after, startedOn, then.dueOn),
  };
}
