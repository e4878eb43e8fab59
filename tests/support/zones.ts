import { addWorkingDays, type Calendar, dateIn, endOfDay } from '../../domain/calendar.ts';
import { withNotice } from '../../domain/calendar-version.ts';
import { checkNotice } from '../../domain/holiday-notice.ts';
import { readNoticeText } from '../../domain/holiday-notice-text.ts';
import { NOTICE_OF_2027 } from './notices.ts';

/** Due dates of requests received around midnight in several zones, at the ends of months and years, by an imported notice. */
export function dueDatesOf(first: Calendar): readonly string[] {
  const checked = checkNotice(readNoticeText(NOTICE_OF_2027), first);
  if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
  const calendar = withNotice(first, checked.notice);
  const days = ['2026-12-31', '2027-01-01', '2027-02-28', '2027-03-31', '2027-12-31', '2028-02-29'];
  const times = ['00:00:00', '07:59:59.999', '08:00:00', '15:59:59.999', '16:00:00', '23:59:59.999'];
  const instants = days.flatMap((day) => times.map((time) => `${day}T${time}Z`));
  return instants.flatMap((instant) =>
    [1, 10, 20].map((count) => `${instant} ${count} ${endOfDay(addWorkingDays(calendar, dateIn(instant), count))}`),
  );
}
