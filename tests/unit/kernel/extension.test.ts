import { accepted, play, type Play } from '../../support/play.ts';
import { APPLICANT } from '../../support/cases.ts';
import { AUTHORITY, inOrder, inPlaceOf, limit, reviewer, stage } from './office.ts';

const running = (extension = 5): Play =>
  play({
    route: inOrder(stage('s', { clock: limit({ legal: 5, extension, remind: [2], promise: 3 }) })),
    at: '2026-11-02T09:00:00+08:00',
  });
const ask = { action: 'askExtension', clock: 's', days: 3, reason: '数据量大' } as const;
const grant = { action: 'grantExtension', clock: 's' } as const;

test('the authority agrees to more time: the due date moves, reminders are armed again, the promise stays', () => {
  const one = running();
  one.ring();
  accepted(one.act(reviewer(1), ask));
  const events = accepted(one.act(AUTHORITY, grant));
  expect(events).toContainEqual(expect.objectContaining({ type: 'extensionGranted', days: 3 }));
  expect(one.state.clocks['s']).toMatchObject({
    rawDueOn: '2026-11-09',
    dueOn: '2026-11-12',
    promisedOn: '2026-11-05',
    extendedBy: 3,
    reminded: [],
  });
  expect(one.ring()).toEqual([expect.objectContaining({ type: 'reminded', left: 2 })]);
});

test('it is asked once, by somebody who holds the case, within what the limit allows, for a reason', () => {
  const one = running();
  expect(one.act(reviewer(1, 'transport'), ask)).toEqual({ code: 'NotYourTask' });
  expect(one.act(reviewer(1), { ...ask, clock: 'none' })).toEqual({ code: 'NoSuchClock', pointer: '/clock' });
  for (const days of [0, 6, 1.5]) {
    expect(one.act(reviewer(1), { ...ask, days })).toEqual({ code: 'TooManyDays', pointer: '/days' });
  }
  expect(one.act(reviewer(1), { ...ask, reason: ' ' })).toMatchObject({ code: 'ReasonMissing' });
  expect(one.act(AUTHORITY, grant)).toEqual({ code: 'NoExtensionAsked', pointer: '/clock' });
  accepted(one.act(reviewer(1), ask));
  expect(one.act(reviewer(1), ask)).toEqual({ code: 'ExtensionAsked', pointer: '/clock' });
  expect(one.act(reviewer(1), grant)).toEqual({ code: 'NotTheAuthority' });
});

test('the applicant does not ask for it in another’s place', () => {
  const one = running();
  const applicant = { ...APPLICANT, department: 'public-security' };
  const absent = { ...reviewer(1), from: '2026-11-01', until: '2026-11-30' };
  expect(inPlaceOf(one, applicant, absent, ask)).toEqual({ code: 'NotYourTask' });
});

test('the authority may refuse it, for a reason, and then it is not asked again', () => {
  const one = running();
  accepted(one.act(reviewer(1), ask));
  const refusal = { action: 'refuseExtension', clock: 's', reason: ' ' } as const;
  expect(one.act(AUTHORITY, refusal)).toMatchObject({ code: 'ReasonMissing' });
  accepted(one.act(AUTHORITY, { ...refusal, reason: '理由不足' }));
  expect(one.state.clocks['s']?.dueOn).toBe('2026-11-09');
  expect(one.act(reviewer(1), ask)).toEqual({ code: 'ExtensionAsked', pointer: '/clock' });
});

test('not after the limit has passed, and not where the limit allows none', () => {
  const late = running();
  late.at = '2026-11-10T09:00:00+08:00';
  expect(late.act(reviewer(1), ask)).toEqual({ code: 'LimitPassed', pointer: '/clock' });
  const none = play({ route: inOrder(stage('s', { clock: limit() })) });
  expect(none.act(reviewer(1), ask)).toEqual({ code: 'NotExtendable', pointer: '/clock' });
});

test('consent that comes late gives the limit another chance, unless it is over all the same', () => {
  const one = running();
  accepted(one.act(reviewer(1), ask));
  one.at = '2026-11-10T09:00:00+08:00';
  accepted(one.act(AUTHORITY, grant));
  expect(one.state.clocks['s']).toMatchObject({ dueOn: '2026-11-12' });
  expect(one.state.clocks['s']?.passedAt).toBeUndefined();
  const later = running();
  accepted(later.act(reviewer(1), ask));
  later.at = '2026-11-20T09:00:00+08:00';
  accepted(later.act(AUTHORITY, grant));
  expect(later.state.clocks['s']?.passedAt).toBeDefined();
});
