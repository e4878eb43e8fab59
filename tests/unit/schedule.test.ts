import fc from 'fast-check';
import { leastGap, nextAfter, parseCron } from '../../domain/schedule/cron.ts';
import { checkSchedule, nextRun, scheduleOf } from '../../domain/schedule/schedule.ts';

function next(text: string, after: string): string | undefined {
  const cron = parseCron(text);
  if (!cron) throw new Error(`Not read: ${text}`);
  return nextAfter(cron, after)?.replace(':00.000+08:00', '').replace('T', ' ');
}

test.each([
  ['0 2 * * *', '2026-11-25T01:59:59.999+08:00', '2026-11-25 02:00'],
  ['0 2 * * *', '2026-11-25T02:00:00+08:00', '2026-11-26 02:00'],
  // 18:00 UTC is 02:00 of the next day in Shanghai.
  ['0 2 * * *', '2026-11-25T18:00:00Z', '2026-11-27 02:00'],
  ['*/20 8-10 * * *', '2026-11-25T08:20:00+08:00', '2026-11-25 08:40'],
  ['5/30 9 * * *', '2026-11-25T09:05:00+08:00', '2026-11-25 09:35'],
  ['30 2 * * mon-fri', '2026-11-27T12:00:00+08:00', '2026-11-30 02:30'],
  ['0 0 * * 7', '2026-11-25T00:00:00+08:00', '2026-11-29 00:00'],
  ['0 0 31 * *', '2026-11-25T00:00:00+08:00', '2026-12-31 00:00'],
  ['0 0 29 feb *', '2096-03-01T00:00:00+08:00', '2104-02-29 00:00'],
  ['59 23 31 12 *', '2026-12-31T23:59:00+08:00', '2027-12-31 23:59'],
  // Both days restricted: either of them, as in cron.
  ['0 3 1 * sun', '2026-11-25T00:00:00+08:00', '2026-11-29 03:00'],
  ['0 3 1 * sun', '2026-11-29T03:00:00+08:00', '2026-12-01 03:00'],
  ['0 3 */2 * mon', '2026-11-25T00:00:00+08:00', '2026-12-07 03:00'],
  ['0 4 1 JAN,Jul *', '2026-11-25T00:00:00+08:00', '2027-01-01 04:00'],
])('%s after %s is %s', (text, after, expected) => {
  expect(next(text, after)).toBe(expected);
});

test.each([
  '',
  '* * * *',
  '0 0 2 * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * 32 * *',
  '* * * 13 *',
  '* * * * 8',
  '*/0 * * * *',
  '5-1 * * * *',
  '1, * * * *',
  '-1 * * * *',
  'mon * * * *',
  '1.5 * * * *',
  '@daily',
  '0 2 * * mon#1',
  '0 2 L * *',
])('“%s” is no expression', (text) => {
  expect(parseCron(text)).toBeUndefined();
});

const field = (low: number, high: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: low, max: high }).map(String),
    fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
    fc
      .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
      .map(([a, b]) => (a <= b ? `${a}-${b}` : `${a},${b}`)),
  );

/** What an expression says of one minute, read anew and minute by minute. */
function holds(text: string, at: Date): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.split(' ');
  const fits = (field: string, value: number, low: number): boolean =>
    field.split(',').some((part) => {
      if (part === '*') return true;
      if (part.startsWith('*/')) return (value - low) % Number(part.slice(2)) === 0;
      const [from = 0, to = from] = part.split('-').map(Number);
      return value >= from && value <= to;
    });
  const isDay = fits(day, at.getUTCDate(), 1);
  const isWeekday = fits(weekday, at.getUTCDay(), 0);
  const either = !day.startsWith('*') && !weekday.startsWith('*');
  return (
    fits(minute, at.getUTCMinutes(), 0) &&
    fits(hour, at.getUTCHours(), 0) &&
    fits(month, at.getUTCMonth() + 1, 1) &&
    (either ? isDay || isWeekday : isDay && isWeekday)
  );
}

test('the next time is the first minute that the expression holds of', () => {
  const texts = fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), fc.constant('*'), field(0, 6))
    .map((fields) => fields.join(' '));
  const minutes = fc.integer({ min: 0, max: 3 * 365 * 1_440 });
  fc.assert(
    fc.property(texts, minutes, (text, offset) => {
      const start = Date.UTC(2026, 0, 1) + offset * 60_000;
      const found = next(text, `${new Date(start).toISOString().slice(0, 19)}+08:00`);
      let at = start + 60_000;
      while (!holds(text, new Date(at)) && at < start + 40 * 86_400_000) at += 60_000;
      if (at < start + 40 * 86_400_000) expect(found).toBe(new Date(at).toISOString().slice(0, 16).replace('T', ' '));
    }),
    { numRuns: 60 },
  );
});

test('runs are at least a quarter of an hour apart, over the turn of an hour as well', () => {
  const gap = (text: string): number | undefined => {
    const cron = parseCron(text);
    return cron && leastGap(cron);
  };
  expect(['* * * * *', '*/15 * * * *', '0,50 * * * *', '5 * * * *'].map(gap)).toEqual([1, 15, 10, 60]);
});

const daily = { mode: 'batch', cycle: 'daily' } as const;

test.each([
  [{ kind: 'cron', cron: 'tomorrow' }, daily, '/schedule/cron CronUnreadable'],
  [{ kind: 'cron', cron: '0 0 30 2 *' }, daily, '/schedule/cron CronNever'],
  [{ kind: 'cron', cron: '*/5 * * * *' }, daily, '/schedule/cron ScheduleTooDense'],
  [{ kind: 'after-update' }, { ...daily, cycle: 'irregular' }, '/schedule/kind NoUpdateCycle'],
  [{ kind: 'after-update' }, { ...daily, mode: 'service' }, '/schedule/kind ScheduleUnfit'],
  [{ kind: 'on-call' }, { ...daily, mode: 'service' }, undefined],
  [{ kind: 'after-update' }, daily, undefined],
  [{ kind: 'cron', cron: '*/15 * * * *' }, daily, undefined],
] as const)('%j is held against what it is for', (ask, scheduled, expected) => {
  const [fault] = checkSchedule(ask, scheduled);
  expect(fault && `${fault.pointer} ${fault.code}`).toBe(expected);
});

test('after an update comes in the small hours after the cycle is over; on call and a cycle without a time never', () => {
  const after = '2026-11-25T10:00:00+08:00';
  const runs = ['daily', 'weekly', 'monthly', 'quarterly', 'half-yearly', 'yearly', 'irregular', 'P2W'].map((cycle) =>
    nextRun(scheduleOf({ kind: 'after-update' }, cycle), after)?.slice(0, 16),
  );
  expect(runs).toEqual([
    '2026-11-26T02:00',
    '2026-11-30T02:00',
    '2026-12-01T02:00',
    '2027-01-01T02:00',
    '2027-01-01T02:00',
    '2027-01-01T02:00',
    undefined,
    undefined,
  ]);
  expect(nextRun({ kind: 'on-call' }, after)).toBeUndefined();
});
