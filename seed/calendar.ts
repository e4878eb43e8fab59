import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
 * Where the feasts of the lunar calendar and of the sun’s course fall: Spring Festival, Qingming, Dragon Boat, Mid-Autumn. Set
 * down and not computed where the seeding runs: packages that compute them go by the time zone of the process.
 */
const FEASTS: Readonly<Record<number, readonly [spring: string, qingming: string, boat: string, autumn: string]>> = {
  2025: ['01-29', '04-04', '05-31', '10-06'],
  2026: ['02-17', '04-05', '06-19', '09-25'],
  2027: ['02-06', '04-05', '06-09', '09-15'],
  2028: ['01-26', '04-04', '05-28', '10-03'],
  2029: ['02-13', '04-04', '06-16', '09-22'],
  2030: ['02-03', '04-05', '06-05', '09-12'],
  2031: ['01-23', '04-05', '06-24', '10-01'],
  2032: ['02-11', '04-04', '06-12', '09-19'],
  2033: ['01-31', '04-04', '06-01', '09-08'],
  2034: ['02-19', '04-05', '06-20', '09-27'],
  2035: ['02-08', '04-05', '06-10', '09-16'],
  2036: ['01-28', '04-04', '05-30', '10-04'],
};

/**
 * The 13 statutory days of a year by 国务院令第795号 (in force 2025-01-01), without the moves of a notice: New Year 1, Spring
 * Festival 4 from its eve, Qingming 1, Labour Day 2, Dragon Boat 1, Mid-Autumn 1, National Day 3. Throws RangeError for a year
 * whose feasts are not set down.
 */
export function statutoryDays(year: number): string[] {
  const feasts = FEASTS[year];
  if (!feasts) throw new RangeError(`The feasts of ${year} are not set down`);
  const [spring, qingming, boat, autumn] = feasts;
  const days = [
    '01-01',
    ...[-1, 0, 1, 2].map((offset) => addDays(`${year}-${spring}`, offset).slice(5)),
    ...[qingming, '05-01', '05-02', boat, autumn, '10-01', '10-02', '10-03'],
  ];
  // Mid-Autumn can fall within National Day: then one date is two statutory days, and the notice decides what follows.
  return [...new Set(days)].map((day) => `${year}-${day}`).toSorted();
}
