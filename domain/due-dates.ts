import { addWorkingDays, type Calendar, isProvisional, slice, workingDaysBetween } from './calendar.ts';
import type { ClockState } from './case.ts';
import { yearOf } from './civil-date.ts';

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
  const { dueOn, promisedOn, startedOn } = clock;
  const before: DueDates = promisedOn === undefined ? { dueOn } : { dueOn, promisedOn };
  if (clock.stopped) {
    const { calendarVersion } = clock;
    return { clock: clock.clock, before, after: before, calendarVersion, isMoved: false, isProvisional: false };
  }
  // Lists of three decades would be searched for every day of the window.
  const [was, is] = [calendars.before, calendars.after].map((calendar) =>
    slice(calendar, yearOf(startedOn) - 1, yearOf(dueOn) + 2),
  ) as [Calendar, Calendar];
  const moved = (date: string): string => addWorkingDays(is, startedOn, workingDaysBetween(was, startedOn, date));
  const after: DueDates =
    promisedOn === undefined ? { dueOn: moved(dueOn) } : { dueOn: moved(dueOn), promisedOn: moved(promisedOn) };
  return {
    clock: clock.clock,
    before,
    after,
    calendarVersion: is.version,
    isMoved: after.dueOn !== before.dueOn || after.promisedOn !== before.promisedOn,
    isProvisional: isProvisional(is, startedOn, after.dueOn),
  };
}
