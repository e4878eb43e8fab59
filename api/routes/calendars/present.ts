import { type Calendar, standingOf } from '../../../domain/calendar.ts';
import { changedDays, type ChangedDay, withNotice } from '../../../domain/calendar-version.ts';
import type { CalendarVersion } from '../../../store/calendars.ts';
import { messageOf } from '../../fault-messages.ts';
import type { Locale } from '../../problem.ts';
import { timeOf } from '../../time.ts';
import type { NoticeRead } from './read.ts';
import type { MovedDueDates } from './touched.ts';

export interface CalendarContext {
  readonly names: ReadonlyMap<string, string>;
  readonly mayImport: boolean;
}

export function presentCalendarSummary(row: CalendarVersion, { names, mayImport }: CalendarContext) {
  const { version, source, calendar, noticeYear, noticeDigest, importedBy, createdAt } = row;
  return {
    version,
    source,
    official: calendar.official,
    provisional: calendar.provisional,
    noticeYear,
    noticeDigest,
    importedBy: importedBy === null ? null : { id: importedBy, name: names.get(importedBy) ?? importedBy },
    createdAt: timeOf(createdAt),
    actions: mayImport ? [{ action: 'import' as const }] : [],
  };
}

/** A version in full; with a year, the days of that year only. */
export function presentCalendar(
  row: CalendarVersion,
  context: CalendarContext & { readonly changes: readonly ChangedDay[]; readonly year?: number | undefined },
) {
  const { holidays, workdays } = row.calendar;
  const prefix = context.year === undefined ? '' : `${context.year}-`;
  const days = [
    ...holidays.map((date) => ({ date, kind: 'holiday' as const })),
    ...workdays.map((date) => ({ date, kind: 'make-up' as const })),
  ]
    .filter(({ date }) => date.startsWith(prefix))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .map((day) => ({ ...day, standing: standingOf(row.calendar, day.date) }));
  return { ...presentCalendarSummary(row, context), days, changes: context.changes };
}

/** What an import of the notice would do to a calendar. */
export function presentPreview(
  { notice, remarks, source }: NoticeRead,
  { before, isNew, touched, locale }: { before: Calendar; isNew: boolean; touched: MovedDueDates; locale: Locale },
) {
  const { year, holidays, workdays } = notice;
  return {
    year,
    source,
    standing: standingOf(before, `${year}-01-01`),
    isNew,
    holidays,
    makeUpDays: workdays,
    changes: isNew ? changedDays(before, withNotice(before, notice)) : [],
    remarks: remarks.map((remark) => ({ code: remark.code, message: messageOf(remark, locale) })),
    cases: touched.cases,
    dueDates: { moved: touched.moved, first: touched.first },
  };
}
