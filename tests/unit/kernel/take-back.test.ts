import { accepted, play, type Play } from '../../support/play.ts';
import {
  approve,
  branches,
  clerk,
  EACH_REVIEWER,
  inOrder,
  reject,
  reviewer,
  seats,
  stage,
  STAFF,
  standing,
  task,
} from './office.ts';

const back = (one: Play, id: string, seat = 1) =>
  ({ action: 'takeBack', taskId: task(one, id, seat), reason: '再想想' }) as const;

test('an approver takes their own answer back while the next stage has not acted', () => {
  const one = play({ route: inOrder(stage('a'), stage('b')) });
  accepted(approve(one, reviewer(1), 'a'));
  expect(one.act(reviewer(2), back(one, 'a'))).toEqual({ code: 'NotYourTask' });
  accepted(one.act(reviewer(1), back(one, 'a')));
  expect(standing(one)).toEqual({ a: 'open', b: 'parked' });
  accepted(reject(one, reviewer(1), 'a'));
  expect(one.state.status).toBe('refused');
});

test.each(['ask', 'delegate', 'add'] as const)('not once the next stage has acted: %s', (what) => {
  const one = play({ route: inOrder(stage('a'), stage('b')) });
  accepted(approve(one, reviewer(1), 'a'));
  const taskId = task(one, 'b');
  const acts = {
    ask: { action: 'askSupplement', taskId, missing: [{ part: 'items', text: '补' }] },
    delegate: { action: 'delegate', taskId, to: clerk(1) },
    add: { action: 'addSeat', taskId, place: 'beside', to: clerk(1) },
  } as const;
  accepted(one.act(reviewer(2), acts[what]));
  expect(one.act(reviewer(1), back(one, 'a'))).toEqual({ code: 'ActedOnSince' });
});

test('what a branch beside does is no hindrance', () => {
  const left = { kind: 'sequence', id: 'left', blocks: [stage('l1'), stage('l2')] } as const;
  const one = play({ route: inOrder(branches(left, stage('r'), stage('q'))) });
  accepted(approve(one, reviewer(1), 'l1'));
  accepted(approve(one, reviewer(2), 'r'));
  const [taken] = accepted(one.act(reviewer(1), back(one, 'l1')));
  expect(taken).toMatchObject({ type: 'answerTakenBack', stage: 'l1' });
});

test('superseded seats are open again', () => {
  const one = play({ route: inOrder(stage('a', { seat: EACH_REVIEWER }), stage('b')), staff: STAFF });
  accepted(approve(one, reviewer(1), 'a', 1));
  accepted(one.act(reviewer(1), back(one, 'a')));
  expect(seats(one, 'a')).toEqual(['open', 'open', 'open']);
});

test('only an answer is taken back, for a reason, and nothing after the end', () => {
  const one = play({ route: inOrder(stage('a'), stage('b')) });
  expect(one.act(reviewer(1), back(one, 'a'))).toEqual({ code: 'NothingToTakeBack' });
  accepted(approve(one, reviewer(1), 'a'));
  expect(one.act(reviewer(1), { ...back(one, 'a'), reason: ' ' })).toMatchObject({ code: 'ReasonMissing' });
  accepted(approve(one, reviewer(2), 'b'));
  expect(one.act(reviewer(2), back(one, 'b'))).toEqual({ code: 'AlreadyGranted' });
  const other = play({ route: inOrder(stage('a')) });
  accepted(reject(other, reviewer(1), 'a'));
  expect(other.act(reviewer(1), back(other, 'a'))).toEqual({ code: 'CaseEnded' });
});
