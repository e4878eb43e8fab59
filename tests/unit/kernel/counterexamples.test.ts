import { APPLICANT, form, formRef } from '../../support/cases.ts';
import { accepted, nextForm, play } from '../../support/play.ts';
import {
  again,
  approve,
  AUTHORITY,
  branches,
  clerk,
  EACH_REVIEWER,
  formOver,
  inOrder,
  inPlaceOf,
  limit,
  reject,
  reviewer,
  REVIEWERS,
  seats,
  sendBack,
  stage,
  standing,
  STAFF,
  task,
} from './office.ts';

/** Cases that random ones were shrunk to, each of which broke an invariant once. */

const REQUESTERS = { role: 'sharing-lead', department: 'requester' } as const;
const first = formRef(form(), { id: 'form' });
const eachSubject = (id: string) => ({ kind: 'for-each', id, over: 'subject', block: stage(`${id}-stage`) }) as const;
const delivery = limit({ kind: 'delivery', legal: 20 });

test('what one block refuses the next does not open, and a request of which nothing is left is refused', () => {
  const route = { ...inOrder(eachSubject('a'), eachSubject('b')), delivery };
  const one = play({ route, first: formOver(first, { x: 'public-security', y: 'public-security' }) });
  accepted(reject(one, reviewer(1), 'a-stage@x'));
  accepted(approve(one, reviewer(2), 'a-stage@y'));
  expect(standing(one)).not.toHaveProperty('b-stage@x');
  accepted(reject(one, reviewer(3), 'b-stage@y'));
  expect(one.state).toMatchObject({ status: 'refused', grants: [] });
});

test('two sides that each approve what the other refuses leave nothing to grant', () => {
  const route = { ...inOrder(branches(eachSubject('a'), eachSubject('b')), stage('after')), delivery };
  const one = play({ route, first: formOver(first, { x: 'public-security', y: 'public-security' }) });
  accepted(reject(one, reviewer(1), 'a-stage@x'));
  accepted(approve(one, reviewer(2), 'a-stage@y'));
  accepted(approve(one, reviewer(3), 'b-stage@x'));
  accepted(reject(one, reviewer(4), 'b-stage@y'));
  expect(one.state.status).toBe('refused');
  expect(standing(one)).not.toHaveProperty('after');
});

test('a resource that comes into a provider’s branch was not signed there, so the signature lapses', () => {
  const each = { kind: 'for-each', id: 'p', over: 'provider', block: stage('review') } as const;
  const one = play({
    route: inOrder(each, stage('last', { seat: REQUESTERS })),
    first: formOver(first, { x: 'public-security' }),
  });
  accepted(approve(one, reviewer(1), 'review@public-security'));
  const chief = { person: 'chief', department: 'civil-affairs', roles: ['sharing-lead'] } as const;
  accepted(
    one.act(chief, { action: 'askSupplement', taskId: task(one, 'last'), missing: [{ part: 'entry', text: '补' }] }),
  );
  const more = formOver(nextForm(one.state.form, ['entry']), { x: 'public-security', y: 'public-security' });
  accepted(one.act(APPLICANT, { action: 'supplement', form: more }));
  expect(standing(one)).toMatchObject({ 'review@public-security': 'open', last: 'parked' });
});

test('a delegate neither hands the seat on for good nor asks for materials', () => {
  const one = play({ route: inOrder(stage('s')) });
  accepted(one.act(reviewer(1), { action: 'delegate', taskId: task(one, 's'), to: clerk(1) }));
  const reassign = { action: 'reassign', taskId: task(one, 's'), to: reviewer(2), reason: '转' } as const;
  expect(one.act(clerk(1), reassign)).toEqual({ code: 'AdviceOnly' });
  const ask = { action: 'askSupplement', taskId: task(one, 's'), missing: [{ part: 'items', text: '补' }] } as const;
  expect(one.act(clerk(1), ask)).toEqual({ code: 'AdviceOnly' });
});

test('whoever gave advice does not take the answer back that came of it', () => {
  const one = play({ route: inOrder(stage('s'), stage('next')) });
  accepted(one.act(reviewer(1), { action: 'delegate', taskId: task(one, 's'), to: clerk(1) }));
  accepted(one.act(clerk(1), { action: 'advise', taskId: task(one, 's'), opinion: '可以' }));
  accepted(approve(one, reviewer(1), 's'));
  const back = { action: 'takeBack', taskId: task(one, 's'), reason: '再想想' } as const;
  expect(one.act(clerk(1), back)).toEqual({ code: 'NotYourTask' });
  accepted(one.act(reviewer(1), back));
});

test('a seat whose adviser has signed elsewhere by now can be reassigned and answered', () => {
  const one = play({ route: inOrder(branches(stage('left'), stage('right'))) });
  accepted(one.act(reviewer(1), { action: 'delegate', taskId: task(one, 'left'), to: reviewer(2) }));
  accepted(one.act(reviewer(2), { action: 'advise', taskId: task(one, 'left'), opinion: '可以' }));
  accepted(approve(one, reviewer(2), 'right'));
  expect(approve(one, reviewer(1), 'left')).toEqual({ code: 'AlreadySigned' });
  accepted(one.act(AUTHORITY, { action: 'reassign', taskId: task(one, 'left'), to: reviewer(3), reason: '改派' }));
  accepted(approve(one, reviewer(3), 'left'));
  expect(one.state.status).toBe('closing');
});

test('a stand-in who has signed does not complete the form for the applicant', () => {
  const one = play({ route: inOrder(stage('own', { seat: REQUESTERS, basis: ['purpose'] }), stage('review')) });
  const chief = { person: 'chief', department: 'civil-affairs', roles: ['sharing-lead'] } as const;
  accepted(approve(one, chief, 'own'));
  accepted(one.ask(reviewer(1), 'review', 'attachments'));
  const absent = { ...APPLICANT, from: '2026-11-20', until: '2026-11-30' };
  const supplement = { action: 'supplement', form: nextForm(one.state.form, ['attachments']) } as const;
  expect(inPlaceOf(one, chief, absent, supplement)).toEqual({ code: 'AlreadySigned' });
  accepted(inPlaceOf(one, clerk(1, 'civil-affairs'), absent, supplement));
});

test('a person with a seat of their own takes no other that is open to the role', () => {
  const both = stage('s', { seat: [EACH_REVIEWER, { role: 'reviewer', department: 'public-security' }], rule: 'all' });
  const one = play({ route: inOrder(both), staff: STAFF });
  expect(approve(one, reviewer(1), 's', 4)).toEqual({ code: 'HasASeat' });
  accepted(approve(one, reviewer(4), 's', 4));
});

test('a seat added after one that another was quicker than can answer all the same', () => {
  const one = play({ route: inOrder(stage('s', { seat: [REVIEWERS, REVIEWERS] }), stage('next')) });
  accepted(one.act(reviewer(2), { action: 'addSeat', taskId: task(one, 's', 2), place: 'after', to: clerk(1) }));
  expect(seats(one, 's')).toEqual(['open', 'open', 'waiting']);
  accepted(approve(one, reviewer(1), 's', 1));
  expect(seats(one, 's')).toEqual(['done', 'waiting', 'open']);
  accepted(approve(one, clerk(1), 's', 3));
  expect(one.state.stages['s']?.verdict).toBe('approved');
});

test('nobody takes back an answer that a later seat of the same stage has answered on', () => {
  const one = play({ route: inOrder(stage('s', { seat: EACH_REVIEWER, rule: 'sequential' })), staff: STAFF });
  accepted(approve(one, reviewer(1), 's', 1));
  accepted(approve(one, reviewer(2), 's', 2));
  const back = { action: 'takeBack', taskId: task(one, 's', 1), reason: '再想想' } as const;
  expect(one.act(reviewer(1), back)).toEqual({ code: 'ActedOnSince' });
});

test('a stage that sent the case back to be passed again has a fresh clock when it is entered again', () => {
  const clock = limit({ legal: 5 });
  const route = inOrder(stage('first'), stage('second', { clock }));
  const one = play({ route, at: '2026-11-02T09:00:00+08:00' });
  accepted(approve(one, reviewer(1), 'first'));
  one.at = '2026-11-05T09:00:00+08:00';
  accepted(sendBack(one, reviewer(2), { from: 'second', ...again('first') }));
  expect(one.state.clocks['second']).toMatchObject({ stopped: true });
  one.at = '2026-11-16T09:00:00+08:00';
  accepted(approve(one, reviewer(1), 'first'));
  expect(one.state.clocks['second']).toMatchObject({ stopped: false, startedOn: '2026-11-16', dueOn: '2026-11-23' });
});

test('going back inside a branch leaves the branch’s clock as it is', () => {
  const branch = { kind: 'sequence', id: 'branch', blocks: [stage('a'), stage('b')], clock: limit() } as const;
  const one = play({ route: inOrder(branch), at: '2026-11-02T09:00:00+08:00' });
  accepted(approve(one, reviewer(1), 'a'));
  one.at = '2026-11-05T09:00:00+08:00';
  accepted(sendBack(one, reviewer(2), { from: 'b', ...again('a') }));
  expect(one.state.clocks['branch']).toMatchObject({ startedOn: '2026-11-02', dueOn: '2026-11-16', stopped: false });
});

test('a stage that is moved to another limit and entered again has that limit', () => {
  const route = inOrder(stage('first'), stage('second', { clock: limit({ legal: 5 }) }));
  const one = play({ route, at: '2026-11-02T09:00:00+08:00' });
  accepted(approve(one, reviewer(1), 'first'));
  const next = { ...inOrder(stage('first'), stage('second', { clock: limit({ legal: 3 }) })), version: 2 };
  accepted(one.act(AUTHORITY, { action: 'migrate', route: next }));
  accepted(sendBack(one, reviewer(2), { from: 'second', ...again('first') }));
  accepted(approve(one, reviewer(1), 'first'));
  expect(one.state.clocks['second']).toMatchObject({ dueOn: '2026-11-05' });
});

test('a form without the facts that the route asks about is refused', () => {
  const choice = {
    kind: 'choice',
    id: 'c',
    branches: [{ when: 'personal', block: stage('p') }],
    otherwise: stage('o'),
  } as const;
  expect(() => play({ route: inOrder(choice) }).state).toThrow('Nothing was filed');
  const one = play({ route: inOrder(choice), first: { ...first, facts: { personal: true } } });
  accepted(one.ask(reviewer(1), 'p', 'items'));
  const { facts: _, ...bare } = nextForm(one.state.form, ['items']);
  expect(one.act(APPLICANT, { action: 'supplement', form: bare })).toEqual({ code: 'FactsMissing', pointer: '/form' });
});
