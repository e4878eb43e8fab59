import { addDays, weekday } from './civil-date.ts';
import type { Fault } from './language.ts';
import { faultAt, isNoticeDate, type NoticeReading, type Place } from './holiday-notice.ts';

/**
 * Reads the notice as the State Council General Office publishes it (国务院办公厅关于…年部分节假日安排的通知): a heading for
 * each holiday, then sentences of days off (…放假…，共…天) and of days worked (…上班). Line breaks may fall anywhere, and marks
 * and digits may be of full or half width, as they come out of web pages and word processors. A sentence that speaks of days off
 * or worked and is not understood to its end is a fault: nothing is guessed.
 */
export function readNoticeText(raw: string): NoticeReading {
  const text = compact(raw);
  const { year, yearAt, faults } = yearOfText(text);
  const headings = [...text.chars.matchAll(HEADING)];
  const holidays: { name: string; days: string[]; at: Place }[] = [];
  const makeUpDays: { date: string; at: Place }[] = [];
  const remarks: Fault[] = [];
  if (headings.length === 0) faults.push(faultAt(place(text, 0), 'NoHolidays'));
  for (const [index, heading] of headings.entries()) {
    const [whole, name = ''] = heading;
    const holiday = { name, days: [] as string[], at: place(text, heading.index) };
    const from = heading.index + whole.length;
    const body = text.chars.slice(from, headings[index + 1]?.index);
    for (const found of body.matchAll(SENTENCE)) {
      const sentence = { text: found[0], at: place(text, from + found.index) };
      const read = readSentence(sentence, { year: year ?? SOME_LEAP_YEAR, isNewYear: /元旦|新年/.test(name) });
      holiday.days.push(...(read.off ?? []));
      makeUpDays.push(...(read.worked ?? []).map((date) => ({ date, at: sentence.at })));
      // Of a text without a year nothing is known but how it is written.
      faults.push(...read.faults.filter(({ code }) => year !== undefined || code === 'SentenceUnread'));
      remarks.push(...read.remarks);
    }
    holidays.push(holiday);
  }
  return { year, yearAt, holidays, makeUpDays, faults, remarks };
}

const DATE = '(?:\\d{4}年)?(?:\\d{1,2}月)?\\d{1,2}日(?:（[^）]*）)?';
const SPAN = `${DATE}(?:[至到—–~～-]${DATE})?`;
const DAYS = `${SPAN}(?:[、和及]${SPAN})*`;
const HEADING = /[一二三四五六七八九十]+、([^，。：；（）\d]{2,20})：/g;
/** Up to a full stop, a semicolon, or a comma after which a date begins another clause. */
const SENTENCE = new RegExp(`(?:（[^）。]*）?|[^（。；，]|，(?!${DATE}))+`, 'g');
const OFF = new RegExp(
  `^(${DAYS})放假(?:调休|公休)?(?:\\d{1,2}天)?(?:，?共\\d{1,2}天|，不调休|，与(?:前后|前|后)?周末连休)*$`,
);
const WORKED = new RegExp(`^(${DAYS})(?:均|都)?(?:正常|照常)?上班$`);
const COUNT = /(?:共|放假(?:调休|公休)?)(\d{1,2})天/;
const PARTS = /(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（([^）]*)）)?/g;
const WEEKDAYS = '一二三四五六日';
const LONGEST_SPAN = 15;
const SOME_LEAP_YEAR = 2000;

interface Sentence {
  readonly text: string;
  readonly at: Place;
}

interface Surroundings {
  readonly year: number;
  readonly isNewYear: boolean;
}

interface SentenceRead {
  readonly off?: readonly string[];
  readonly worked?: readonly string[];
  readonly faults: readonly Fault[];
  readonly remarks: readonly Fault[];
}

function readSentence({ text, at }: Sentence, around: Surroundings): SentenceRead {
  const off = OFF.exec(text)?.[1];
  if (off !== undefined) {
    const { dates, faults } = readDays(off, at, around);
    const said = COUNT.exec(text)?.[1];
    const isWrong = said !== undefined && faults.length === 0 && Number(said) !== dates.length;
    const wrong = isWrong ? [faultAt(at, 'CountWrong', { said, is: dates.length })] : [];
    return { off: dates, faults: [...faults, ...wrong], remarks: [] };
  }
  const worked = WORKED.exec(text)?.[1];
  if (worked !== undefined) {
    const { dates, faults } = readDays(worked, at, around);
    return { worked: dates, faults, remarks: [] };
  }
  const hasDate = /\d日/.test(text);
  if (hasDate && /放假|上班/.test(text)) {
    return { faults: [faultAt(at, 'SentenceUnread', { text })], remarks: [] };
  }
  const isOfRest = hasDate && /[休假班]/.test(text);
  return { faults: [], remarks: isOfRest ? [faultAt(at, 'SentenceSkipped', { text })] : [] };
}

/** The dates of 1月31日至2月6日、2月9日: month and year carry on from the date before, within a sentence. */
function readDays(text: string, at: Place, { year, isNewYear }: Surroundings): { dates: string[]; faults: Fault[] } {
  const dates: string[] = [];
  const faults: Fault[] = [];
  let before: { readonly year: number; readonly month: number } | undefined;
  let start: string | undefined;
  for (const found of text.matchAll(PARTS)) {
    const [written, ownYear, ownMonth, day = '', note = ''] = found;
    const opensSpan = /[至到—–~～-]/.test(text[found.index + written.length] ?? '');
    const month = Number(ownMonth ?? before?.month ?? 0);
    const carried: number = before
      ? before.year + (isNewYear && month < before.month ? 1 : 0)
      : year - (isNewYear && month === 12 ? 1 : 0);
    before = { year: Number(ownYear ?? carried), month };
    const date = `${String(before.year).padStart(4, '0')}-${pad(month)}-${pad(Number(day))}`;
    if (!isNoticeDate(date)) {
      faults.push(faultAt(at, 'NoSuchDay', { text: written }));
      continue;
    }
    faults.push(...faultsOfWeekday({ date, note, at }));
    if (opensSpan) {
      start = date;
      continue;
    }
    const span = spanOf(start ?? date, date, at);
    dates.push(...span.dates);
    faults.push(...span.faults);
    start = undefined;
  }
  return { dates, faults };
}

function faultsOfWeekday({ date, note, at }: { date: string; note: string; at: Place }): Fault[] {
  const said = /(?:星期|周|礼拜)([一二三四五六日天])/.exec(note)?.[1]?.replace('天', '日');
  const is = WEEKDAYS[weekday(date) - 1] ?? '';
  return said === undefined || said === is ? [] : [faultAt(at, 'WeekdayWrong', { date, said, is })];
}

/** Every day from one date to another. A span of more than half a month is a slip of the pen, not a holiday. */
export function spanOf(from: string, to: string, at: Place): { dates: string[]; faults: Fault[] } {
  if (to < from) return { dates: [], faults: [faultAt(at, 'RangeBackwards', { from, to })] };
  const dates = [from];
  for (let date = from; date < to;) {
    if (dates.length === LONGEST_SPAN) return { dates: [], faults: [faultAt(at, 'RangeTooLong', { from, to })] };
    date = addDays(date, 1);
    dates.push(date);
  }
  return { dates, faults: [] };
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}

/** A text without white space, each character with the line that it stands on. */
interface Compact {
  readonly chars: string;
  readonly lines: readonly number[];
}

const WIDE: Readonly<Record<string, string>> = {
  '(': '（',
  ')': '）',
  ':': '：',
  ',': '，',
  ';': '；',
  '．': '.',
  '｡': '。',
};

function compact(raw: string): Compact {
  let chars = '';
  const lines: number[] = [];
  for (const [index, line] of raw.split(/\r\n|\n|\r/).entries()) {
    for (const char of line.replaceAll(/[\s\u200b-\u200d\ufeff]/g, '').split('')) {
      chars += /[０-９]/.test(char) ? String.fromCharCode(char.charCodeAt(0) - 0xfee0) : (WIDE[char] ?? char);
      lines.push(index + 1);
    }
  }
  return { chars, lines };
}

function place({ lines }: Compact, index: number): Place {
  return { pointer: '/text', line: lines[index] ?? 1 };
}

function yearOfText(text: Compact): { year: number | undefined; yearAt: Place; faults: Fault[] } {
  const title = /关于(\d{4})年部分节假日安排的通知/.exec(text.chars);
  const opening = /现将(\d{4})年/.exec(text.chars);
  const found = title ?? opening;
  const yearAt = place(text, found?.index ?? 0);
  const isTold = title?.[1] !== undefined && opening?.[1] !== undefined && title[1] !== opening[1];
  const differ = isTold
    ? [faultAt(place(text, opening.index), 'YearsDiffer', { title: title[1] ?? '', text: opening[1] ?? '' })]
    : [];
  return { year: found?.[1] === undefined ? undefined : Number(found[1]), yearAt, faults: differ };
}

/** The number of the document as the text has it: 国办发明电〔2025〕7号. */
export function documentNumberIn(raw: string): string | undefined {
  return /国办发(?:明电)?[〔[（(]\d{4}[〕\])）]\d{1,3}号/.exec(raw.replaceAll(/\s/g, ''))?.[0];
}
