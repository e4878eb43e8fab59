import type { Calendar } from '../../../domain/calendar.ts';
import { SYSTEM } from '../../../domain/case.ts';
import { accepted, play, type Play } from '../../support/play.ts';
import { AUTHORITY, inOrder, limit, reviewer, stage } from './office.ts';

/** A limit of ten working days from 2 November 2026, due on the 16th, with a promise of five, the 9th. */
const running = (): Play =>
  play({
    route: inOrder(stage('s', { clock: limit({ promise: 5, remind: [2], onSupplement: 'pause' }) })),
    at: '2026-11-02T09:00:00+08:00',
  });

/** The calendar with more days off and more days worked. */
function notice(
  one: Play,
  { off = [], worked = [] }: { off?: readonly string[]; worked?: readonly string[] },
): Calendar {
  const { calendar } = one.state;
  return {
    ...calendar,
    version: calendar.version + 1,
    holidays: [...calendar.holidays, ...off].toSorted(),
    workdays: [...calendar.workdays, ...worked].toSorted(),
  };
}

let notices = 0;
function publish(one: Play, calendar: Calendar) {
  notices += 1;
  return accepted(
    one.send({ id: `notice.${notices}`, at: one.at, actor: SYSTEM, do: { action: 'recount', calendar } }),
  );
}

test('a day off inside the limit moves due date and promise, each with a record of the calendar it follows', () => {
  const one = running();
  const events = publish(one, notice(one, { off: ['2026-11-06'] }));
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'clockMoved',
      why: 'recounted',
      dueOn: '2026-11-17',
      promisedOn: '2026-11-10',
      calendarVersion: 2,
    }),
  );
  expect(one.state.clocks['s']?.rawDueOn).toBe('2026-11-16');
});

test('a make-up day brings it forward, one outside the limit moves nothing, and an old calendar is no news', () => {
  const one = running();
  publish(one, notice(one, { worked: ['2026-11-07'] }));
  expect(one.state.clocks['s']?.dueOn).toBe('2026-11-13');
  expect(publish(one, notice(one, { off: ['2026-12-24'] })).map(({ type }) => type)).toEqual(['calendarChanged']);
  expect(publish(one, { ...one.state.calendar, version: 1 })).toEqual([]);
});

test('a notice that comes late is counted from the start of a clock that nothing held up', () => {
  const one = running();
  one.at = '2026-11-10T09:00:00+08:00';
  publish(one, notice(one, { off: ['2026-11-04'] }));
  expect(one.state.clocks['s']?.dueOn).toBe('2026-11-17');
});

test('the days for which a clock stood still do not count for it when the calendar changes among them', () => {
  const one = running();
  one.at = '2026-11-03T09:00:00+08:00';
  accepted(one.act(AUTHORITY, { action: 'suspend', reason: '核查', reviewOn: '2026-11-30' }));
  one.at = '2026-11-10T09:00:00+08:00';
  accepted(one.act(AUTHORITY, { action: 'resume', reason: '查清' }));
  expect(one.state.clocks['s']?.dueOn).toBe('2026-11-23');
  publish(one, notice(one, { off: ['2026-11-05'], worked: ['2026-11-07', '2026-11-08'] }));
  expect(one.state.clocks['s']?.dueOn).toBe('2026-11-23');
  publish(one, notice(one, { off: ['2026-11-12'] }));
  expect(one.state.clocks['s']?.dueOn).toBe('2026-11-24');
});

test('reminders follow the due date, and are armed again where it moves later', () => {
  const one = running();
  expect(one.ring()).toEqual([expect.objectContaining({ type: 'reminded', dueOn: '2026-11-16' })]);
  publish(one, notice(one, { off: ['2026-11-13'] }));
  expect(one.state.clocks['s']).toMatchObject({ dueOn: '2026-11-17', reminded: [] });
});

test('a limit that has passed does not pass again by a notice under which it is over all the same', () => {
  const one = running();
  one.at = '2026-11-20T09:00:00+08:00';
  accepted(one.act(reviewer(1), { action: 'comment', text: '已阅' }));
  publish(one, notice(one, { off: ['2026-11-06'] }));
  expect(one.state.clocks['s']).toMatchObject({ dueOn: '2026-11-17' });
  expect(one.events.filter(({ type }) => type === 'limitPassed')).toHaveLength(1);
  publish(one, notice(one, { off: ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-17', '2026-11-16'] }));
  expect(one.state.clocks['s']?.passedAt).toBeUndefined();
});

test('only the platform brings a calendar', () => {
  const one = running();
  const command = {
    id: 'forged',
    at: one.at,
    actor: AUTHORITY,
    do: { action: 'recount', calendar: one.state.calendar },
  } as const;
  expect(one.send(command)).toEqual({ code: 'SystemOnly' });
});
