import { dateOfDayNumber, dayNumber, weekdayOf, yearOf } from './civil-date.ts';

export { dateIn, endOfDay, startOfDay } from './civil-date.ts';

/**
 * The working-day calendar as a value, so that due dates are pure and a deadline can name the version that it rests on.
 * Lists are sorted. Dates are `YYYY-MM-DD` in Asia/Shanghai.
 */
export interface Calendar {
  readonly version: number;
  /** Years whose State Council notice (国务院办公厅关于部分节假日安排的通知) is in the lists. */
  readonly official: readonly number[];
  /** Years without a notice yet: weekends and the 13 statutory days of the 2024 rules (国务院令第795号) only. */
  readonly provisional: readonly number[];
  /** Days off by notice or statute, weekends among them included where the notice names them. */
  readonly holidays: readonly string[];
  /** Weekend days worked to make up for a holiday (调休补班). */
  readonly workdays: readonly string[];
}

/** How far a date may be relied on: `unknown` years have their weekends only, and no holidays. */
export type CalendarStanding = 'official' | 'provisional' | 'unknown';

export function standingOf(calendar: Calendar, date: string): CalendarStanding {
  const year = yearOf(date);
  if (calendar.official.includes(year)) return 'official';
  return calendar.provisional.includes(year) ? 'provisional' : 'unknown';
}

/**
 * The last days of a December, which the notice of the next year may move: that of 2019 had the 29th of December 2018 worked
 * and the two days after it off. No notice has reached further back, and none has named a December of its own year.
 */
export function isNewYearsEdge(date: string): boolean {
  return date.slice(5) >= '12-25';
}

/**
 * Whether a notice that is still to come may move what was counted from one date to another, both included: a due date with
 * its day 0 that rests on a year without a notice, or on the last days of a December before one.
 */
export function isProvisional(calendar: Calendar, from: string, to: string): boolean {
  for (let year = yearOf(from); year <= yearOf(to); year += 1) {
    if (!calendar.official.includes(year)) return true;
  }
  return isNewYearsEdge(to) && !calendar.official.includes(yearOf(to) + 1);
}

/** Throws RangeError if the date does not exist. */
export function isWorkingDay(calendar: Calendar, date: string): boolean {
  return isWorked(listsOf(calendar), dayNumber(date));
}

/**
 * The date `count` working days after a date, which itself is day 0, working day or not; a due date holds until its
 * `endOfDay`. A negative count goes back, as reminders before a due date do. Throws RangeError unless count is whole.
 */
export function addWorkingDays(calendar: Calendar, from: string, count: number): string {
  if (!Number.isInteger(count)) throw new RangeError(`Working days are whole: ${count}`);
  const lists = listsOf(calendar);
  const step = count < 0 ? -1 : 1;
  let day = dayNumber(from);
  for (let left = Math.abs(count); left > 0;) {
    day += step;
    if (isWorked(lists, day)) left -= 1;
  }
  return dateOfDayNumber(day);
}

/** Working days after `from` up to and including `to`; negative if `to` is earlier, counted the same way from `to`. */
export function workingDaysBetween(calendar: Calendar, from: string, to: string): number {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  if (last < first) return -workingDaysBetween(calendar, to, from);
  const lists = listsOf(calendar);
  let count = 0;
  for (let day = first + 1; day <= last; day += 1) {
    if (isWorked(lists, day)) count += 1;
  }
  return count;
}

/** The lists of a calendar by the numbers of their days. */
interface Lists {
  readonly holidays: ReadonlySet<number>;
  readonly workdays: ReadonlySet<number>;
}

const known = new WeakMap<Calendar, Lists>();

/** Worked out once for each calendar, which is a value: dates are counted in every decision, day by day. */
function listsOf(calendar: Calendar): Lists {
  const before = known.get(calendar);
  if (before) return before;
  const { holidays, workdays } = calendar;
  const lists = { holidays: new Set(holidays.map(dayNumber)), workdays: new Set(workdays.map(dayNumber)) };
  known.set(calendar, lists);
  return lists;
}

function isWorked({ holidays, workdays }: Lists, day: number): boolean {
  return weekdayOf(day) <= 5 ? !holidays.has(day) : workdays.has(day);
}

/** The same calendar, of the years `fromYear` to `toYear` only: what a workflow carries instead of three decades. */
export function slice(calendar: Calendar, fromYear: number, toYear: number): Calendar {
  const within = (year: number): boolean => year >= fromYear && year <= toYear;
  return {
    version: calendar.version,
    official: calendar.official.filter(within),
    provisional: calendar.provisional.filter(within),
    holidays: calendar.holidays.filter((date) => within(yearOf(date))),
    workdays: calendar.workdays.filter((date) => within(yearOf(date))),
  };
}
