import { APPLICANT } from '../../support/cases.ts';
import { accepted, play, type Play } from '../../support/play.ts';
import { approve, AUTHORITY, clerk, inOrder, lead, reviewer, stage, STAFF, EACH_REVIEWER, task } from './office.ts';

const atStage = (): Play => play({ route: inOrder(stage('s'), stage('next')) });
const reassign = (one: Play, to: ReturnType<typeof clerk>, reason = '请办') =>
  ({ action: 'reassign', taskId: task(one, 's'), to, reason }) as const;
const delegate = (one: Play, to: ReturnType<typeof clerk>) =>
  ({ action: 'delegate', taskId: task(one, 's'), to }) as const;

test('转办 hands a seat over for good: the new holder answers, the old one cannot any more', () => {
  const one = atStage();
  accepted(one.act(reviewer(1), reassign(one, reviewer(2))));
  expect(approve(one, reviewer(1), 's')).toEqual({ code: 'NotYourTask' });
  accepted(approve(one, reviewer(2), 's'));
});

test('a seat goes to somebody of the same role and department, free of the application, for a reason', () => {
  const one = atStage();
  expect(one.act(reviewer(1), reassign(one, reviewer(2), ' '))).toMatchObject({ code: 'ReasonMissing' });
  expect(one.act(reviewer(1), reassign(one, clerk(1)))).toEqual({ code: 'NotInTheRole', pointer: '/to' });
  expect(one.act(reviewer(1), reassign(one, reviewer(2, 'transport')))).toEqual({
    code: 'NotInTheDepartment',
    pointer: '/to',
  });
  const applicant = { ...APPLICANT, department: 'public-security', roles: ['reviewer'] } as const;
  expect(one.act(reviewer(1), reassign(one, applicant))).toEqual({ code: 'OwnRequest', pointer: '/to' });
  expect(one.act(lead(1), reassign(one, reviewer(2)))).toEqual({ code: 'NotYourTask' });
});

test('the authority hands over any open seat, also to somebody without the role, but to nobody who has one already', () => {
  const one = play({ route: inOrder(stage('s', { seat: EACH_REVIEWER, rule: 'all' })), staff: STAFF });
  expect(one.act(AUTHORITY, reassign(one, reviewer(2)))).toEqual({ code: 'HasASeat', pointer: '/to' });
  accepted(one.act(AUTHORITY, reassign(one, clerk(1))));
  accepted(approve(one, clerk(1), 's'));
});

test('委派 asks for an opinion, and then it comes back to decide', () => {
  const one = atStage();
  accepted(one.act(reviewer(1), delegate(one, clerk(1))));
  expect(approve(one, reviewer(1), 's')).toEqual({ code: 'NotYourTask' });
  expect(approve(one, clerk(1), 's')).toEqual({ code: 'AdviceOnly' });
  const advise = { action: 'advise', taskId: task(one, 's'), opinion: '可以' } as const;
  expect(one.act(clerk(1), { ...advise, opinion: ' ' })).toMatchObject({ code: 'OpinionMissing' });
  accepted(one.act(clerk(1), advise));
  expect(one.act(reviewer(1), advise)).toEqual({ code: 'NotDelegated' });
  const events = accepted(approve(one, reviewer(1), 's'));
  expect(events).toContainEqual(expect.objectContaining({ type: 'answered', through: [clerk(1).person] }));
  expect(approve(one, clerk(1), 'next')).toEqual({ code: 'NotYourTask' });
  expect(approve(one, { ...clerk(1), roles: ['reviewer'] }, 'next')).toEqual({ code: 'AlreadySigned' });
});

test('a delegate may ask on, but no chain comes back to itself', () => {
  const one = atStage();
  accepted(one.act(reviewer(1), delegate(one, clerk(1))));
  accepted(one.act(clerk(1), delegate(one, clerk(2))));
  expect(one.act(clerk(2), delegate(one, reviewer(1)))).toEqual({ code: 'InTheChain', pointer: '/to' });
  expect(one.act(clerk(2), delegate(one, clerk(2)))).toEqual({ code: 'InTheChain', pointer: '/to' });
  const advise = { action: 'advise', taskId: task(one, 's'), opinion: '可以' } as const;
  accepted(one.act(clerk(2), advise));
  accepted(one.act(clerk(1), advise));
  accepted(approve(one, reviewer(1), 's'));
});

test('whoever delegated recalls, or the authority; nobody else, and nothing that was not delegated', () => {
  const one = atStage();
  const recall = { action: 'recall', taskId: task(one, 's') } as const;
  expect(one.act(AUTHORITY, recall)).toEqual({ code: 'NotDelegated' });
  accepted(one.act(reviewer(1), delegate(one, clerk(1))));
  expect(one.act(reviewer(2), recall)).toEqual({ code: 'NotYourTask' });
  accepted(one.act(reviewer(1), recall));
  accepted(one.act(reviewer(1), delegate(one, clerk(1))));
  accepted(one.act(AUTHORITY, recall));
  accepted(approve(one, reviewer(1), 's'));
});
