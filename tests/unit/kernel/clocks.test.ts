import type { CaseState, ClockState } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import type { Limit, Route } from '../../../domain/route.ts';
import { CONDITIONAL, UNCONDITIONAL, UNCONDITIONAL_AT_ONCE } from '../../../domain/routes/share-request.ts';
import { caseDueOn, dueOnOf } from '../../../domain/tasks.ts';
import { PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../../support/cases.ts';
import { accepted, play, type Play } from '../../support/play.ts';

/** A conditional request in the reviewer's hands since this day. */
function received(day: string, route: Route = CONDITIONAL): Play {
  const one = play({ route, at: `${day}T10:00:00+08:00` });
  accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
  return one;
}

function clock(state: CaseState, id = 'provider'): ClockState {
  const found = state.clocks[id];
  if (!found) throw new Error(`No clock ${id}`);
  return found;
}

/** The conditional route with another handling of supplements, and a promise. */
function withLimit(limit: Partial<Limit>): Route {
  const root = structuredClone(CONDITIONAL.root) as unknown as { blocks: { clock?: Limit }[] };
  const branch = root.blocks[1];
  if (!branch?.clock) throw new Error('No clock on the provider’s branch');
  branch.clock = { ...branch.clock, ...limit };
  return { ...CONDITIONAL, root: root as never };
}

function go(one: Play, day: string): Play {
  one.at = `${day}T15:00:00+08:00`;
  return one;
}

describe('due dates by the notices of 2026', () => {
  test.each([
    // Friday; National Day 1–7 October is off, Saturday the 10th is worked in its place.
    ['2026-09-25', '2026-10-15', 'over National Day'],
    // Spring Festival 15–23 February is off, Saturdays the 14th and the 28th are worked in its place.
    ['2026-02-10', '2026-03-02', 'over Spring Festival'],
    ['2026-11-25', '2026-12-09', 'over two plain weekends'],
    ['2026-11-28', '2026-12-11', 'from a Saturday, which is day 0 itself'],
  ])('ten working days from %s end on %s, %s', (day, due) => {
    const one = received(day);
    expect(clock(one.state)).toMatchObject({ startedOn: day, rawDueOn: due, dueOn: due, calendarVersion: 1 });
    expect(dueOnOf(one.state, 'provider-reviewer')).toBe(due);
    expect(caseDueOn(one.state)).toBe(due);
  });

  test('an unconditional request is due on the next working day: what comes before National Day, after it', () => {
    expect(clock(received('2026-09-30', UNCONDITIONAL).state).dueOn).toBe('2026-10-08');
    expect(clock(received('2026-11-25', UNCONDITIONAL).state).dueOn).toBe('2026-11-26');
  });

  test('a request received after midnight in Shanghai counts from that day, whatever the offset it is written in', () => {
    const one = play({ at: '2026-11-24T16:30:00Z' });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    expect(clock(one.state).startedOn).toBe('2026-11-25');
  });

  test('the delivery is due twenty working days after the reply that agrees', () => {
    const one = play({ route: UNCONDITIONAL_AT_ONCE, at: '2026-09-25T10:00:00+08:00' });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    expect(clock(one.state, 'delivery').dueOn).toBe('2026-10-29');
  });

  test('the stage before the provider’s branch has no limit of its own', () => {
    const one = play();
    expect(one.state.clocks).toEqual({});
    expect(dueOnOf(one.state, 'requester-lead')).toBeUndefined();
    expect(caseMachine.alarm(one.state)).toBeUndefined();
  });
});

describe('while materials are awaited', () => {
  function supplemented(limit: Partial<Limit>): { paused: ClockState; after: ClockState } {
    const one = received('2026-11-25', withLimit({ promise: 6, ...limit }));
    accepted(go(one, '2026-11-27').ask(REVIEWER, 'provider-reviewer', 'attachments'));
    const paused = clock(one.state);
    accepted(go(one, '2026-12-04').supplement('attachments'));
    return { paused, after: clock(one.state) };
  }

  test('by default the clock stands still and starts again in full, the first due date kept beside', () => {
    const { paused, after } = supplemented({ onSupplement: 'restart' });
    expect(paused).toMatchObject({ pausedFor: ['supplement'], left: 8, dueOn: '2026-12-09' });
    expect(after).toMatchObject({
      startedOn: '2026-12-04',
      rawDueOn: '2026-12-09',
      dueOn: '2026-12-18',
      pausedFor: [],
    });
    expect(after).toMatchObject({ promisedOn: '2026-12-14' });
    expect(after.left).toBeUndefined();
  });

  test('a clock that pauses goes on with the working days that were left, of the promise too', () => {
    const { after } = supplemented({ onSupplement: 'pause' });
    expect(after).toMatchObject({ startedOn: '2026-11-25', rawDueOn: '2026-12-09', dueOn: '2026-12-16' });
    expect(after.promisedOn).toBe('2026-12-10');
  });

  test('a clock that runs on is not moved at all', () => {
    const { paused, after } = supplemented({ onSupplement: 'run-on' });
    expect(paused.pausedFor).toEqual([]);
    expect(after).toMatchObject({ dueOn: '2026-12-09', promisedOn: '2026-12-03' });
  });

  test('a clock that is paused has no due date to show and no alarm', () => {
    const one = received('2026-11-25');
    one.ask(REVIEWER, 'provider-reviewer', 'attachments');
    expect(dueOnOf(one.state, 'provider-reviewer')).toBeUndefined();
    expect(caseMachine.alarm(one.state)).toBeUndefined();
  });

  test('while the requester’s lead has to sign again, the provider’s clock is parked', () => {
    const one = received('2026-11-25', withLimit({ onSupplement: 'run-on', promise: 6 }));
    go(one, '2026-11-27').ask(REVIEWER, 'provider-reviewer', 'items');
    accepted(one.supplement('items'));
    expect(clock(one.state)).toMatchObject({ pausedFor: ['parked'], left: 8, promisedOn: '2026-12-03' });
    accepted(go(one, '2026-12-04').approve(REQUESTER_LEAD, 'requester-lead'));
    expect(clock(one.state)).toMatchObject({ pausedFor: [], dueOn: '2026-12-16', promisedOn: '2026-12-10' });
  });

  test('a clock that restarts while the branch is parked counts its full limit from when the branch goes on', () => {
    const one = received('2026-11-25');
    go(one, '2026-11-27').ask(REVIEWER, 'provider-reviewer', 'items');
    accepted(go(one, '2026-12-01').supplement('items'));
    expect(clock(one.state)).toMatchObject({ startedOn: '2026-12-01', pausedFor: ['parked'], left: 10 });
    accepted(go(one, '2026-12-04').approve(REQUESTER_LEAD, 'requester-lead'));
    expect(clock(one.state)).toMatchObject({ rawDueOn: '2026-12-09', dueOn: '2026-12-18' });
  });
});

describe('a limit that passes', () => {
  test('is counted once, at the end of its day, and decides nothing', () => {
    const one = received('2026-11-25');
    const before = one.state;
    expect(one.ring()).toEqual([
      { type: 'limitPassed', at: '2026-12-09T23:59:59.999+08:00', clock: 'provider', dueOn: '2026-12-09' },
    ]);
    expect(one.state).toMatchObject({ status: 'in-approval', stages: before.stages });
    expect(one.ring()).toEqual([]);
    accepted(one.approve(REVIEWER, 'provider-reviewer'));
  });

  test('is counted again after the clock has started again', () => {
    const one = received('2026-11-25');
    one.ring();
    go(one, '2026-12-10').ask(REVIEWER, 'provider-reviewer', 'attachments');
    go(one, '2026-12-11').supplement('attachments');
    expect(one.ring()).toMatchObject([{ type: 'limitPassed', dueOn: '2026-12-25' }]);
  });

  test('is counted again also when the clock started again while its branch was parked', () => {
    const one = received('2026-11-25');
    one.ring();
    go(one, '2026-12-10').ask(REVIEWER, 'provider-reviewer', 'items');
    go(one, '2026-12-11').supplement('items');
    one.approve(REQUESTER_LEAD, 'requester-lead');
    expect(one.ring()).toMatchObject([{ type: 'limitPassed', dueOn: '2026-12-25' }]);
  });

  test('stays counted when the clock is only paused', () => {
    const one = received('2026-11-25', withLimit({ onSupplement: 'pause' }));
    one.ring();
    go(one, '2026-12-12').ask(REVIEWER, 'provider-reviewer', 'attachments');
    accepted(go(one, '2026-12-16').supplement('attachments'));
    expect(clock(one.state)).toMatchObject({ passedAt: '2026-12-09T23:59:59.999+08:00' });
    expect(one.ring()).toEqual([]);
  });

  test('is counted before the command that comes first after an outage, even one that stops the clock', () => {
    const one = received('2026-11-25');
    go(one, '2026-12-08').approve(REVIEWER, 'provider-reviewer');
    const events = accepted(go(one, '2026-12-14').approve(PROVIDER_LEAD, 'provider-lead'));
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'limitPassed', at: '2026-12-09T23:59:59.999+08:00' },
      { type: 'answered', at: '2026-12-14T15:00:00+08:00' },
    ]);
  });

  test('of the delivery is counted too, and the case still waits for its data', () => {
    const one = play({ route: UNCONDITIONAL_AT_ONCE });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    expect(one.ring()).toMatchObject([{ type: 'limitPassed', clock: 'delivery' }]);
    expect(one.state.status).toBe('delivering');
  });
});

test('a stage with a limit of its own has a fresh clock when its signature lapsed and it is entered again', () => {
  const root = structuredClone(CONDITIONAL.root) as unknown as { blocks: { clock?: Limit }[] };
  root.blocks[0] = { ...root.blocks[0], clock: { kind: 'stage', legal: 3, onSupplement: 'run-on' } };
  const one = received('2026-11-25', { ...CONDITIONAL, root: root as never });
  expect(clock(one.state, 'requester-lead')).toMatchObject({ stopped: true, dueOn: '2026-11-30' });
  one.ask(REVIEWER, 'provider-reviewer', 'items');
  accepted(go(one, '2026-12-01').supplement('items'));
  expect(clock(one.state, 'requester-lead')).toMatchObject({
    stopped: false,
    startedOn: '2026-12-01',
    dueOn: '2026-12-04',
  });
});
