import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import { type Calendar, isWorkingDay, workingDaysBetween } from '../../domain/calendar.ts';
import { dateOfDayNumber, dayNumber } from '../../domain/civil-date.ts';
import { WORKING_DAY_MS, workingTime } from '../../domain/working-time.ts';
import { firstCalendar } from '../../seed/calendar.ts';

let calendar: Calendar;

beforeAll(async () => {
  calendar = await firstCalendar(join(projectRoot, 'data'));
});

const days = (from: string, to: string): number => workingTime(calendar, from, to) / WORKING_DAY_MS;
const at = (text: string): string => `${text.replace(' ', 'T')}:00.000+08:00`;
const HOUR = 3_600_000;

test('six hours of a working day are a quarter of a working day', () => {
  expect(days(at('2026-11-25 09:00'), at('2026-11-25 15:00'))).toBe(0.25);
});

test('from Friday afternoon to Monday morning only Friday and Monday count', () => {
  expect(days(at('2026-11-20 18:00'), at('2026-11-23 06:00'))).toBe(0.5);
});

test('a weekend alone is no time at all', () => {
  expect(days(at('2026-11-21 00:00'), at('2026-11-22 23:59'))).toBe(0);
});

test('a Sunday that makes up for a holiday counts in full, and the holiday does not', () => {
  expect(isWorkingDay(calendar, '2026-09-20')).toBe(true);
  expect(days(at('2026-09-20 00:00'), at('2026-09-21 00:00'))).toBe(1);
  expect(days(at('2026-10-01 00:00'), at('2026-10-08 00:00'))).toBe(0);
});

test('the same instants written with another offset are the same time', () => {
  expect(days('2026-11-25T01:00:00Z', '2026-11-25T07:00:00Z')).toBe(0.25);
});

test('a task that comes in the evening and is answered on its due date has taken no more than the limit and the evening', () => {
  const due = '2026-12-09';
  expect(workingDaysBetween(calendar, '2026-11-25', due)).toBe(10);
  expect(days(at('2026-11-25 18:00'), `${due}T23:59:59.999+08:00`)).toBeCloseTo(10.25, 6);
});

const hour = fc.integer({ min: dayNumber('2025-01-02') * 24, max: dayNumber('2027-11-01') * 24 });
const instantOf = (hours: number): string => {
  const day = Math.floor(hours / 24);
  return `${dateOfDayNumber(day)}T${String(hours - day * 24).padStart(2, '0')}:00:00+08:00`;
};

test('it is the number of hours of working days, counted one by one', () => {
  fc.assert(
    fc.property(hour, fc.nat({ max: 24 * 60 }), (from, length) => {
      let counted = 0;
      for (let now = from; now < from + length; now += 1) {
        if (isWorkingDay(calendar, dateOfDayNumber(Math.floor(now / 24)))) counted += 1;
      }
      return workingTime(calendar, instantOf(from), instantOf(from + length)) === counted * HOUR;
    }),
  );
});

test('it adds up, in whatever order the instants come', () => {
  const near = fc
    .tuple(hour, fc.nat({ max: 900 }), fc.nat({ max: 900 }))
    .map(([a, b, c]) => [a, a + b, a + c] as const);
  fc.assert(
    fc.property(near, ([a, b, c]) => {
      const between = (from: number, to: number): number => workingTime(calendar, instantOf(from), instantOf(to));
      return between(a, b) + between(b, c) === between(a, c) && between(b, a) === 0 - between(a, b);
    }),
  );
});
