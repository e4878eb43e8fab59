import { dateIn, dateOfDayNumber, dayNumber, epochMilliseconds, startOfDay, weekdayOf } from '../civil-date.ts';

/** A cron expression of five fields, each as the sorted numbers that it allows. Times are in Asia/Shanghai. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Both day fields are restricted: a day that either of them allows is one (as in cron itself). */
  readonly isEitherDay: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE_MS = 60_000;
/** The longest wait that an expression can ask for: from 29 February to the next, over a century without a leap day. */
const HORIZON_DAYS = 8 * 366 + 1;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

/**
 * Reads minute, hour, day of month, month and day of week: numbers, names of months and weekdays, `*`, lists, ranges and
 * steps. Sunday is 0 or 7. Undefined: not such an expression.
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().toLowerCase().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) return undefined;
  const minutes = numbersOf(minute, { from: 0, to: 59 });
  const hours = numbersOf(hour, { from: 0, to: 23 });
  const days = numbersOf(day, { from: 1, to: 31 });
  const months = numbersOf(month, { from: 1, to: 12, names: MONTHS });
  const weekdays = numbersOf(weekday, { from: 0, to: 7, names: WEEKDAYS });
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: sorted(weekdays.map((one) => one % 7)),
    isEitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
  };
}

function numbersOf(field: string, range: Range): readonly number[] | undefined {
  const parts = field.split(',').map((part) => partOf(part, range));
  return parts.every((part) => part !== undefined) ? sorted(parts.flat()) : undefined;
}

function partOf(part: string, { from, to, names = [] }: Range): readonly number[] | undefined {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(part);
  if (!match) return undefined;
  const [, star, low, high, every] = match;
  const number = (word: string): number => {
    const named = names.indexOf(word);
    if (named >= 0) return named + from;
    return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  };
  const first = star ? from : number(low ?? '');
  // A number with a step goes on to the end of its field.
  const open = every === undefined ? first : to;
  const last = star ? to : high === undefined ? open : number(high);
  const step = every === undefined ? 1 : Number(every);
  if (!(first >= from && last <= to && first <= last && step >= 1)) return undefined;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** The first time after an instant at which the expression holds, as RFC 3339 in Asia/Shanghai; undefined: never. */
export function nextAfter(cron: Cron, instant: string): string | undefined {
  const today = dayNumber(dateIn(instant));
  const now = epochMilliseconds(instant) - epochMilliseconds(startOfDay(dateOfDayNumber(today)));
  const minute = Math.floor(now / MINUTE_MS);
  for (let day = today; day <= today + HORIZON_DAYS; day += 1) {
    if (!isDay(cron, day)) continue;
    const time = timeAfter(cron, day === today ? minute : -1);
    if (time !== undefined) return `${dateOfDayNumber(day)}T${two(time.hour)}:${two(time.minute)}:00.000+08:00`;
  }
  return undefined;
}

function isDay({ days, months, weekdays, isEitherDay }: Cron, day: number): boolean {
  const date = dateOfDayNumber(day);
  if (!months.includes(Number(date.slice(5, 7)))) return false;
  const isDate = days.includes(Number(date.slice(8)));
  const isWeekday = weekdays.includes(weekdayOf(day) % 7);
  return isEitherDay ? isDate || isWeekday : isDate && isWeekday;
}

/** The first time of day after a minute of it, counted from midnight. */
function timeAfter({ hours, minutes }: Cron, after: number): { hour: number; minute: number } | undefined {
  for (const hour of hours) {
    const minute = minutes.find((one) => hour * 60 + one > after);
    if (minute !== undefined) return { hour, minute };
  }
  return undefined;
}

/** The fewest minutes between two times of one hour or of two that follow each other; 60 where there is one an hour. */
export function leastGap({ minutes }: Cron): number {
  const gaps = minutes.map((minute, index) => (minutes[index + 1] ?? (minutes[0] ?? 0) + 60) - minute);
  return Math.min(60, ...gaps);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
