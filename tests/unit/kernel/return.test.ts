import { APPLICANT } from '../../support/cases.ts';
import { accepted, nextForm, play, type Play } from '../../support/play.ts';
import { again, approve, branches, inOrder, reviewer, sendBack, stage, standing, straight, task } from './office.ts';

/** Three stages in a row, at the third. */
function atThird(): Play {
  const one = play({ route: inOrder(stage('a'), stage('b'), stage('c')) });
  accepted(approve(one, reviewer(1), 'a'));
  accepted(approve(one, reviewer(2), 'b'));
  return one;
}

test('straight: only the stage returned to signs again, then it comes straight back', () => {
  const one = atThird();
  accepted(sendBack(one, reviewer(3), { from: 'c', ...straight('a') }));
  expect(standing(one)).toEqual({ a: 'open', b: 'decided', c: 'parked' });
  expect(approve(one, reviewer(3), 'c')).toEqual({ code: 'TaskParked' });
  accepted(approve(one, reviewer(1), 'a'));
  expect(standing(one)).toEqual({ a: 'decided', b: 'decided', c: 'open' });
});

test('again: every stage from there on passes again', () => {
  const one = atThird();
  accepted(sendBack(one, reviewer(3), { from: 'c', ...again('a') }));
  expect(standing(one)).toEqual({ a: 'open', b: 'lapsed', c: 'lapsed' });
  accepted(approve(one, reviewer(1), 'a'));
  accepted(approve(one, reviewer(2), 'b'));
  expect(one.state.stages['c']).toMatchObject({ standing: 'open', activation: 2 });
});

test('to the applicant, who may change everything and alone hands it in again', () => {
  const one = atThird();
  accepted(sendBack(one, reviewer(3), { from: 'c', ...straight('applicant') }));
  expect(one.state.status).toBe('returned');
  const form = nextForm(one.state.form, ['purpose']);
  expect(one.act(reviewer(1), { action: 'resubmit', form })).toEqual({ code: 'NotTheApplicant' });
  expect(one.act(APPLICANT, { action: 'resubmit', form: one.state.form })).toEqual({
    code: 'FormChanged',
    pointer: '/form',
  });
  accepted(one.act(APPLICANT, { action: 'resubmit', form }));
  expect(standing(one)).toEqual({ a: 'decided', b: 'decided', c: 'open' });
  expect(one.act(APPLICANT, { action: 'resubmit', form: nextForm(form, []) })).toEqual({ code: 'NotReturned' });
});

test('what the applicant changes lapses what rested on it', () => {
  const one = atThird();
  accepted(sendBack(one, reviewer(3), { from: 'c', ...straight('applicant') }));
  accepted(one.act(APPLICANT, { action: 'resubmit', form: nextForm(one.state.form, ['items']) }));
  expect(standing(one)).toEqual({ a: 'open', b: 'lapsed', c: 'parked' });
});

test('nothing goes back to a later stage, to one beside, to itself or to nowhere, nor without a reason', () => {
  const one = play({ route: inOrder(stage('a'), branches(stage('l'), stage('r')), stage('z')) });
  accepted(approve(one, reviewer(1), 'a'));
  accepted(approve(one, reviewer(2), 'r'));
  for (const to of ['r', 'l', 'z', 'nowhere']) {
    expect(sendBack(one, reviewer(3), { from: 'l', ...again(to) })).toEqual({ code: 'NoSuchReturn', pointer: '/to' });
  }
  const bare = { action: 'return', taskId: task(one, 'l'), reason: ' ', ...again('a') } as const;
  expect(one.act(reviewer(3), bare)).toMatchObject({ code: 'ReasonMissing' });
  expect(sendBack(one, reviewer(1), { from: 'l', ...again('a') })).toEqual({ code: 'AlreadySigned' });
});

test('a return to before the fork parks the branches beside, with what they have signed', () => {
  const right = { kind: 'sequence', id: 'right', blocks: [stage('r1'), stage('r2')] } as const;
  const one = play({ route: inOrder(stage('a'), branches(stage('l'), right)) });
  accepted(approve(one, reviewer(1), 'a'));
  accepted(approve(one, reviewer(2), 'r1'));
  accepted(sendBack(one, reviewer(3), { from: 'l', ...straight('a') }));
  expect(standing(one)).toEqual({ a: 'open', l: 'parked', r1: 'decided', r2: 'parked' });
});
