/**
 * Calendar dates (`YYYY-MM-DD`, proleptic Gregorian) and instants (RFC 3339) without the clock or Date: domain code runs
 * inside workflows and in the auditor's verifier, and must give the same answer in both, whatever the machine's zone.
 */

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const MINUTES_A_DAY = 1_440;

/** All of China keeps UTC+8, without daylight saving since 1991: Asia/Shanghai is a fixed offset for every case here. */
const SHANGHAI_MINUTES = 480;

/** Whether the text is a date that exists: `2023-02-29` is not. */
export function isDate(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const last = daysInMonth(year, month);
  return year >= 0 && last !== undefined && day >= 1 && day <= last;
}

/**
 * The number that the digits from one place to another write; NaN if anything else is among them, or nothing. Read without
 * a pattern, as every decision counts dates.
 */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Days since 1970-01-01. Throws RangeError for text that is not an existing date. */
export function dayNumber(date: string): number {
  if (!isDate(date)) throw new RangeError(`Not a calendar date: ${date}`);
  const month = digits(date, 5, 7);
  // Years counted from March put the leap day last, so that the days before a month follow one linear formula.
  const year = digits(date, 0, 4) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digits(date, 8, 10) - 1;
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
}

/** The inverse of `dayNumber`. Throws RangeError outside the years 0001 to 9999. */
export function dateOfDayNumber(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (!Number.isInteger(days) || year < 1 || year > 9999) throw new RangeError(`No calendar date for day ${days}`);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

export function addDays(date: string, days: number): string {
  return dateOfDayNumber(dayNumber(date) + days);
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export function weekday(date: string): number {
  return weekdayOf(dayNumber(date));
}

/** The same of a day's number. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The last that was asked for: everything that follows from a decision asks about its one instant. */
let known: { readonly instant: string; readonly date: string } | undefined;

/** The calendar date in Asia/Shanghai at an instant. Throws RangeError for text that is not an RFC 3339 instant. */
export function dateIn(instant: string): string {
  if (known?.instant === instant) return known.date;
  const { date, minutes } = readInstant(instant);
  known = { instant, date: addDays(date, Math.floor((minutes + SHANGHAI_MINUTES) / MINUTES_A_DAY)) };
  return known.date;
}

/** The first millisecond of a date in Asia/Shanghai, as RFC 3339. */
export function startOfDay(date: string): string {
  if (!isDate(date)) throw new RangeError(`Not a calendar date: ${date}`);
  return `${date}T00:00:00.000+08:00`;
}

/** The last millisecond of a date in Asia/Shanghai, as RFC 3339: until when something due on that date may be done. */
export function endOfDay(date: string): string {
  if (!isDate(date)) throw new RangeError(`Not a calendar date: ${date}`);
  return `${date}T23:59:59.999+08:00`;
}

/** Milliseconds since 1970-01-01T00:00:00Z; finer fractions are cut off. Two instants compare by it, whatever their offsets. */
export function epochMilliseconds(instant: string): number {
  const { date, minutes, milliseconds } = readInstant(instant);
  return (dayNumber(date) * MINUTES_A_DAY + minutes) * 60_000 + milliseconds;
}

/** `minutes` is the UTC time of day counted from `date`, so it may be negative or over a day. */
interface Instant {
  readonly date: string;
  readonly minutes: number;
  readonly milliseconds: number;
}

/** `YYYY-MM-DDThh:mm:ss`, any fraction, and `Z` or an offset `±hh:mm`. */
function readInstant(instant: string): Instant {
  const date = instant.slice(0, 10);
  const [hour, minute, second] = [digits(instant, 11, 13), digits(instant, 14, 16), digits(instant, 17, 19)];
  const isSet = isOneOf(instant, 10, 'Tt') && instant[13] === ':' && instant[16] === ':';
  const end = instant[19] === '.' ? endOfDigits(instant, 20) : 19;
  const offset = offsetAt(instant, end);
  // Anything that is not a number is not less than any.
  if (!(isSet && hour < 24 && minute < 60 && second < 60 && end !== 20) || offset === undefined || !isDate(date)) {
    throw new RangeError(`Not an RFC 3339 instant: ${instant}`);
  }
  const fraction = end === 19 ? 0 : digits(instant, 20, Math.min(end, 23)) * 10 ** Math.max(0, 23 - end);
  return { date, minutes: hour * 60 + minute - offset, milliseconds: second * 1_000 + fraction };
}

/** Minutes east of UTC, where the rest of the text is an offset. */
function offsetAt(text: string, at: number): number | undefined {
  if (isOneOf(text, at, 'Zz')) return text.length === at + 1 ? 0 : undefined;
  const [hour, minute] = [digits(text, at + 1, at + 3), digits(text, at + 4, at + 6)];
  const isSet = isOneOf(text, at, '+-') && text[at + 3] === ':' && text.length === at + 6;
  if (!isSet || !(hour < 24 && minute < 60)) return undefined;
  return (hour * 60 + minute) * (text[at] === '-' ? -1 : 1);
}

function isOneOf(text: string, at: number, signs: string): boolean {
  const sign = text[at];
  return sign !== undefined && signs.includes(sign);
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (digits(text, end, end + 1) >= 0) end += 1;
  return end;
}

function daysInMonth(year: number, month: number): number | undefined {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : MONTH_DAYS[month - 1];
}
