import type { Calendar } from '../../domain/calendar.ts';
import type { CaseState, ClockState } from '../../domain/case.ts';
import { deadlineOf } from '../../domain/deadline.ts';

/** November 2026 has no holidays; Saturday the 28th is worked here, so that a make-up day is counted. */
const calendar: Calendar = {
  version: 7,
  official: [2026],
  provisional: [2027],
  holidays: ['2026-10-01', '2026-10-02'],
  workdays: ['2026-11-28'],
};

function clock(changes: Partial<ClockState> = {}): ClockState {
  return {
    clock: 'reply',
    block: 'provider',
    limit: { kind: 'reply', legal: 10, promise: 7, onSupplement: 'restart' },
    startedOn: '2026-11-13',
    rawDueOn: '2026-11-27',
    dueOn: '2026-11-27',
    promisedOn: '2026-11-24',
    pausedFor: [],
    calendarVersion: 7,
    stopped: false,
    reminded: [],
    ...changes,
  };
}

function at(today: string, ...clocks: ClockState[]) {
  const all = Object.fromEntries(clocks.map((one) => [one.clock, one]));
  return deadlineOf({ calendar, clocks: all } as unknown as CaseState, today);
}

test('days left are counted after today up to the due day, and the promise beside the law', () => {
  expect(at('2026-11-23', clock())).toMatchObject({
    day: 6,
    isDayOff: false,
    promise: { on: '2026-11-24', day: 7, standing: 'ahead', days: 1 },
    legal: { on: '2026-11-27', day: 10, standing: 'ahead', days: 4 },
    isProvisional: false,
  });
});

test('a limit holds through its last day', () => {
  expect(at('2026-11-24', clock())?.promise).toMatchObject({ standing: 'today', days: 0 });
  expect(at('2026-11-27', clock())).toMatchObject({
    promise: { standing: 'over', days: 3 },
    legal: { standing: 'today', days: 0 },
  });
});

test('what is over counts today, also where today is a Saturday that is worked', () => {
  expect(at('2026-11-28', clock())).toMatchObject({ day: 11, isDayOff: false, legal: { standing: 'over', days: 1 } });
  expect(at('2026-11-29', clock())).toMatchObject({ day: 11, isDayOff: true, legal: { standing: 'over', days: 1 } });
});

test('a limit of the law alone has no promise', () => {
  const { promisedOn: _, ...plain } = clock();
  expect(at('2026-11-23', plain)).not.toHaveProperty('promise');
});

test('of several limits the nearest that runs is told; one that stands still only where no other runs', () => {
  const paused = clock({ clock: 'reply', pausedFor: ['supplement'] });
  const delivery = clock({ clock: 'delivery', dueOn: '2026-12-11', rawDueOn: '2026-12-11' });
  expect(at('2026-11-23', paused, delivery)?.clock).toBe('delivery');
  expect(at('2026-11-23', paused)).toMatchObject({ clock: 'reply', pausedFor: ['supplement'] });
  expect(at('2026-11-23', clock({ clock: 'later', dueOn: '2026-12-01' }), clock())?.clock).toBe('reply');
  expect(at('2026-11-23', clock({ stopped: true }))).toBeUndefined();
});

test('a due date in a year without a notice may move', () => {
  expect(at('2026-12-21', clock({ startedOn: '2026-12-21', dueOn: '2027-01-05' }))?.isProvisional).toBe(true);
});
