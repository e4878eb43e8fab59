import { type Calendar, isNewYearsEdge } from './calendar.ts';
import { isDate, weekday, yearOf } from './civil-date.ts';
import type { Fault } from './language.ts';

/** What the State Council’s notice of a year (国务院办公厅关于部分节假日安排的通知) says, read and checked. */
export interface Notice {
  readonly year: number;
  readonly holidays: readonly Holiday[];
  /** Weekend days worked to make up for a holiday (调休补班), sorted. */
  readonly workdays: readonly string[];
}

export interface Holiday {
  /** As the notice names it: 春节, or 国庆节、中秋节 where two fall together. */
  readonly name: string;
  readonly days: readonly string[];
}

/** Where in what was sent something stands: a JSON pointer, and the line of a text. */
export interface Place {
  readonly pointer: string;
  readonly line?: number;
}

/** A notice as somebody read it from a text, a table or a form: dates exist, nothing else is known of it yet. */
export interface NoticeReading {
  readonly year: number | undefined;
  readonly yearAt: Place;
  readonly holidays: readonly (Holiday & { readonly at: Place })[];
  readonly makeUpDays: readonly { readonly date: string; readonly at: Place }[];
  readonly faults: readonly Fault[];
  /** What was not taken into account although it has dates: for whoever imports to look at. */
  readonly remarks: readonly Fault[];
}

export const NOTICE_FAULT_CODES = [
  'YearUnknown',
  'YearsDiffer',
  'YearNotInCalendar',
  'NoHolidays',
  'HolidayWithoutDays',
  'HolidayMissing',
  'SentenceUnread',
  'NoSuchDate',
  'NoSuchDay',
  'WeekdayWrong',
  'CountWrong',
  'RangeBackwards',
  'RangeTooLong',
  'OutsideYear',
  'DayOffTwice',
  'OffAndWorked',
  'WorkedTwice',
  'MakeUpNotWeekend',
  'StatutoryDayNotOff',
  'OneFormOnly',
  'HeaderWrong',
  'RowMalformed',
  'KindUnknown',
] as const;
export type NoticeFaultCode = (typeof NOTICE_FAULT_CODES)[number];

/** What an import points out and takes all the same. */
export const NOTICE_REMARK_CODES = ['SentenceSkipped', 'DaysNotBalanced', 'YearOfficialAlready'] as const;
export type NoticeRemarkCode = (typeof NOTICE_REMARK_CODES)[number];

export type NoticeChecked =
  | { readonly faults: readonly Fault[] }
  | { readonly notice: Notice; readonly remarks: readonly Fault[] };

/** The holidays that every notice since 2008 arranges (国务院令第513号, 第795号 Art.2), by what their names have in common. */
const FEASTS = [
  ['元旦', /元旦|新年/],
  ['春节', /春节/],
  ['清明节', /清明/],
  ['劳动节', /劳动/],
  ['端午节', /端午/],
  ['中秋节', /中秋/],
  ['国庆节', /国庆/],
] as const;

/** From this year on there are 13 statutory days (国务院令第795号), before it 11. */
const THIRTEEN_SINCE = 2025;

/** Everything that is wrong with a notice, at once, or what it says. The calendar is the one that it will be added to. */
export function checkNotice(reading: NoticeReading, calendar: Calendar): NoticeChecked {
  const { year, holidays, makeUpDays } = reading;
  const faults = [...reading.faults];
  if (year === undefined) return { faults: [...faults, faultAt(reading.yearAt, 'YearUnknown')] };
  if (![...calendar.official, ...calendar.provisional].includes(year)) {
    faults.push(faultAt(reading.yearAt, 'YearNotInCalendar', { year }));
  }
  const notice: Notice = {
    year,
    holidays: holidays.map(({ name, days }) => ({ name, days })),
    workdays: makeUpDays.map(({ date }) => date).toSorted(),
  };
  faults.push(
    ...faultsOfDays(reading, year),
    ...faultsOfMakeUpDays(reading, year),
    ...faultsOfOmission(notice, calendar, reading.yearAt),
  );
  return faults.length > 0 ? { faults } : { notice, remarks: [...reading.remarks, ...remarksOn(notice, calendar)] };
}

function faultsOfDays({ holidays }: NoticeReading, year: number): Fault[] {
  const seen = new Set<string>();
  return holidays.flatMap(({ name, days, at }) => {
    const faults: Fault[] = days.length === 0 ? [faultAt(at, 'HolidayWithoutDays', { name })] : [];
    for (const date of days) {
      if (!isWithin(date, year)) faults.push(faultAt(at, 'OutsideYear', { date, year }));
      if (seen.has(date)) faults.push(faultAt(at, 'DayOffTwice', { date }));
      seen.add(date);
    }
    return faults;
  });
}

function faultsOfMakeUpDays({ holidays, makeUpDays }: NoticeReading, year: number): Fault[] {
  const off = new Set(holidays.flatMap(({ days }) => days));
  const seen = new Set<string>();
  return makeUpDays.flatMap(({ date, at }) => {
    const faults: Fault[] = [];
    if (!isWithin(date, year)) faults.push(faultAt(at, 'OutsideYear', { date, year }));
    if (weekday(date) <= 5) faults.push(faultAt(at, 'MakeUpNotWeekend', { date }));
    if (off.has(date)) faults.push(faultAt(at, 'OffAndWorked', { date }));
    if (seen.has(date)) faults.push(faultAt(at, 'WorkedTwice', { date }));
    seen.add(date);
    return faults;
  });
}

function isWithin(date: string, year: number): boolean {
  return yearOf(date) === year || (yearOf(date) === year - 1 && isNewYearsEdge(date));
}

function faultsOfOmission(notice: Notice, calendar: Calendar, at: Place): Fault[] {
  const { year, holidays } = notice;
  const names = year < 2008 ? [] : FEASTS.filter(([, pattern]) => !holidays.some(({ name }) => pattern.test(name)));
  const off = new Set(daysOff(notice));
  const isOff = (date: string): boolean => off.has(date) || (weekday(date) > 5 && !notice.workdays.includes(date));
  return [
    ...names.map(([name]) => faultAt(at, 'HolidayMissing', { name })),
    ...statutoryDaysOf(calendar, year)
      .filter((date) => !isOff(date))
      .map((date) => faultAt(at, 'StatutoryDayNotOff', { date })),
  ];
}

/** A provisional year of the calendar is its statutory days; of others those are known that the solar calendar fixes. */
function statutoryDaysOf(calendar: Calendar, year: number): readonly string[] {
  if (calendar.provisional.includes(year)) return calendar.holidays.filter((date) => yearOf(date) === year);
  const fixed = ['01-01', '05-01', ...(year >= THIRTEEN_SINCE ? ['05-02'] : []), '10-01', '10-02', '10-03'];
  return fixed.map((day) => `${year}-${day}`);
}

/**
 * Moving days gives none away: weekdays off less weekend days worked are the statutory days of the year, each on its own day
 * or in lieu. A notice may give more (2015, 2020), so this is pointed out and not refused.
 */
function remarksOn(notice: Notice, calendar: Calendar): Fault[] {
  const { year, workdays } = notice;
  const at: Place = { pointer: '' };
  const days = daysOff(notice).filter((date) => weekday(date) <= 5).length - workdays.length;
  const expected = year >= THIRTEEN_SINCE ? 13 : 11;
  return [
    ...(days === expected ? [] : [faultAt(at, 'DaysNotBalanced', { days, expected })]),
    ...(calendar.official.includes(year) ? [faultAt(at, 'YearOfficialAlready', { year })] : []),
  ];
}

/** Every day off that the notice names, in order. */
export function daysOff({ holidays }: Pick<Notice, 'holidays'>): string[] {
  return holidays.flatMap(({ days }) => days).toSorted();
}

export function faultAt(
  { pointer, line }: Place,
  code: NoticeFaultCode | NoticeRemarkCode,
  params: Readonly<Record<string, string | number>> = {},
): Fault {
  return { pointer, code, params: line === undefined ? params : { ...params, line } };
}

/** Whether a date exists and is not so far back that it can only be a slip. */
export function isNoticeDate(date: string): boolean {
  return isDate(date) && yearOf(date) >= 1949;
}
