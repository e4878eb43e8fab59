import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import {
  addWorkingDays,
  type Calendar,
  isProvisional,
  isWorkingDay,
  workingDaysBetween,
} from '../../domain/calendar.ts';
import { alreadySays, calendarForCase, changedDays, withNotice } from '../../domain/calendar-version.ts';
import { addDays, dateOfDayNumber, dayNumber, weekday } from '../../domain/civil-date.ts';
import { checkNotice, daysOff, type Notice } from '../../domain/holiday-notice.ts';
import { readNoticeForm } from '../../domain/holiday-notice-form.ts';
import { readNoticeText } from '../../domain/holiday-notice-text.ts';
import { firstCalendar, statutoryDays } from '../../seed/calendar.ts';
import { FORM_OF_2027, NOTICE_OF_2027, NOTICES } from '../support/notices.ts';

let calendar: Calendar;
let notice: Notice;
let next: Calendar;

beforeAll(async () => {
  calendar = await firstCalendar(join(projectRoot, 'data'));
  notice = read(NOTICE_OF_2027);
  next = withNotice(calendar, notice);
});

function read(text: string): Notice {
  const checked = checkNotice(readNoticeText(text), calendar);
  if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
  return checked.notice;
}

describe('a new version', () => {
  test('makes the year official, takes the place of what was assumed of it, and touches no other year', () => {
    expect(next).toMatchObject({ version: 2, official: expect.arrayContaining([2027]) });
    expect(next.provisional).toEqual([2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036]);
    expect(next.holidays.filter((date) => date > '2026-12-24' && date < '2028')).toEqual(daysOff(notice));
    const others = (days: readonly string[]) => days.filter((date) => date < '2026-12-25' || date > '2028');
    expect(others(next.holidays)).toEqual(others(calendar.holidays));
    expect(others(next.workdays)).toEqual(others(calendar.workdays));
  });

  test('differs from the one before in the days that the notice moved, the statutory ones not among them', () => {
    const changed = changedDays(calendar, next);
    expect(changed[0]).toEqual({ date: '2026-12-27', works: true });
    expect(changed[1]).toEqual({ date: '2026-12-31', works: false });
    expect(changed.map(({ date }) => date)).not.toEqual(expect.arrayContaining(['2027-02-05']));
    expect(changed).toHaveLength(18);
    for (const { date, works } of changed) expect(isWorkingDay(next, date)).toBe(works);
  });

  test('said again changes nothing', () => {
    expect(alreadySays(calendar, notice)).toBe(false);
    expect(alreadySays(next, notice)).toBe(true);
    expect({ ...withNotice(next, notice), version: 2 }).toEqual(next);
    expect(alreadySays(calendar, read(NOTICES[2026] ?? ''))).toBe(true);
  });

  test('corrected, forgets what the first notice of the year said, in the December before as well', () => {
    const form = {
      ...FORM_OF_2027,
      holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-01' }, ...FORM_OF_2027.holidays.slice(1)],
      makeUpDays: FORM_OF_2027.makeUpDays.slice(1),
    };
    const checked = checkNotice(readNoticeForm(form), next);
    if ('faults' in checked) throw new Error('The correction was found to be faulty');
    const corrected = withNotice(next, checked.notice);
    expect(corrected.holidays.filter((date) => date.startsWith('2026-12'))).toEqual([]);
    expect(corrected.workdays.filter((date) => date.startsWith('2026-12'))).toEqual([]);
  });

  test('of a year leaves alone what the notice of the next year says of its December', () => {
    const again = withNotice(next, read(NOTICES[2026] ?? ''));
    expect(changedDays(next, again)).toEqual([]);
    expect(again.workdays).toContain('2026-12-27');
  });
});

test('a case that runs for years carries all of them, and some that are to come', () => {
  const carried = calendarForCase(next, '2024-11-25', '2027-01-04');
  expect([...carried.official, ...carried.provisional]).toEqual([2023, 2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031]);
});

describe('what may still move', () => {
  test.each([
    ['2026-11-25', '2026-12-23', false],
    ['2026-11-25', '2026-12-24', false],
    ['2026-11-25', '2026-12-25', true],
    ['2026-12-20', '2027-01-04', true],
    ['2027-03-01', '2027-03-15', true],
    ['2003-12-01', '2004-01-15', true],
    ['2025-12-20', '2026-01-15', false],
  ])('counted from %s to %s: %s', (from, to, expected) => {
    expect(isProvisional(calendar, from, to)).toBe(expected);
  });

  test('is settled by the notice of the year', () => {
    expect(isProvisional(next, '2026-11-25', '2027-12-24')).toBe(false);
    expect(isProvisional(next, '2026-11-25', '2027-12-28')).toBe(true);
  });

  test('nothing that is not provisional is moved by a notice of another year', () => {
    const day = fc.integer({ min: dayNumber('2026-06-01'), max: dayNumber('2027-12-31') }).map(dateOfDayNumber);
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 40 }), (from, count) => {
        const due = addWorkingDays(calendar, from, count);
        return isProvisional(calendar, from, due) || addWorkingDays(next, from, count) === due;
      }),
    );
  });
});

describe('arithmetic over any notice', () => {
  /** A calendar of 2026 to 2029 with random days off and weekend days worked, at the ends of months and years too. */
  const anyCalendar = fc
    .record({
      off: fc.uniqueArray(fc.integer({ min: 0, max: 1_460 }), { maxLength: 120 }),
      worked: fc.uniqueArray(fc.integer({ min: 0, max: 1_460 }), { maxLength: 60 }),
    })
    .map(({ off, worked }): Calendar => {
      const dates = (days: readonly number[]) => days.map((day) => addDays('2026-01-01', day)).toSorted();
      const workdays = dates(worked).filter((date) => weekday(date) > 5);
      return {
        version: 1,
        official: [2026, 2027, 2028, 2029],
        provisional: [],
        holidays: dates(off).filter((date) => !workdays.includes(date)),
        workdays,
      };
    });
  const edges = ['2026-01-31', '2026-02-28', '2026-12-31', '2027-01-01', '2028-02-28', '2028-02-29', '2028-12-30'];
  const from = fc.oneof(
    fc.constantFrom(...edges),
    fc.integer({ min: 0, max: 1_200 }).map((day) => addDays('2026-01-01', day)),
  );

  test('a due date is the working day that has exactly so many working days before it, day 0 not counted', () => {
    fc.assert(
      fc.property(anyCalendar, from, fc.integer({ min: 1, max: 60 }), (random, start, count) => {
        const due = addWorkingDays(random, start, count);
        let counted = 0;
        // Day by day through Date in UTC, as a second way of counting.
        for (let at = Date.parse(`${start}T00:00:00Z`) + 86_400_000; ; at += 86_400_000) {
          const day = new Date(at);
          const date = day.toISOString().slice(0, 10);
          const isWeekend = day.getUTCDay() % 6 === 0;
          if (isWeekend ? random.workdays.includes(date) : !random.holidays.includes(date)) counted += 1;
          if (counted === count) return due === date && workingDaysBetween(random, start, due) === count;
        }
      }),
    );
  });

  test('a make-up day brings a due date forward and a day off puts it back, never more than the days it moves over', () => {
    fc.assert(
      fc.property(anyCalendar, from, fc.integer({ min: 1, max: 30 }), (random, start, count) => {
        const due = addWorkingDays(random, start, count);
        const off = {
          ...random,
          holidays: [...random.holidays, due],
          workdays: random.workdays.filter((date) => date !== due),
        };
        const later = addWorkingDays(off, start, count);
        return later > due && later === addWorkingDays(random, due, 1);
      }),
    );
  });
});

test('lunar feasts of the provisional years are those of the calendar that ICU computes, but for two new moons at midnight', () => {
  const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', {
    timeZone: 'Asia/Shanghai',
    month: 'numeric',
    day: 'numeric',
  });
  const differing: string[] = [];
  for (const year of [2026, ...calendar.provisional]) {
    const on = (day: string): string => {
      let date = `${year}-01-15`;
      while (lunar.format(new Date(`${date}T12:00:00+08:00`)) !== day) date = addDays(date, 1);
      return date;
    };
    const feasts = [...[-1, 0, 1, 2].map((offset) => addDays(on('1/1'), offset)), on('5/5'), on('8/15')];
    const days = statutoryDays(year);
    differing.push(...feasts.filter((date) => !days.includes(date)));
    expect(days.filter((date) => date >= `${year}-04-04` && date <= `${year}-04-06`)).toHaveLength(1);
    // Mid-Autumn falls within National Day.
    expect(days).toHaveLength([2028, 2031].includes(year) ? 12 : 13);
  }
  // New moons at 23:56 on 2027-02-06 and at 00:07 on 2030-02-03 in Beijing, each of which ICU puts on the other side of midnight.
  expect(differing).toEqual(['2027-02-09', '2030-02-01']);
});
