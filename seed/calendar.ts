import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import chineseDays from 'chinese-days';
import type { Calendar } from '../domain/calendar.ts';
import { addDays } from '../domain/civil-date.ts';

/** What version 1 of the calendar rests on, as the database keeps it. */
export const CALENDAR_SOURCE =
  'npm chinese-days 1.5.7（国务院办公厅放假通知，2004–2026）；2027–2036 暂按国务院令第795号的13天法定节假日推定';

const PROVISIONAL_YEARS = { first: 2_027, last: 2_036 } as const;

/** The first version of the working-day calendar: the notices in data/, then ten provisional years. */
export async function firstCalendar(dataDir: string): Promise<Calendar> {
  const text = await readFile(join(dataDir, 'government-office/holidays.csv'), 'utf8');
  const rows = text
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split(','));
  const dates = (kind: string): string[] => rows.filter((row) => row[2] === kind).map((row) => row[0] ?? '');
  const official = [...new Set(rows.map((row) => Number(row[1])))];
  const provisional: number[] = [];
  for (let year = PROVISIONAL_YEARS.first; year <= PROVISIONAL_YEARS.last; year += 1) provisional.push(year);
  return {
    version: 1,
    official: official.toSorted((a, b) => a - b),
    provisional,
    holidays: [...dates('holiday'), ...provisional.flatMap(statutoryDays)].toSorted(),
    workdays: dates('make-up').toSorted(),
  };
}

/**
 * The 13 statutory days of a year by 国务院令第795号 (in force 2025-01-01), without the moves of a notice: New Year 1, Spring
 * Festival 4 from its eve, Qingming 1, Labour Day 2, Dragon Boat 1, Mid-Autumn 1, National Day 3.
 */
export function statutoryDays(year: number): string[] {
  const lunar = (monthAndDay: string): string => chineseDays.getSolarDateFromLunar(`${year}-${monthAndDay}`).date;
  const springFestival = lunar('01-01');
  const days = [
    `${year}-01-01`,
    ...[-1, 0, 1, 2].map((offset) => addDays(springFestival, offset)),
    chineseDays.getSolarTermDate(year, 4, 'pure_brightness'),
    `${year}-05-01`,
    `${year}-05-02`,
    lunar('05-05'),
    lunar('08-15'),
    `${year}-10-01`,
    `${year}-10-02`,
    `${year}-10-03`,
  ];
  // Mid-Autumn can fall on National Day: then one date is two statutory days, and the notice decides what follows.
  return [...new Set(days)].toSorted();
}
