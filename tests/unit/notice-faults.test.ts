import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { Fault } from '../../domain/language.ts';
import {
  checkNotice,
  NOTICE_FAULT_CODES,
  NOTICE_REMARK_CODES,
  type NoticeReading,
} from '../../domain/holiday-notice.ts';
import { readNoticeCsv, readNoticeForm } from '../../domain/holiday-notice-form.ts';
import { readNoticeText } from '../../domain/holiday-notice-text.ts';
import { messageOf } from '../../api/fault-messages.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { FORM_OF_2027, NOTICE_OF_2027 } from '../support/notices.ts';

let calendar: Calendar;

beforeAll(async () => {
  calendar = await firstCalendar(join(projectRoot, 'data'));
});

function faultsOf(reading: NoticeReading): readonly Fault[] {
  const checked = checkNotice(reading, calendar);
  return 'faults' in checked ? checked.faults : [];
}

/** The faults of the notice of 2027 with some of its words replaced, as `code line`. */
function altered(...changes: readonly (readonly [string, string])[]): string[] {
  let text = NOTICE_OF_2027;
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(from);
    text = text.replace(from, to);
  }
  return faultsOf(readNoticeText(text)).map(({ code, params }) => `${code} ${params?.['line']}`);
}

test('a sound notice has no faults, as text, as a form and as a table', () => {
  expect(faultsOf(readNoticeText(NOTICE_OF_2027))).toEqual([]);
  expect(faultsOf(readNoticeForm(FORM_OF_2027))).toEqual([]);
  expect(faultsOf(readNoticeCsv(csvOf2027()))).toEqual([]);
  const notices = [readNoticeText(NOTICE_OF_2027), readNoticeForm(FORM_OF_2027), readNoticeCsv(csvOf2027())].map(
    (reading) => checkNotice(reading, calendar),
  );
  expect(notices[1]).toEqual(notices[0]);
  expect(notices[2]).toEqual(notices[0]);
});

function csvOf2027(): string {
  const checked = checkNotice(readNoticeForm(FORM_OF_2027), calendar);
  if ('faults' in checked) throw new Error('The form of 2027 was found to be faulty');
  const { holidays, workdays } = checked.notice;
  const rows = [
    ...holidays.flatMap(({ name, days }) => days.map((day) => `${day},holiday,${name}`)),
    ...workdays.map((day) => `${day},make-up,`),
  ];
  return `\ufeffdate,kind,name\r\n${rows.join('\r\n')}\r\n`;
}

test.each([
  ['a weekday that does not fit its date', ['2月14日（周日）', '2月14日（周六）'], 'WeekdayWrong 5'],
  ['days that do not add up', ['1月2日（周六）放假调休，共3天', '1月2日（周六）放假调休，共4天'], 'CountWrong 4'],
  ['a make-up day that is none of a weekend', ['2月20日（周六）', '2月19日'], 'MakeUpNotWeekend 5'],
  ['a day worked and off', ['2月14日（周日）', '2月6日'], 'OffAndWorked 5'],
  ['a day worked twice', ['10月9日（周六）', '5月8日'], 'WorkedTwice 10'],
  ['a day of another year', ['9月26日', '2028年9月24日（周日）、9月26日'], 'OutsideYear 10'],
  ['a holiday within another', ['6月9日（周三）放假1天，不调休', '5月5日放假'], 'DayOffTwice 8'],
  ['a day that does not exist', ['6月9日（周三）', '6月31日'], 'NoSuchDay 8'],
  ['a span that ends before it begins', ['4月3日（周六）至5日', '4月5日至3日'], 'RangeBackwards 6'],
  ['a span of months', ['4月3日（周六）至5日（周一）放假，共3天', '4月3日至6月5日放假'], 'RangeTooLong 6'],
  ['a sentence that is not understood', ['9月15日（周三）放假1天，不调休', '9月15日下午放假半天'], 'SentenceUnread 9'],
  [
    'a make-up day that is not understood',
    ['5月8日（周六）上班', '5月8日（周六）上班，5月15日半天上班'],
    'SentenceUnread 7',
  ],
  ['a missing holiday', ['五、端午节', '五、重阳节'], 'HolidayMissing 1'],
  ['a statutory day that is not off', ['9月15日（周三）', '9月14日（周二）'], 'StatutoryDayNotOff 1'],
  ['two years', ['现将2027年', '现将2028年'], 'YearsDiffer 3'],
  ['a year that the calendar does not reach', ['关于2027年部分', '关于2097年部分'], 'YearNotInCalendar 1'],
] as const)('%s is told with its line', (_, change, expected) => {
  expect(altered(change as readonly [string, string])).toContain(expected);
});

test('a notice without a year, without holidays, and with a holiday without days says so', () => {
  expect(altered(['关于2027年部分', '关于部分'], ['现将2027年', '现将'])).toEqual(['YearUnknown 1']);
  expect(
    altered(['关于2027年部分', '关于部分'], ['现将2027年', '现将'], ['9月15日（周三）放假', '9月15日下午放假']),
  ).toEqual(['SentenceUnread 9', 'YearUnknown 1']);
  expect(faultsOf(readNoticeText('关于2027年部分节假日安排的通知')).map(({ code }) => code)).toContain('NoHolidays');
  expect(altered(['6月9日（周三）放假1天，不调休', '另行通知'])).toContain('HolidayWithoutDays 8');
});

test('a statutory day on a weekend is off unless the notice has it worked', () => {
  const labourDay = '5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班';
  expect(altered([labourDay, '5月3日至5日放假，共3天。5月8日（周六）上班'])).toEqual([]);
  expect(altered([labourDay, '5月3日至5日放假，共3天。5月2日（周日）上班'])).toEqual(['StatutoryDayNotOff 1']);
});

test('all faults are told at once', () => {
  const faults = altered(['2月14日（周日）', '2月14日（周六）'], ['共5天', '共6天'], ['9月26日（周日）', '9月27日']);
  expect(faults).toEqual(['WeekdayWrong 5', 'CountWrong 7', 'MakeUpNotWeekend 10']);
});

test('faults of a form point to the member, faults of a table name the line', () => {
  const { holidays } = FORM_OF_2027;
  const form = {
    ...FORM_OF_2027,
    holidays: [{ name: '元旦', from: '2027-02-30', to: '2027-01-02' }, ...holidays.slice(1)],
    makeUpDays: ['0000-01-01', '2027-02-15'],
  };
  expect(faultsOf(readNoticeForm(form)).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
    '/notice/holidays/0/from NoSuchDate',
    '/notice/makeUpDays/0 NoSuchDate',
    '/notice/holidays/0 HolidayWithoutDays',
    '/notice/makeUpDays/1 MakeUpNotWeekend',
    '/notice/year StatutoryDayNotOff',
  ]);
  const csv = 'date,kind,name\n2027-13-01,holiday,元旦\n2027-01-01,feast,元旦\n2027-01-01,holiday\n';
  expect(faultsOf(readNoticeCsv(csv)).map(({ code, params }) => `${code} ${params?.['line'] ?? ''}`)).toEqual([
    'NoSuchDate 2',
    'KindUnknown 3',
    'RowMalformed 4',
    'NoHolidays ',
    'YearUnknown ',
  ]);
  expect(faultsOf(readNoticeCsv('day,kind\n')).map(({ code }) => code)).toEqual(['HeaderWrong', 'YearUnknown']);
});

test('a notice that gives other than the statutory days is taken, and pointed out', () => {
  const text = NOTICE_OF_2027.replace('、2月20日（周六）上班', '上班');
  const checked = checkNotice(readNoticeText(text), calendar);
  expect(checked).toMatchObject({ remarks: [{ code: 'DaysNotBalanced', params: { days: 14, expected: 13 } }] });
});

test('every fault and remark has a sentence in Chinese and one in English', () => {
  for (const code of [...NOTICE_FAULT_CODES, ...NOTICE_REMARK_CODES]) {
    const fault = { pointer: '/text', code, params: { line: 7 } };
    expect(messageOf(fault, 'zh')).toMatch(/^第7行：.*\p{Script=Han}/u);
    expect(messageOf(fault, 'en')).toMatch(/^line 7: [^\p{Script=Han}]+$/u);
  }
});
