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
 * Where a clock's due dates come to lie under another calendar: the working days are kept, not the dates. A clock that
 * nothing has held up is counted again from its day 0, so that a notice which comes late is followed all the same; one that
 * was paused on its way from today, as the days for which it stood still are not its own. A stopped clock keeps its dates,
 * and so does the raw due date of any.
 */
export function recompute(
  clock: ClockState,
  calendars: { readonly before: Calendar; readonly after: Calendar; readonly today: string },
): Recomputed {
  const { dueOn, promisedOn, startedOn, limit, extendedBy = 0 } = clock;
  const before: DueDates = promisedOn === undefined ? { dueOn } : { dueOn, promisedOn };
  if (clock.stopped) {
    const { calendarVersion } = clock;
    return { clock: clock.clock, before, after: before, calendarVersion, isMoved: false, isProvisional: false };
  }
  // Lists of three decades would be searched for every day of the window.
  const [was, is] = [calendars.before, calendars.after].map((calendar) =>
    slice(calendar, yearOf(startedOn) - 1, yearOf(dueOn) + 2),
  ) as [Calendar, Calendar];
  const isUnbroken = addWorkingDays(was, startedOn, limit.legal + extendedBy) === dueOn;
  const from = isUnbroken ? startedOn : calendars.today;
  const moved = (date: string): string =>
    date < from ? date : addWorkingDays(is, from, workingDaysBetween(was, from, date));
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
