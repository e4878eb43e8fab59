import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import { addWorkingDays, type Calendar, workingDaysBetween } from '../../domain/calendar.ts';
import { changedDays, withNotice } from '../../domain/calendar-version.ts';
import type { ClockState } from '../../domain/case.ts';
import { dateOfDayNumber, dayNumber } from '../../domain/civil-date.ts';
import { recompute } from '../../domain/due-dates.ts';
import { checkNotice } from '../../domain/holiday-notice.ts';
import { readNoticeText } from '../../domain/holiday-notice-text.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { NOTICE_OF_2027 } from '../support/notices.ts';

let calendar: Calendar;
let next: Calendar;

beforeAll(async () => {
  calendar = await firstCalendar(join(projectRoot, 'data'));
  const checked = checkNotice(readNoticeText(NOTICE_OF_2027), calendar);
  if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
  next = withNotice(calendar, checked.notice);
});

describe('a clock under another version', () => {
  const clock = (changes: Partial<ClockState> = {}): ClockState => ({
    clock: 'reply',
    block: 'reply',
    limit: { legal: 10, onSupplement: 'restart' } as ClockState['limit'],
    startedOn: '2027-01-25',
    rawDueOn: addWorkingDays(calendar, '2027-01-25', 10),
    dueOn: addWorkingDays(calendar, '2027-01-25', 10),
    pausedFor: [],
    calendarVersion: 1,
    stopped: false,
    reminded: [],
    ...changes,
  });
  const calendars = () => ({ before: calendar, after: next, today: '2027-01-25' });

  test('is due as many working days after its day 0 as before', () => {
    const { before, after, isMoved, calendarVersion } = recompute(clock({ promisedOn: '2027-02-01' }), calendars());
    expect([before.dueOn, after.dueOn, isMoved, calendarVersion]).toEqual(['2027-02-10', '2027-02-15', true, 2]);
    expect(after.promisedOn).toBe('2027-02-01');
    expect(recompute(clock(), calendars()).isProvisional).toBe(false);
    expect(recompute(clock(), { ...calendars(), after: { ...calendar, version: 2 } })).toMatchObject({
      isMoved: false,
      isProvisional: true,
    });
  });

  test('keeps the length of a pause and of an extension', () => {
    const extended = clock({ dueOn: addWorkingDays(calendar, '2027-01-25', 27), extendedBy: 17 });
    expect(recompute(extended, calendars()).after.dueOn).toBe(addWorkingDays(next, '2027-01-25', 27));
  });

  test('that was paused on its way keeps the days that are left, counted from today', () => {
    const paused = clock({ dueOn: addWorkingDays(calendar, '2027-01-25', 14) });
    const today = '2027-02-01';
    const left = workingDaysBetween(calendar, today, paused.dueOn);
    expect(recompute(paused, { ...calendars(), today }).after.dueOn).toBe(addWorkingDays(next, today, left));
  });

  test('keeps its dates once it is stopped', () => {
    expect(recompute(clock({ stopped: true }), calendars())).toMatchObject({ isMoved: false, calendarVersion: 1 });
  });

  test('moves only if a day within its window changes, and back again under the version before', () => {
    const day = fc.integer({ min: dayNumber('2026-10-01'), max: dayNumber('2027-12-01') }).map(dateOfDayNumber);
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 40 }), (startedOn, count) => {
        const limit = { kind: 'reply', legal: count, onSupplement: 'restart' } as const;
        const running = clock({ startedOn, limit, dueOn: addWorkingDays(calendar, startedOn, count) });
        const there = recompute(running, calendars());
        const isTouched = changedDays(calendar, next).some(({ date }) => date > startedOn && date <= running.dueOn);
        const moved = { ...running, dueOn: there.after.dueOn };
        const back = recompute(moved, { ...calendars(), before: next, after: calendar });
        return (!there.isMoved || isTouched) && back.after.dueOn === running.dueOn;
      }),
    );
  });
});
