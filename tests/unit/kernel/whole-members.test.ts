import type { Answer, CaseState, ClockReading, ClockState, SeatState, StageState } from '../../../domain/case.ts';
import { extend } from '../../../domain/kernel/clocks.ts';
import { evolve } from '../../../domain/kernel/evolve.ts';
import { REVIEWER } from '../../support/cases.ts';
import { play } from '../../support/play.ts';

/**
 * `evolve` writes out the members of what every decision makes. Here each has all of them, so that one that is added to a
 * type does not compile until it is here, and fails until `evolve` carries it.
 */
const AT = '2026-11-26T09:00:00.000+08:00';
const capacity = { role: 'reviewer', department: 'public-security' } as const;
const by = { at: AT, actor: REVIEWER.person, capacity } as const;
const answer: Answer = { ...by, verdict: 'approved', form: 'digest', through: ['adviser'] };

const seat: Required<SeatState> = {
  id: 1,
  capacity,
  openedAt: AT,
  standing: 'open',
  holder: 'holder',
  delegators: ['delegator'],
  advisers: ['adviser'],
  added: { by: 'adder', place: 'beside', anchor: 1 },
  answer,
};
const stage: Required<StageState> = {
  activation: 3,
  openedAt: AT,
  standing: 'open',
  seats: [seat],
  verdict: 'approved',
  decidedAt: AT,
  isTouched: true,
};
const clock: Required<ClockState> = {
  clock: 'provider',
  block: 'provider',
  limit: { kind: 'reply', legal: 10, promise: 5, onSupplement: 'restart', extension: 10 },
  startedOn: '2026-11-25',
  since: '2026-11-26',
  rawDueOn: '2026-12-09',
  dueOn: '2026-12-10',
  promisedOn: '2026-12-02',
  pausedFor: ['parked'],
  left: 4,
  extendedBy: 1,
  calendarVersion: 7,
  stopped: false,
  passedAt: AT,
  reminded: [3],
};

const state: CaseState = { ...play().state, stages: { stage }, clocks: { provider: clock } };

test('a seat and its stage keep everything when an answer is given', () => {
  const { through, form, verdict } = answer;
  const answered = { type: 'answered', stage: 'stage', activation: 3, ...by, verdict, form, through } as const;
  const { stages } = evolve(state, answered);
  expect(stages['stage']).toEqual({ ...stage, seats: [{ ...seat, standing: 'answered', answer }] });
});

test('a stage keeps everything when it is decided', () => {
  const { stages } = evolve(state, { type: 'stageDecided', at: AT, stage: 'stage', verdict: 'rejected' });
  const seats = [{ ...seat, standing: 'superseded' }];
  expect(stages['stage']).toEqual({ ...stage, standing: 'decided', verdict: 'rejected', decidedAt: AT, seats });
});

test('a clock keeps everything that a move says of it, and a move says everything of a clock', () => {
  const { stopped, passedAt, reminded, ...rest } = clock;
  const reading: Required<ClockReading> = { ...rest, why: 'paused' };
  const { clocks } = evolve(state, { type: 'clockMoved', at: AT, ...reading });
  expect(clocks['provider']).toEqual({ ...rest, stopped, passedAt, reminded });
  const extended = extend(state, clock, { days: 2, at: AT });
  expect(extended).toEqual({
    type: 'clockMoved',
    at: AT,
    ...rest,
    why: 'extended',
    dueOn: '2026-12-14',
    left: 6,
    extendedBy: 3,
  });
});
