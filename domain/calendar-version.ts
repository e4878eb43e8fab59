import { type Calendar, isNewYearsEdge, isWorkingDay, slice } from './calendar.ts';
import { yearOf } from './civil-date.ts';
import { daysOff, type Notice } from './holiday-notice.ts';

/** A day that counts differently in another version of the calendar. */
export interface ChangedDay {
  readonly date: string;
  /** Whether it counts as a working day in the later version. */
  readonly works: boolean;
}

/**
 * The next version of a calendar: the year of the notice becomes official, and what was assumed of it, or what an earlier
 * notice of the same year said, gives way. The last days of a December belong to the notice of the year that follows.
 */
export function withNotice(calendar: Calendar, notice: Notice): Calendar {
  const { year } = notice;
  const off = daysOff(notice);
  const named = new Set([...off, ...notice.workdays]);
  const stays = (date: string): boolean => !named.has(date) && !isReplaced(calendar, year, date);
  return {
    version: calendar.version + 1,
    official: [...new Set([...calendar.official, year])].toSorted((a, b) => a - b),
    provisional: calendar.provisional.filter((other) => other !== year),
    holidays: [...calendar.holidays.filter(stays), ...off].toSorted(),
    workdays: [...calendar.workdays.filter(stays), ...notice.workdays].toSorted(),
  };
}

function isReplaced({ official }: Calendar, year: number, date: string): boolean {
  if (yearOf(date) === year) return !(isNewYearsEdge(date) && official.includes(year + 1));
  return yearOf(date) === year - 1 && isNewYearsEdge(date) && official.includes(year);
}

/** The days that count differently, in order. Dates that neither version names count alike in every version. */
export function changedDays(before: Calendar, after: Calendar): ChangedDay[] {
  const named = [before, after].flatMap(({ holidays, workdays }) => [...holidays, ...workdays]);
  return [...new Set(named)]
    .toSorted()
    .map((date) => ({ date, works: isWorkingDay(after, date) }))
    .filter(({ date, works }) => isWorkingDay(before, date) !== works);
}

/** Whether the notice says nothing that the calendar does not have already, as official. */
export function alreadySays(calendar: Calendar, notice: Notice): boolean {
  return calendar.official.includes(notice.year) && changedDays(calendar, withNotice(calendar, notice)).length === 0;
}

/**
 * The part of a calendar that a case carries: from the year before the first day that its clocks reach back to, which is
 * mostly the one on which it was opened, to four years after today.
 */
export function calendarForCase(calendar: Calendar, firstDay: string, today: string): Calendar {
  return slice(calendar, yearOf(firstDay) - 1, yearOf(today) + 4);
}
