import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { isWorkingDay } from '../../domain/calendar.ts';
import { withNotice } from '../../domain/calendar-version.ts';
import { addDays, weekday } from '../../domain/civil-date.ts';
import { checkNotice, type Notice } from '../../domain/holiday-notice.ts';
import { documentNumberIn, readNoticeText } from '../../domain/holiday-notice-text.ts';
import { firstCalendar, statutoryDays } from '../../seed/calendar.ts';
import { NOTICE_OF_2027, NOTICES } from '../support/notices.ts';

let calendar: Calendar;

beforeAll(async () => {
  calendar = await firstCalendar(join(projectRoot, 'data'));
});

function noticeIn(text: string, within = calendar): Notice {
  const checked = checkNotice(readNoticeText(text), within);
  if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
  return checked.notice;
}

/** The calendar as it was before the notice of a year: that year provisional, its New Year’s days of the December before gone. */
function before(year: number): Calendar {
  const isOthers = (date: string): boolean =>
    !date.startsWith(`${year}-`) && !(date > `${year - 1}-12-24` && date < `${year}-01-01`);
  return {
    ...calendar,
    official: calendar.official.filter((one) => one !== year),
    provisional: [year, ...calendar.provisional],
    holidays: [...calendar.holidays.filter(isOthers), ...(year < 2025 ? [] : statutoryDays(year))].toSorted(),
    workdays: calendar.workdays.filter(isOthers),
  };
}

/** The working days of holiday-calendar, from the December before a year to its November. */
async function worksByOtherSource(year: number): Promise<(date: string) => boolean> {
  const kinds = new Map<string, string>();
  for (const one of [year - 1, year]) {
    const file = join(projectRoot, 'node_modules/holiday-calendar/data/CN', `${one}.json`);
    const { dates } = JSON.parse(await readFile(file, 'utf8')) as { dates: { date: string; type: string }[] };
    for (const { date, type } of dates) kinds.set(date, type);
  }
  return (date) => {
    const kind = kinds.get(date);
    return kind === undefined ? weekday(date) <= 5 : kind === 'transfer_workday';
  };
}

test.each(Object.keys(NOTICES).map(Number))(
  'the notice of %i, read from its text, makes the year that both sources of holidays have',
  async (year) => {
    const provisional = before(year);
    const read = withNotice(provisional, noticeIn(NOTICES[year] ?? '', provisional));
    const other = await worksByOtherSource(year);
    const wrong: string[] = [];
    for (let date = `${year - 1}-12-01`; date <= `${year}-12-01`; date = addDays(date, 1)) {
      const works = isWorkingDay(read, date);
      if (works !== isWorkingDay(calendar, date) || works !== other(date)) wrong.push(date);
    }
    expect(wrong).toEqual([]);
    expect(read.official).toContain(year);
  },
);

test('a New Year that is made up for in the December before belongs to the notice of the new year', () => {
  const { year, holidays, workdays } = noticeIn(NOTICE_OF_2027);
  expect([year, holidays[0], workdays[0]]).toEqual([
    2027,
    { name: '元旦', days: ['2026-12-31', '2027-01-01', '2027-01-02'] },
    '2026-12-27',
  ]);
  const unsaid = NOTICE_OF_2027.replace('2026年12月31日（周四）至2027年1月2日', '12月31日（周四）至1月2日').replace(
    '2026年12月27日',
    '12月27日',
  );
  expect(noticeIn(unsaid)).toEqual(noticeIn(NOTICE_OF_2027));
});

test('marks of half width, full digits, spaces and line breaks anywhere change nothing', () => {
  const characters = NOTICE_OF_2027.split('');
  const pieces = fc.array(fc.constantFrom('', '', '', '\n', ' ', '　', '\u200b', '\r\n'), {
    minLength: characters.length,
    maxLength: characters.length,
  });
  const half: Readonly<Record<string, string>> = { '（': '(', '）': ')', '：': ':', '，': ',' };
  fc.assert(
    fc.property(pieces, fc.boolean(), fc.boolean(), (between, isHalf, isWide) => {
      const text = characters
        .map((char, index) => {
          const wide = isWide && /\d/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char;
          return (isHalf ? (half[wide] ?? wide) : wide) + (between[index] ?? '');
        })
        .join('');
      expect(noticeIn(text)).toEqual(noticeIn(NOTICE_OF_2027));
    }),
    { numRuns: 50 },
  );
});

test('whatever is handed in, the answer is faults or a notice, never an exception', () => {
  const words = [
    '一、元旦：',
    '1月1日',
    '至',
    '2月30日',
    '（周四）',
    '放假',
    '上班',
    '，共3天',
    '。',
    '、',
    '\n',
    '0000年',
    '9999年12月31日',
    '关于2027年部分节假日安排的通知',
    '（',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...words)).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (raw) => {
      const checked = checkNotice(readNoticeText(raw), calendar);
      return 'faults' in checked ? checked.faults.length > 0 : checked.notice.holidays.length > 0;
    }),
    { numRuns: 500 },
  );
});

test('days that the notice only recommends to take off stay working days, and are pointed out', () => {
  const checked = checkNotice(readNoticeText(NOTICES[2024] ?? ''), calendar);
  if ('faults' in checked) throw new Error('The notice of 2024 was found to be faulty');
  expect(checked.remarks).toEqual([
    {
      pointer: '/text',
      code: 'SentenceSkipped',
      params: { text: expect.stringContaining('除夕（2月9日）休息'), line: 6 },
    },
    { pointer: '', code: 'YearOfficialAlready', params: { year: 2024 } },
  ]);
  expect(isWorkingDay(calendar, '2024-02-09')).toBe(true);
});

test('the number of the document is found where the text has it', () => {
  expect(documentNumberIn(NOTICES[2026] ?? '')).toBe('国办发明电〔2025〕7号');
  expect(documentNumberIn('一、元旦：1月1日放假。')).toBeUndefined();
});
