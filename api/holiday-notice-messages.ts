import type { NoticeFaultCode, NoticeRemarkCode } from '../domain/holiday-notice.ts';

/** What is wrong with a notice of holidays, in Chinese and English. `{name}` stands for a parameter of the fault. */
export const NOTICE_MESSAGES: Readonly<Record<NoticeFaultCode | NoticeRemarkCode, readonly [zh: string, en: string]>> =
  {
    YearUnknown: ['看不出是哪一年的通知', 'It does not say which year it is for'],
    YearsDiffer: ['标题写{title}年，正文写{text}年', 'The title says {title}, the text {text}'],
    YearNotInCalendar: ['工作日历未列{year}年', 'The calendar does not reach the year {year}'],
    NoHolidays: ['没有列出任何节日', 'No holiday is listed'],
    HolidayWithoutDays: ['“{name}”没有放假日期', 'The holiday “{name}” has no days off'],
    HolidayMissing: ['缺少{name}', 'The holiday “{name}” is missing'],
    SentenceUnread: ['未能读懂：{text}', 'Not understood: “{text}”'],
    NoSuchDate: ['没有这一天：{date}', 'No such date: {date}'],
    NoSuchDay: ['没有这一天：{text}', 'No such day: {text}'],
    WeekdayWrong: [
      '{date}是星期{is}，不是星期{said}',
      '{date} is another day of the week ({is}) than it says ({said})',
    ],
    CountWrong: ['写共{said}天，实为{is}天', 'It says {said} days and lists {is}'],
    RangeBackwards: ['起止颠倒：{from}至{to}', 'It ends before it begins: {from} to {to}'],
    RangeTooLong: ['一段假期超过15天：{from}至{to}', 'More than 15 days at once: {from} to {to}'],
    OutsideYear: ['{date}不属于{year}年的安排', '{date} does not belong to {year}'],
    DayOffTwice: ['{date}在两处放假', '{date} is off twice'],
    OffAndWorked: ['{date}既放假又上班', '{date} is both off and worked'],
    WorkedTwice: ['{date}两次列为上班', '{date} is listed as worked twice'],
    MakeUpNotWeekend: ['补班日{date}不是周末', 'The make-up day {date} is not a weekend day'],
    StatutoryDayNotOff: ['法定节假日{date}没有放假', 'The statutory holiday {date} is not off'],
    OneFormOnly: ['text、csv、notice 只能给出一项', 'Give one of text, csv and notice'],
    HeaderWrong: ['表头缺少列：{missing}', 'The header lacks the columns {missing}'],
    RowMalformed: ['此行有{cells}列，表头有{expected}列', 'The row has {cells} cells, the header {expected}'],
    KindUnknown: ['类别应为 holiday 或 make-up：{kind}', 'The kind is holiday or make-up, not “{kind}”'],
    SentenceSkipped: ['未计入：{text}', 'Not taken into account: {text}'],
    DaysNotBalanced: [
      '放假工作日减补班日为{days}天，法定为{expected}天，请核对',
      'Weekdays off less make-up days are {days}, by statute {expected}: please check',
    ],
    YearOfficialAlready: ['{year}年已有正式安排，此次为更正', 'The year {year} is official already: this corrects it'],
  };
