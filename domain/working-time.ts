import { type Calendar, isWorkingDay, workingDaysBetween } from './calendar.ts';
import { dateOfDayNumber, epochMilliseconds } from './civil-date.ts';

/** A working day is the whole of its date in Asia/Shanghai: so much of it in milliseconds. */
export const WORKING_DAY_MS = 86_400_000;

const OFFSET_MS = 8 * 3_600_000;

/**
 * How much of the dates between two instants (RFC 3339) was of working days, in milliseconds: `WORKING_DAY_MS` is one
 * working day. Weekends and holidays count nothing, make-up days in full. It adds up: from a to b and on to c is as much
 * as from a to c, also where b is the latest of the three, as what goes back is negative.
 */
export function workingTime(calendar: Calendar, from: string, to: string): number {
  return between(calendar, placeOf(from), placeOf(to));
}

interface Place {
  readonly day: number;
  /** Since the day began. */
  readonly ms: number;
}

function placeOf(instant: string): Place {
  const local = epochMilliseconds(instant) + OFFSET_MS;
  const day = Math.floor(local / WORKING_DAY_MS);
  return { day, ms: local - day * WORKING_DAY_MS };
}

function between(calendar: Calendar, from: Place, to: Place): number {
  if (to.day < from.day) return -between(calendar, to, from);
  const [first, last] = [dateOfDayNumber(from.day), dateOfDayNumber(to.day)];
  const restOfFirst = isWorkingDay(calendar, first) ? WORKING_DAY_MS - from.ms : 0;
  const restOfLast = isWorkingDay(calendar, last) ? WORKING_DAY_MS - to.ms : 0;
  return workingDaysBetween(calendar, first, last) * WORKING_DAY_MS + restOfFirst - restOfLast;
}
