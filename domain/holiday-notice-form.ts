import { addDays, yearOf } from './civil-date.ts';
import type { Fault } from './language.ts';
import { faultAt, isNoticeDate, type NoticeReading, type Place } from './holiday-notice.ts';
import { spanOf } from './holiday-notice-text.ts';

/** A notice as data. Dates are `YYYY-MM-DD`; a holiday of one day has the same date twice. */
export interface NoticeForm {
  readonly year: number;
  readonly holidays: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly makeUpDays: readonly string[];
}

/** Reads a notice that was entered as data; pointers begin at `/notice`. */
export function readNoticeForm(form: NoticeForm): NoticeReading {
  const faults: Fault[] = [];
  const known = (date: string, pointer: string): boolean => {
    if (isNoticeDate(date)) return true;
    faults.push(faultAt({ pointer }, 'NoSuchDate', { date }));
    return false;
  };
  const holidays = form.holidays.map(({ name, from, to }, index) => {
    const at: Place = { pointer: `/notice/holidays/${index}` };
    const areKnown = [known(from, `${at.pointer}/from`), known(to, `${at.pointer}/to`)].every(Boolean);
    const span = areKnown ? spanOf(from, to, at) : { dates: [], faults: [] };
    faults.push(...span.faults);
    return { name, days: span.dates, at };
  });
  const makeUpDays = form.makeUpDays
    .map((date, index) => ({ date, at: { pointer: `/notice/makeUpDays/${index}` } }))
    .filter(({ date, at }) => known(date, at.pointer));
  if (holidays.length === 0) faults.push(faultAt({ pointer: '/notice/holidays' }, 'NoHolidays'));
  return { year: form.year, yearAt: { pointer: '/notice/year' }, holidays, makeUpDays, faults, remarks: [] };
}

/**
 * Reads a notice from a table with the columns `date`, `kind` (`holiday` or `make-up`) and `name`, in any order, others
 * beside them. The year is that of the last date: what lies before it belongs to the New Year.
 */
export function readNoticeCsv(csv: string): NoticeReading {
  const [head = '', ...rows] = csv.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const columns = head.split(',').map((name) => name.trim());
  const faults: Fault[] = [];
  const holidays: { name: string; days: string[]; at: Place }[] = [];
  const makeUpDays: { date: string; at: Place }[] = [];
  const missing = ['date', 'kind', 'name'].filter((name) => !columns.includes(name));
  if (missing.length > 0)
    faults.push(faultAt({ pointer: '/csv', line: 1 }, 'HeaderWrong', { missing: missing.join(', ') }));
  for (const [index, row] of (missing.length > 0 ? [] : rows).entries()) {
    if (row.trim() === '') continue;
    const at: Place = { pointer: '/csv', line: index + 2 };
    const cells = row.split(',').map((cell) => cell.trim());
    const [date = '', kind = '', name = ''] = ['date', 'kind', 'name'].map(
      (column) => cells[columns.indexOf(column)] ?? '',
    );
    if (cells.length !== columns.length)
      faults.push(faultAt(at, 'RowMalformed', { cells: cells.length, expected: columns.length }));
    else if (!isNoticeDate(date)) faults.push(faultAt(at, 'NoSuchDate', { date }));
    else if (kind === 'make-up') makeUpDays.push({ date, at });
    else if (kind !== 'holiday') faults.push(faultAt(at, 'KindUnknown', { kind }));
    else addDay(holidays, { name, date, at });
  }
  if (missing.length === 0 && holidays.length === 0) faults.push(faultAt({ pointer: '/csv' }, 'NoHolidays'));
  const dates = [...holidays.flatMap(({ days }) => days), ...makeUpDays.map(({ date }) => date)];
  const year = dates.length === 0 ? undefined : Math.max(...dates.map(yearOf));
  return { year, yearAt: { pointer: '/csv' }, holidays, makeUpDays, faults, remarks: [] };
}

/** Days of one name that follow each other are one holiday. */
function addDay(
  holidays: { name: string; days: string[]; at: Place }[],
  { name, date, at }: { readonly name: string; readonly date: string; readonly at: Place },
): void {
  const last = holidays.at(-1);
  const follows = last?.name === name && last.days.at(-1) === addDays(date, -1);
  if (last && follows) last.days.push(date);
  else holidays.push({ name, days: [date], at });
}
