import { SYSTEM } from '../../../domain/case.ts';
import { step, type Journal } from '../../../domain/journal.ts';
import {
  type GrantAction,
  type GrantEvent,
  grantActionsOf,
  grantMachine,
  type GrantPersonAction,
  type GrantState,
} from '../../../domain/kernel/grant.ts';
import type { Actor } from '../../../domain/language.ts';
import { actor, APPLICANT, PROVIDER_LEAD, REVIEWER } from '../../support/cases.ts';

const AUTHORITY = actor('data-bureau', 'authority');
const reason = '发现超范围使用';

function opened({
  at = '2026-11-25T10:00:00+08:00',
  from = '2026-11-01',
  to = '2027-10-31',
  renewalFrom,
}: { at?: string; from?: string; to?: string; renewalFrom?: string } = {}) {
  let journal: Journal<GrantState> = { state: undefined, seq: 0, settled: {} };
  let commands = 0;
  const one = {
    at,
    events: [] as GrantEvent[],
    get state(): GrantState {
      if (!journal.state) throw new Error('Not opened');
      return journal.state;
    },
    send(who: Actor, action: GrantAction): readonly string[] | string {
      commands += 1;
      const taken = step(grantMachine, journal, { id: `c${commands}`, at: one.at, actor: who, do: action });
      if ('refusal' in taken) return taken.refusal.code;
      journal = taken.journal;
      const fresh = taken.entries.map(({ event }) => event);
      one.events.push(...fresh);
      return fresh.map(({ type }) => type);
    },
    ring(): readonly string[] | string {
      const alarm = grantMachine.alarm(one.state);
      if (!alarm) return 'nothing';
      one.at = alarm.at;
      return one.send(SYSTEM, alarm.do);
    },
    report: (deliveryId: string, outcome: 'delivered' | 'failed' = 'delivered') =>
      one.send(SYSTEM, { action: 'reportDelivery', report: { deliveryId, outcome } }),
  };
  const terms = { grantId: 'g', caseId: 'case', requester: 'civil-affairs', provider: 'public-security' };
  one.send(SYSTEM, {
    action: 'open',
    ...terms,
    validFrom: from,
    validTo: to,
    ...(renewalFrom === undefined ? {} : { renewalFrom }),
  });
  return one;
}

test('a grant opens with its first delivery asked for, and one delivery runs at a time', () => {
  const one = opened();
  expect(one.state).toMatchObject({ status: 'active', running: 'g.1', deliveries: 1, delivered: false });
  expect(one.send(APPLICANT, { action: 'deliver' })).toBe('DeliveryRunning');
  expect(one.report('g.1')).toEqual(['deliveryReported']);
  expect(one.state).toMatchObject({ delivered: true, lastReport: { outcome: 'delivered' } });
  expect(one.send(APPLICANT, { action: 'deliver' })).toEqual(['deliveryAsked']);
  expect(one.state.running).toBe('g.2');
});

test('a delivery that failed can be asked for again, and a report of another delivery means nothing', () => {
  const one = opened();
  one.report('g.1', 'failed');
  expect(one.state.delivered).toBe(false);
  one.send(APPLICANT, { action: 'deliver' });
  expect(one.report('g.1')).toEqual([]);
  expect(one.state.running).toBe('g.2');
});

test('a grant whose period has yet to begin delivers first when it does', () => {
  const one = opened({ from: '2026-12-01' });
  expect(one.state).toMatchObject({ deliveries: 0, isAwaited: true });
  expect(one.send(APPLICANT, { action: 'deliver' })).toBe('GrantNotActive');
  expect(grantMachine.alarm(one.state)).toEqual({ at: '2026-12-01T00:00:00.000+08:00', do: { action: 'begin' } });
  expect(one.ring()).toEqual(['deliveryAsked']);
  expect(one.send(SYSTEM, { action: 'begin' })).toEqual([]);
  expect(grantMachine.alarm(one.state)).toMatchObject({ do: { action: 'expire' } });
});

test('a grant that was suspended when its period began delivers once it is resumed', () => {
  const one = opened({ from: '2026-12-01' });
  one.send(PROVIDER_LEAD, { action: 'suspend', reason });
  expect(grantMachine.alarm(one.state)).toMatchObject({ do: { action: 'expire' } });
  one.send(PROVIDER_LEAD, { action: 'resume', reason });
  expect(one.ring()).toEqual(['deliveryAsked']);
});

test('a grant agreed to only after its period delivers nothing and expires', () => {
  const one = opened({ at: '2027-11-01T10:00:00+08:00' });
  expect(one.state.deliveries).toBe(0);
  expect(one.send(APPLICANT, { action: 'deliver' })).toBe('GrantOver');
  expect(one.ring()).toEqual(['expired']);
  expect(grantMachine.isOver(one.state)).toBe(true);
});

test('suspended nothing is delivered, resumed it is, terminated it is over for good', () => {
  const one = opened();
  one.report('g.1');
  expect(one.send(PROVIDER_LEAD, { action: 'resume', reason })).toBe('NotSuspended');
  expect(one.send(PROVIDER_LEAD, { action: 'suspend', reason: ' ' })).toBe('ReasonMissing');
  expect(one.send(PROVIDER_LEAD, { action: 'suspend', reason })).toEqual(['suspended']);
  expect(one.send(AUTHORITY, { action: 'suspend', reason })).toBe('GrantNotActive');
  expect(one.send(APPLICANT, { action: 'deliver' })).toBe('GrantNotActive');
  expect(one.send(AUTHORITY, { action: 'resume', reason })).toEqual(['resumed']);
  expect(one.send(AUTHORITY, { action: 'terminate', reason })).toEqual(['terminated']);
  expect(one.send(APPLICANT, { action: 'deliver' })).toBe('GrantOver');
  expect(one.send(AUTHORITY, { action: 'resume', reason })).toBe('GrantOver');
  expect(one.ring()).toBe('nothing');
  expect(one.events.at(-1)).toMatchObject({ capacity: { role: 'authority', department: 'data-bureau' }, reason });
});

test('at the end of its period access ends by itself, after the last millisecond of the last day', () => {
  const one = opened();
  one.report('g.1');
  expect(grantMachine.alarm(one.state)?.at).toBe('2027-10-31T23:59:59.999+08:00');
  expect(one.ring()).toEqual(['expired']);
  expect(one.send(SYSTEM, { action: 'expire' })).toEqual([]);
  expect(grantMachine.isOver(one.state)).toBe(true);
});

test('a grant ended while a delivery runs is over only once that delivery has been heard of', () => {
  const one = opened();
  one.send(AUTHORITY, { action: 'terminate', reason });
  expect(grantMachine.isOver(one.state)).toBe(false);
  one.report('g.1', 'failed');
  expect(grantMachine.isOver(one.state)).toBe(true);
});

test.each([
  ['the requester’s requester', APPLICANT, ['deliver', 'reschedule']],
  ['the provider’s reviewer', REVIEWER, ['deliver']],
  ['the provider’s lead', PROVIDER_LEAD, ['deliver', 'suspend', 'terminate']],
  ['the authority', AUTHORITY, ['suspend', 'terminate']],
  ['a lead of a third department', actor('transport', 'sharing-lead'), []],
  ['an auditor', actor('data-bureau', 'auditor'), []],
])('%s may do with an active grant what the rules give them', (_, who, expected) => {
  const one = opened();
  one.report('g.1');
  expect(grantActionsOf(one.state, who, one.at)).toEqual(expected);
});

test('what only the workflow says is refused from a person, and a grant is opened once', () => {
  const one = opened();
  const forbidden: GrantAction[] = [
    { action: 'begin' },
    { action: 'expire' },
    { action: 'reportDelivery', report: { deliveryId: 'g.1', outcome: 'delivered' } },
  ];
  for (const action of forbidden) expect(one.send(AUTHORITY, action)).toBe('SystemOnly');
  const { status: _, isAwaited: __, deliveries: ___, delivered: ____, running: _____, ...terms } = one.state;
  expect(one.send(SYSTEM, { action: 'open', ...terms })).toBe('AlreadyFiled');
  const first: GrantPersonAction = { action: 'deliver' };
  const command = { id: 'x', at: one.at, actor: APPLICANT, do: first };
  expect(grantMachine.decide(undefined, command)).toEqual({ refusal: { code: 'NotFiled' } });
  expect(() => grantMachine.evolve(undefined, { type: 'expired', at: one.at })).toThrow('begins with opened');
});

test('renewal is offered once before the end, and the end still comes by itself', () => {
  const one = opened({ renewalFrom: '2027-10-01' });
  one.report('g.1');
  expect(one.ring()).toEqual(['renewalOffered']);
  expect(one.at).toBe('2027-10-01T00:00:00.000+08:00');
  expect(one.send(SYSTEM, { action: 'offerRenewal' })).toEqual([]);
  expect(one.send(APPLICANT, { action: 'offerRenewal' })).toBe('SystemOnly');
  expect(one.ring()).toEqual(['expired']);
  expect(one.send(SYSTEM, { action: 'offerRenewal' })).toEqual([]);
});

test('a grant that is terminated offers no renewal', () => {
  const one = opened({ renewalFrom: '2027-10-01' });
  one.send(PROVIDER_LEAD, { action: 'terminate', reason });
  expect(grantMachine.alarm(one.state)).toBeUndefined();
});
