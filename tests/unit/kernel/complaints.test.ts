import { isSystem, SYSTEM } from '../../../domain/case.ts';
import { APPLICANT } from '../../support/cases.ts';
import { accepted, nextForm, play } from '../../support/play.ts';
import {
  again,
  approve,
  branches,
  clerk,
  EACH_REVIEWER,
  inOrder,
  limit,
  reject,
  reviewer,
  REVIEWERS,
  seats,
  sendBack,
  STAFF,
  stage,
  standing,
  straight,
  task,
} from './office.ts';

/** What users of approval products complain of, one by one. */

test('a return out of a stage that all must sign keeps the task: it goes on with the answers it has', () => {
  const all = stage('all', { seat: EACH_REVIEWER, rule: 'all' });
  const one = play({
    route: inOrder(stage('first', { seat: { role: 'sharing-lead', department: 'requester' } }), all),
    staff: STAFF,
  });
  const chief = { person: 'chief', department: 'civil-affairs', roles: ['sharing-lead'] } as const;
  accepted(approve(one, chief, 'first'));
  accepted(approve(one, reviewer(1), 'all', 1));
  accepted(sendBack(one, reviewer(2), { from: 'all', seat: 2, ...straight('first') }));
  expect(seats(one, 'all')).toEqual(['done', 'waiting', 'waiting']);
  accepted(approve(one, chief, 'first'));
  expect(one.state.stages['all']).toMatchObject({ activation: 1, standing: 'open' });
  expect(seats(one, 'all')).toEqual(['done', 'open', 'open']);
});

test('one of several branches side by side can be sent back, and the others do not notice', () => {
  const left = { kind: 'sequence', id: 'left', blocks: [stage('left-1'), stage('left-2')] } as const;
  const one = play({ route: inOrder(branches(left, stage('right'))) });
  accepted(approve(one, reviewer(1), 'left-1'));
  accepted(approve(one, reviewer(2), 'right'));
  accepted(sendBack(one, reviewer(3), { from: 'left-2', ...again('left-1') }));
  expect(standing(one)).toMatchObject({ 'left-1': 'open', 'left-2': 'lapsed', right: 'decided' });
});

test('reminders are armed again after a return', () => {
  const first = stage('first', { clock: limit({ legal: 5, remind: [2] }) });
  const one = play({ route: inOrder(first, stage('second')), at: '2026-11-02T09:00:00+08:00' });
  expect(one.ring()).toEqual([expect.objectContaining({ type: 'reminded', left: 2, dueOn: '2026-11-09' })]);
  accepted(approve(one, reviewer(1), 'first'));
  one.at = '2026-11-16T09:00:00+08:00';
  accepted(sendBack(one, reviewer(2), { from: 'second', ...again('first') }));
  expect(one.state.clocks['first']).toMatchObject({ startedOn: '2026-11-16', dueOn: '2026-11-23', reminded: [] });
  expect(one.ring()).toEqual([expect.objectContaining({ type: 'reminded', left: 2, dueOn: '2026-11-23' })]);
});

test('one rejection does not end a vote by a share', () => {
  const vote = stage('vote', { seat: EACH_REVIEWER, rule: { vote: { num: 2, den: 3 } } });
  const one = play({ route: inOrder(vote), staff: STAFF });
  accepted(reject(one, reviewer(1), 'vote', 1));
  expect(one.state.status).toBe('in-approval');
  accepted(approve(one, reviewer(2), 'vote', 2));
  expect(one.state.stages['vote']?.standing).toBe('open');
  accepted(approve(one, reviewer(3), 'vote', 3));
  expect(one.state.stages['vote']).toMatchObject({ standing: 'decided', verdict: 'approved' });
});

test('where the first to answer decides, the others’ tasks are superseded and nobody’s own work', () => {
  const one = play({ route: inOrder(stage('any', { seat: EACH_REVIEWER })), staff: STAFF });
  accepted(approve(one, reviewer(2), 'any', 2));
  expect(seats(one, 'any')).toEqual(['superseded', 'done', 'superseded']);
});

test('an approver who was added can be removed again, by whoever added them', () => {
  const one = play({ route: inOrder(stage('any'), stage('next')) });
  accepted(one.act(reviewer(1), { action: 'addSeat', taskId: task(one, 'any'), place: 'beside', to: clerk(1) }));
  accepted(approve(one, reviewer(1), 'any'));
  expect(one.state.stages['any']?.standing).toBe('open');
  const remove = { action: 'removeSeat', taskId: task(one, 'any', 2), reason: '不必了' } as const;
  expect(one.act(reviewer(2), remove)).toEqual({ code: 'NotYourTask' });
  accepted(one.act(reviewer(1), remove));
  expect(one.state.stages['any']).toMatchObject({ standing: 'decided', verdict: 'approved' });
  expect(seats(one, 'any')).toEqual(['done', 'closed']);
});

test('a refused request is filed again as the same case, in its next round', () => {
  const route = { ...inOrder(stage('first', { basis: ['purpose'] }), stage('second')), refileWithin: 10 };
  const one = play({ route });
  accepted(approve(one, reviewer(1), 'first'));
  accepted(reject(one, reviewer(2), 'second'));
  expect(one.state).toMatchObject({ status: 'refused', refileUntil: '2026-12-05' });
  accepted(one.act(APPLICANT, { action: 'refile', form: nextForm(one.state.form, ['items']) }));
  expect(one.state).toMatchObject({ caseId: 'case', status: 'in-approval', round: 2 });
  expect(standing(one)).toEqual({ first: 'decided', second: 'open' });
});

test('what the platform does by itself is never signed by a person, and what people do always is', () => {
  const clock = limit({ legal: 2, remind: [1], onOverdue: 'escalate' });
  const one = play({ route: inOrder(stage('any', { clock, copies: [REVIEWERS] })) });
  one.ring();
  one.ring();
  accepted(approve(one, reviewer(1), 'any'));
  const signed = one.events.filter((event) => 'actor' in event).map(({ type }) => type);
  expect(signed).toEqual(['filed', 'answered']);
  const unsigned = one.events.filter((event) => !('actor' in event)).map(({ type }) => type);
  expect(unsigned).toEqual(
    expect.arrayContaining(['reminded', 'limitPassed', 'escalated', 'stageDecided', 'copied', 'agreed']),
  );
  expect(one.act(SYSTEM, { action: 'urge' })).toMatchObject({ code: 'NotTheApplicant' });
  expect(isSystem(reviewer(1))).toBe(false);
});
