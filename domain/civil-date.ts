/**
 * Calendar dates (`YYYY-MM-DD`, proleptic Gregorian) and instants (RFC 3339) without the clock or Date: domain code runs
 * inside workflows and in the auditor's verifier, and must give the same answer in both, whatever the machine's zone.
 */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const MINUTES_A_DAY = 1_440;

/** All of China keeps UTC+8, without daylight saving since 1991: Asia/Shanghai is a fixed offset for every case here. */
const SHANGHAI_MINUTES = 480;

/** Whether the text is a date that exists: `2023-02-29` is not. */
export function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const last = daysInMonth(Number(year), Number(month));
  return last !== undefined && Number(day) >= 1 && Number(day) <= last;
}

/** Days since 1970-01-01. Throws RangeError for text that is not an existing date. */
export function dayNumber(date: string): number {
  if (!isDate(date)) throw new RangeError(`Not a calendar date: ${date}`);
  const month = Number(date.slice(5, 7));
  // Years counted from March put the leap day last, so that the days before a month follow one linear formula.
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + Number(date.slice(8)) - 1;
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
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** The calendar date in Asia/Shanghai at an instant. Throws RangeError for text that is not an RFC 3339 instant. */
export function dateIn(instant: string): string {
  const { date, minutes } = readInstant(instant);
  return addDays(date, Math.floor((minutes + SHANGHAI_MINUTES) / MINUTES_A_DAY));
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
function readInstant(instant: string): { date: string; minutes: number; milliseconds: number } {
  const [, date, hour, minute, second, fraction, utc, sign, offsetHour, offsetMinute] = INSTANT.exec(instant) ?? [];
  const inRange = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const offsetInRange = utc !== undefined || (Number(offsetHour) < 24 && Number(offsetMinute) < 60);
  if (date === undefined || !inRange || !offsetInRange || !isDate(date)) {
    throw new RangeError(`Not an RFC 3339 instant: ${instant}`);
  }
  const offset = utc === undefined ? Number(`${sign}1`) * (Number(offsetHour) * 60 + Number(offsetMinute)) : 0;
  return {
    date,
    minutes: Number(hour) * 60 + Number(minute) - offset,
    milliseconds: Number(second) * 1_000 + Number((fraction ?? '').padEnd(3, '0').slice(0, 3)),
  };
}

function daysInMonth(year: number, month: number): number | undefined {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : MONTH_DAYS[month - 1];
}
