/** A day of a year as it is shown: `number` of the month; weekends and what the calendar says of it. */
export interface GridDay {
  readonly date: string;
  readonly number: number;
  readonly isWeekend: boolean;
  readonly kind?: 'holiday' | 'make-up';
}

export interface GridMonth {
  readonly month: number;
  /** Monday first; `undefined` before the first day and after the last. */
  readonly weeks: readonly (readonly (GridDay | undefined)[])[];
}

const WEEK = 7;

/** The twelve months of a year with what counts differently than the week says. */
export function monthsOf(year: number, days: ReadonlyMap<string, 'holiday' | 'make-up'>): GridMonth[] {
  return Array.from({ length: 12 }, (_, index) => {
    const month = index + 1;
    const first = new Date(Date.UTC(year, index, 1));
    const many = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const before = (first.getUTCDay() + 6) % WEEK;
    const cells: (GridDay | undefined)[] = Array.from({ length: before }, () => undefined);
    for (let number = 1; number <= many; number += 1) {
      const date = `${year}-${two(month)}-${two(number)}`;
      const kind = days.get(date);
      cells.push({ date, number, isWeekend: cells.length % WEEK >= 5, ...(kind ? { kind } : {}) });
    }
    while (cells.length % WEEK > 0) cells.push(undefined);
    return {
      month,
      weeks: Array.from({ length: cells.length / WEEK }, (__, week) => cells.slice(week * WEEK, week * WEEK + WEEK)),
    };
  });
}

/** Days that follow one another as spans of first and last. */
export function spansOf(dates: readonly string[]): { from: string; until: string }[] {
  const spans: { from: string; until: string }[] = [];
  for (const date of dates.toSorted()) {
    const last = spans.at(-1);
    if (last && nextDay(last.until) === date) last.until = date;
    else spans.push({ from: date, until: date });
  }
  return spans;
}

function nextDay(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Holidays on a fixed day of the year, and those of the lunar calendar by its month and day. */
const FIXED: Readonly<Record<string, string>> = {
  '01-01': 'new-year',
  '04-04': 'qingming',
  '04-05': 'qingming',
  '05-01': 'labour',
  '10-01': 'national',
};
const LUNAR: Readonly<Record<string, string>> = { '1-1': 'spring', '5-5': 'dragon-boat', '8-15': 'mid-autumn' };
const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });

/** Which holidays fall within a span of days off, by the ids of their words. */
export function holidaysWithin({ from, until }: { readonly from: string; readonly until: string }): string[] {
  const found: string[] = [];
  for (let date = from; date <= until; date = nextDay(date)) {
    const parts = lunar.formatToParts(new Date(`${date}T00:00:00Z`));
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
    const name = FIXED[date.slice(5)] ?? '';
    const feast = LUNAR[`${part('month')}-${part('day')}`] ?? '';
    found.push(...[name, feast].filter((one) => one !== ''));
  }
  return [...new Set(found)];
}
