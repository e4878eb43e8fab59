import { APPLICANT } from '../../support/cases.ts';
import { accepted, play } from '../../support/play.ts';
import { votesNeeded } from '../../../domain/kernel/seats.ts';
import {
  approve,
  clerk,
  EACH_REVIEWER,
  inOrder,
  reject,
  reviewer,
  REVIEWERS,
  seats,
  stage,
  STAFF,
  task,
} from './office.ts';

const whole = (rule: Parameters<typeof stage>[1]) =>
  play({ route: inOrder(stage('s', { seat: EACH_REVIEWER, ...rule })), staff: STAFF });

test('under 或签 the first of several decides, be it a refusal', () => {
  const one = whole({ rule: 'any' });
  accepted(reject(one, reviewer(3), 's', 3));
  expect(one.state).toMatchObject({ status: 'refused' });
  expect(seats(one, 's')).toEqual(['superseded', 'superseded', 'done']);
});

test('under 会签 all must agree, and one refusal refuses', () => {
  const one = whole({ rule: 'all' });
  accepted(approve(one, reviewer(1), 's', 1));
  accepted(approve(one, reviewer(2), 's', 2));
  expect(one.state.status).toBe('in-approval');
  accepted(reject(one, reviewer(3), 's', 3));
  expect(one.state.status).toBe('refused');
});

test('under 依次 each waits for the one before', () => {
  const one = whole({ rule: 'sequential' });
  expect(seats(one, 's')).toEqual(['open', 'waiting', 'waiting']);
  expect(approve(one, reviewer(2), 's', 2)).toEqual({ code: 'NotYetYourTurn' });
  accepted(approve(one, reviewer(1), 's', 1));
  expect(seats(one, 's')).toEqual(['done', 'open', 'waiting']);
});

test.each([
  { n: 3, num: 2, den: 3, needed: 2 },
  { n: 3, num: 6667, den: 10_000, needed: 3 },
  { n: 5, num: 1, den: 2, needed: 3 },
  { n: 4, num: 1, den: 2, needed: 2 },
  { n: 1, num: 1, den: 4, needed: 1 },
])('a vote of $num in $den among $n needs $needed', ({ n, num, den, needed }) => {
  expect(votesNeeded(n, { num, den })).toBe(needed);
});

test('a vote fails as soon as it can no longer pass', () => {
  const one = whole({ rule: { vote: { num: 2, den: 3 } } });
  accepted(reject(one, reviewer(1), 's', 1));
  expect(one.state.status).toBe('in-approval');
  accepted(reject(one, reviewer(2), 's', 2));
  expect(one.state.status).toBe('refused');
  expect(seats(one, 's')).toEqual(['done', 'done', 'superseded']);
});

test('a seat of one person is nobody else’s, and one for the role any holder’s but the applicant', () => {
  const one = whole({ rule: 'all' });
  expect(approve(one, reviewer(2), 's', 1)).toEqual({ code: 'NotYourTask' });
  const open = play({ route: inOrder(stage('s')) });
  expect(approve(open, { ...APPLICANT, department: 'public-security', roles: ['reviewer'] }, 's')).toEqual({
    code: 'OwnRequest',
  });
  expect(approve(open, reviewer(1, 'transport'), 's')).toEqual({ code: 'NotYourTask' });
  accepted(approve(open, reviewer(9), 's'));
});

test('nobody signs at two stages, unless the route says that they may', () => {
  const one = play({ route: inOrder(stage('a'), stage('b'), stage('c', { mayRepeat: true })) });
  accepted(approve(one, reviewer(1), 'a'));
  expect(approve(one, reviewer(1), 'b')).toEqual({ code: 'AlreadySigned' });
  accepted(approve(one, reviewer(2), 'b'));
  accepted(approve(one, reviewer(1), 'c'));
});

test('nobody takes two seats of one stage', () => {
  const one = play({ route: inOrder(stage('s', { seat: [REVIEWERS, REVIEWERS], rule: 'all' })) });
  accepted(approve(one, reviewer(1), 's', 1));
  expect(approve(one, reviewer(1), 's', 2)).toEqual({ code: 'AlreadySigned' });
});

test('a stage that nobody could answer is refused when it is entered, rather than approved for want of anyone', () => {
  const one = play({ route: inOrder(stage('s', { seat: EACH_REVIEWER, rule: 'all' })) });
  expect(one.state.status).toBe('refused');
});

test('an added seat before one’s own blocks it, one after it waits for it, one beside it does neither', () => {
  const one = play({ route: inOrder(stage('s'), stage('next')) });
  const add = (nth: number, place: 'before' | 'beside' | 'after') =>
    one.act(reviewer(1), { action: 'addSeat', taskId: task(one, 's'), place, to: clerk(nth) });
  accepted(add(1, 'beside'));
  accepted(add(2, 'after'));
  accepted(add(3, 'before'));
  expect(seats(one, 's')).toEqual(['waiting', 'open', 'waiting', 'open']);
  expect(approve(one, reviewer(1), 's')).toEqual({ code: 'NotYetYourTurn' });
  accepted(approve(one, clerk(3), 's', 4));
  accepted(approve(one, reviewer(1), 's'));
  expect(seats(one, 's')).toEqual(['done', 'open', 'open', 'done']);
  accepted(approve(one, clerk(2), 's', 3));
  accepted(approve(one, clerk(1), 's', 2));
  expect(one.state.stages['s']?.standing).toBe('decided');
});

test('nobody is added twice, nor from another department, nor the applicant; only added seats are removed', () => {
  const one = play({ route: inOrder(stage('s')) });
  const add = (to: ReturnType<typeof clerk>) =>
    one.act(reviewer(1), { action: 'addSeat', taskId: task(one, 's'), place: 'beside', to });
  accepted(add(clerk(1)));
  expect(add(clerk(1))).toEqual({ code: 'HasASeat', pointer: '/to' });
  expect(add(clerk(1, 'transport'))).toEqual({ code: 'NotInTheDepartment', pointer: '/to' });
  expect(add({ ...APPLICANT, department: 'public-security' })).toEqual({ code: 'OwnRequest', pointer: '/to' });
  expect(add(reviewer(1))).toEqual({ code: 'InTheChain', pointer: '/to' });
  expect(one.act(reviewer(1), { action: 'removeSeat', taskId: task(one, 's'), reason: '-' })).toEqual({
    code: 'NotAdded',
  });
  expect(one.act(reviewer(1), { action: 'removeSeat', taskId: task(one, 's', 2), reason: ' ' })).toMatchObject({
    code: 'ReasonMissing',
  });
  accepted(approve(one, clerk(1), 's', 2));
  expect(one.act(reviewer(1), { action: 'removeSeat', taskId: task(one, 's', 2), reason: '-' })).toEqual({
    code: 'AlreadyDecided',
  });
});
