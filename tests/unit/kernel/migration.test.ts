import type { Block, Route } from '../../../domain/route.ts';
import { migrationPreview } from '../../../domain/kernel/decide-system.ts';
import { accepted, play, type Play } from '../../support/play.ts';
import { approve, AUTHORITY, inOrder, lead, reviewer, stage, standing, task } from './office.ts';

const next = (...blocks: readonly Block[]): Route => ({ ...inOrder(...blocks), version: 2 });
const to = (route: Route) => ({ action: 'migrate', route }) as const;

/** The first of three stages is signed, the second has asked for materials. */
function underWay(): Play {
  const one = play({ route: inOrder(stage('a'), stage('b'), stage('c')) });
  accepted(approve(one, reviewer(1), 'a'));
  accepted(one.ask(reviewer(2), 'b', 'items'));
  return one;
}

test('a case is moved to another version of its route by the authority, and keeps what stands', () => {
  const one = underWay();
  const route = next(stage('a'), stage('b'), stage('new'));
  expect(one.act(reviewer(1), to(route))).toEqual({ code: 'NotTheAuthority' });
  accepted(one.act(AUTHORITY, to(route)));
  expect(standing(one)).toEqual({ a: 'decided', b: 'open' });
  expect(one.state).toMatchObject({ route: { version: 2 }, status: 'awaiting-supplement' });
});

test('stages that the new route does not have lose their signatures and their waits', () => {
  const one = underWay();
  accepted(one.act(AUTHORITY, to(next(stage('a'), stage('c')))));
  expect(standing(one)).toEqual({ a: 'decided', b: 'lapsed', c: 'open' });
  expect(one.state).toMatchObject({ supplements: {}, status: 'in-approval' });
  expect(approve(one, reviewer(2), 'b')).toEqual({ code: 'TaskLapsed' });
});

test.each([
  ['another basis', stage('a', { basis: ['items', 'purpose'] })],
  ['other people', stage('a', { seat: { role: 'sharing-lead', department: 'provider' } })],
  ['another rule', stage('a', { rule: 'all' })],
])('a signature lapses where the stage has %s', (_, changed) => {
  const one = underWay();
  accepted(one.act(AUTHORITY, to(next(changed, stage('b'), stage('c')))));
  expect(standing(one)).toMatchObject({ a: 'open', b: 'parked' });
});

test('a narrower basis, and the same route with its members in another order, lapse nothing', () => {
  const one = underWay();
  const reordered = { mayAskSupplement: true, rule: 'any', kind: 'stage', id: 'a', basis: ['items'] } as const;
  const seat = { department: 'provider', role: 'reviewer' } as const;
  accepted(one.act(AUTHORITY, to(next({ ...reordered, seat }, stage('b'), stage('c')))));
  expect(standing(one)).toMatchObject({ a: 'decided', b: 'open' });
});

test('a migration decides nothing: one that would is refused', () => {
  const one = underWay();
  expect(one.act(AUTHORITY, to(next(stage('a'))))).toEqual({ code: 'MigrationDecides', pointer: '/route' });
  expect(one.state.route.version).toBe(1);
});

test('another route, the same version, an unsound one or one that asks for facts which are not there is refused', () => {
  const one = underWay();
  const route = next(stage('a'), stage('b'));
  expect(one.act(AUTHORITY, to({ ...route, id: 'other' }))).toEqual({ code: 'NotAnotherVersion', pointer: '/route' });
  expect(one.act(AUTHORITY, to({ ...route, version: 1 }))).toEqual({ code: 'NotAnotherVersion', pointer: '/route' });
  expect(one.act(AUTHORITY, to(next(stage('a', { basis: [] }))))).toEqual({ code: 'RouteUnsound', pointer: '/route' });
  const choice = {
    kind: 'choice',
    id: 'c',
    branches: [{ when: 'personal', block: stage('p') }],
    otherwise: stage('o'),
  } as const;
  expect(one.act(AUTHORITY, to(next(choice)))).toEqual({ code: 'FactsMissing', pointer: '/route' });
});

test('a dry run says what would lapse and what would be dropped, and changes nothing', () => {
  const one = play({ route: inOrder(stage('a'), stage('b'), stage('c')) });
  accepted(approve(one, reviewer(1), 'a'));
  accepted(approve(one, reviewer(2), 'b'));
  const probe = { id: 'probe', at: one.at, actor: AUTHORITY, do: to(one.state.route) };
  const route = next(stage('a', { basis: ['items', 'mode'] }), stage('c'));
  expect(migrationPreview(one.state, probe, route)).toEqual({ lapsed: ['a'], dropped: ['b'] });
  expect(migrationPreview(one.state, { ...probe, actor: lead(1) }, route)).toEqual({ refusal: 'NotTheAuthority' });
  expect(task(one, 'a')).toBe('case.a.1');
});
