import { join } from 'node:path';
import fc from 'fast-check';
import {
  addWorkingDays,
  dateIn,
  endOfDay,
  isWorkingDay,
  slice,
  standingOf,
  workingDaysBetween,
} from '../../domain/calendar.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { addDays, dateOfDayNumber, dayNumber, epochMilliseconds, isDate, weekday } from '../../domain/civil-date.ts';
import { projectRoot } from '../../config.ts';
import { firstCalendar, statutoryDays } from '../../seed/calendar.ts';

let calendar: Calendar;

beforeAll(async () => {
  calendar = await firstCalendar(join(projectRoot, 'data'));
});

const anyDay = fc.integer({ min: dayNumber('1600-01-01'), max: dayNumber('2400-12-31') });
const date = fc
  .integer({ min: dayNumber('2004-02-01'), max: dayNumber('2036-11-01') })
  .map((day) => dateOfDayNumber(day));

describe('civil dates', () => {
  test('a day’s number, date and weekday are what Date says of it', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const expected = new Date(day * 86_400_000);
        const text = expected.toISOString().slice(0, 10);
        return dateOfDayNumber(day) === text && dayNumber(text) === day && weekday(text) % 7 === expected.getUTCDay();
      }),
    );
  });

  test('the date in Shanghai at an instant is what the time zone database says of it, whatever the offset it is written in', () => {
    const shanghai = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
    const instant = fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (time, offset) => {
        const local = new Date(time + offset * 60_000).toISOString().slice(0, -1);
        const pad = (part: number): string => String(Math.trunc(Math.abs(part))).padStart(2, '0');
        const written = `${local}${offset < 0 ? '-' : '+'}${pad(offset / 60)}:${pad(offset % 60)}`;
        return dateIn(written) === shanghai.format(time) && epochMilliseconds(written) === time;
      }),
    );
  });

  test.each([
    ['2026-02-28T15:59:59.999Z', '2026-02-28'],
    ['2026-02-28T16:00:00Z', '2026-03-01'],
    ['2028-02-28T16:00:00Z', '2028-02-29'],
    ['2026-12-31T16:00:00.000Z', '2027-01-01'],
    ['2026-03-01T00:00:00+08:00', '2026-03-01'],
  ])('%s is on %s in Shanghai', (instant, expected) => {
    expect(dateIn(instant)).toBe(expected);
  });

  test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1', '', '2026-00-10', '2026-01-01T00:00:00Z'])(
    '%j is no date',
    (text) => {
      expect(isDate(text)).toBe(false);
      expect(() => endOfDay(text)).toThrow(RangeError);
    },
  );

  test.each(['2026-01-01', '2026-01-01T00:00:00', '2026-01-01T24:00:00Z', '2026-02-30T00:00:00Z', 'now'])(
    '%j is no instant',
    (text) => {
      expect(() => dateIn(text)).toThrow(RangeError);
    },
  );

  test('a due date ends with its last millisecond in Shanghai', () => {
    fc.assert(fc.property(date, (day) => dateIn(endOfDay(day)) === day));
    expect(epochMilliseconds(endOfDay('2026-11-25')) + 1).toBe(Date.UTC(2026, 10, 25, 16));
  });
});

describe('working days by the notices', () => {
  test.each([
    ['2026-02-14', true, 'a Saturday worked for the Spring Festival'],
    ['2026-02-16', false, 'the eve of the Spring Festival'],
    ['2026-02-24', true, 'the first day after it'],
    ['2025-10-08', false, 'the last of the eight days of October 2025'],
    ['2025-10-11', true, 'a Saturday worked for them'],
    ['2020-01-31', false, 'a day added in the epidemic'],
    ['2026-10-10', true, 'a Saturday worked for National Day'],
    ['2026-11-25', true, 'an ordinary Wednesday'],
    ['2026-11-28', false, 'an ordinary Saturday'],
  ])('%s: %s, %s', (day, works) => {
    expect(isWorkingDay(calendar, day)).toBe(works);
  });

  test.each([
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-09-24', 10, '2026-10-15'],
    ['2026-09-24', 20, '2026-10-29'],
    ['2026-02-16', 10, '2026-03-06'],
    ['2026-11-25', 0, '2026-11-25'],
    ['2026-02-24', -1, '2026-02-14'],
  ])('received on %s, %i working days end on %s', (from, count, due) => {
    expect(addWorkingDays(calendar, from, count)).toBe(due);
  });

  test('adding and counting working days undo each other, and a due date is a working day', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const due = addWorkingDays(calendar, from, count);
        return (
          isWorkingDay(calendar, due) &&
          workingDaysBetween(calendar, from, due) === count &&
          workingDaysBetween(calendar, due, from) === -count
        );
      }),
    );
  });

  test('working days add up, and a longer limit is never due earlier', () => {
    const count = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(date, count, count, (from, first, second) => {
        const both = addWorkingDays(calendar, from, first + second);
        return addWorkingDays(calendar, addWorkingDays(calendar, from, first), second) === both && both >= from;
      }),
    );
  });

  test('a part of the calendar that covers a limit gives the same due date as the whole', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 40 }), (from, count) => {
        const year = Number(from.slice(0, 4));
        const part = slice(calendar, year, year + 1);
        return addWorkingDays(part, from, count) === addWorkingDays(calendar, from, count);
      }),
    );
    expect(slice(calendar, 2026, 2027)).toMatchObject({ version: 1, official: [2026], provisional: [2027] });
  });

  test('a limit that is no whole number is refused', () => {
    expect(() => addWorkingDays(calendar, '2026-11-25', 1.5)).toThrow(RangeError);
  });
});

describe('years without a notice', () => {
  test('2027 has its 13 statutory days, with the lunar feasts where they fall', () => {
    expect(statutoryDays(2027)).toEqual(
      '2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-05-01 2027-05-02 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03'.split(
        ' ',
      ),
    );
  });

  test('the statutory days of 2025 and 2026 are days off in the notices', () => {
    for (const day of [...statutoryDays(2025), ...statutoryDays(2026)]) {
      expect([day, calendar.holidays.includes(day)]).toEqual([day, true]);
    }
  });

  test('a date says how far it can be relied on', () => {
    const days = ['2026-12-31', '2027-01-01', '2037-01-01', '2003-12-31'];
    expect(days.map((day) => standingOf(calendar, day))).toEqual(['official', 'provisional', 'unknown', 'unknown']);
  });

  test('no day off of a provisional year is made up for', () => {
    expect(calendar.workdays.filter((day) => day >= '2027')).toEqual([]);
    expect(isWorkingDay(calendar, addDays('2027-02-08', 1))).toBe(true);
  });
});
