import { SYSTEM } from '../../../domain/case.ts';
import { EMPTY, type Journal, step } from '../../../domain/journal.ts';
import { openingOf } from '../../../domain/kernel/grant-opening.ts';
import { nextRunOf } from '../../../domain/kernel/grant-schedule.ts';
import { type GrantAction, type GrantEvent, grantMachine, type GrantState } from '../../../domain/kernel/grant.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Schedule } from '../../../domain/schedule/schedule.ts';
import { actor, APPLICANT, form, formRef, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../../support/cases.ts';
import { play } from '../../support/play.ts';
import { UNCONDITIONAL_AT_ONCE } from '../../../domain/routes/share-request.ts';

const NIGHTLY: Schedule = { kind: 'cron', cron: '0 2 * * *' };
const reason = '核查';

function opened({ schedule = NIGHTLY, from = '2026-11-25', to = '2026-12-31' }: Partial<Opening> = {}) {
  let journal: Journal<GrantState> = EMPTY;
  let commands = 0;
  const one = {
    at: '2026-11-25T10:00:00+08:00',
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
      one.events.push(...taken.entries.map(({ event }) => event));
      return taken.entries.map(({ event }) => event.type);
    },
    /** Lets time act once, at its moment or, where nothing ran then, as late as this. */
    ring(late?: string): readonly string[] | string {
      const alarm = grantMachine.alarm(one.state);
      if (!alarm) return 'nothing';
      one.at = alarm.isSoft && late !== undefined ? late : alarm.at;
      return one.send(SYSTEM, alarm.do);
    },
    report: (outcome: 'delivered' | 'failed' = 'delivered') =>
      one.send(SYSTEM, { action: 'reportDelivery', report: { deliveryId: one.state.running ?? '', outcome } }),
    next: (): string | undefined => grantMachine.alarm(one.state)?.at.slice(0, 16),
  };
  const terms = { grantId: 'g', caseId: 'case', requester: 'civil-affairs', provider: 'public-security' };
  one.send(SYSTEM, { action: 'open', ...terms, validFrom: from, validTo: to, schedule });
  return one;
}

interface Opening {
  readonly schedule: Schedule;
  readonly from: string;
  readonly to: string;
}

test('after the first delivery the schedule makes the others, each once, until the period ends', () => {
  const one = opened({ to: '2026-11-28' });
  expect(one.next()).toBe('2026-11-28T23:59');
  one.report();
  const told: unknown[] = [];
  for (let rung = one.ring(); rung !== 'nothing'; rung = one.ring()) {
    told.push([one.at.slice(0, 16), rung]);
    if (one.state.running !== undefined) one.report();
  }
  expect(told).toEqual([
    ['2026-11-26T02:00', ['deliveryAsked']],
    ['2026-11-27T02:00', ['deliveryAsked']],
    ['2026-11-28T02:00', ['deliveryAsked']],
    ['2026-11-28T23:59', ['expired']],
  ]);
  expect(one.state).toMatchObject({ deliveries: 4, status: 'expired' });
  expect(one.events.filter(({ type }) => type === 'deliveryReported').map((event) => 'isScheduled' in event)).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('runs that were missed while nothing ran are made up for by one, and the next comes at its time', () => {
  const one = opened();
  one.report();
  expect(one.ring('2026-12-05T09:30:00+08:00')).toEqual(['deliveryAsked']);
  expect(one.events.at(-1)).toMatchObject({ scheduledFor: '2026-11-26T02:00:00.000+08:00', deliveryId: 'g.2' });
  one.report();
  expect(one.next()).toBe('2026-12-06T02:00');
});

test('a run rung a moment early is not rung again at its time', () => {
  const one = opened();
  one.report();
  one.ring('2026-11-26T01:59:59.999+08:00');
  one.report();
  expect(one.next()).toBe('2026-11-27T02:00');
});

test('runs that come due while a delivery runs are made up for by one once it has ended', () => {
  const one = opened();
  expect(grantMachine.alarm(one.state)).toMatchObject({ do: { action: 'expire' } });
  one.at = '2026-11-28T03:00:00+08:00';
  one.report();
  expect(one.ring(one.at)).toEqual(['deliveryAsked']);
  one.report();
  expect(one.next()).toBe('2026-11-29T02:00');
});

test('a delivery that is asked for makes up for those missed before it, and leaves the next as it is', () => {
  const one = opened();
  one.report();
  one.at = '2026-11-25T20:00:00+08:00';
  one.send(APPLICANT, { action: 'deliver' });
  one.report();
  expect(one.next()).toBe('2026-11-26T02:00');
});

test('where nothing ran until the period was over the grant ends on its last day, without a delivery', () => {
  const one = opened({ to: '2026-11-28' });
  one.report();
  expect(one.ring('2027-02-01T09:30:00+08:00')).toEqual(['expired']);
  expect(one.events.at(-1)).toEqual({ type: 'expired', at: '2026-11-28T23:59:59.999+08:00' });
});

test('nothing runs while it is suspended, and resumed it runs at the next time, not for those that passed', () => {
  const one = opened();
  one.report();
  one.send(PROVIDER_LEAD, { action: 'suspend', reason });
  expect(grantMachine.alarm(one.state)).toMatchObject({ do: { action: 'expire' } });
  one.at = '2026-11-30T09:00:00+08:00';
  one.send(PROVIDER_LEAD, { action: 'resume', reason });
  expect(one.next()).toBe('2026-12-01T02:00');
  one.send(PROVIDER_LEAD, { action: 'terminate', reason });
  expect(grantMachine.alarm(one.state)).toBeUndefined();
});

test('a period that has yet to begin delivers first, and then by its schedule; the renewal is offered between runs', () => {
  const one = opened({ from: '2026-12-01' });
  expect(one.ring()).toEqual(['deliveryAsked']);
  one.report();
  expect(one.next()).toBe('2026-12-01T02:00');
  const offered = opened({ schedule: { kind: 'cron', cron: '0 2 * * mon' } });
  expect(nextRunOf({ ...offered.state, isAwaited: true })).toBeUndefined();
});

test('the requester alone changes the schedule, as long as the grant is not over', () => {
  const one = opened();
  one.report();
  const change: GrantAction = { action: 'reschedule', schedule: { kind: 'after-update', cycle: 'monthly' } };
  for (const who of [PROVIDER_LEAD, REVIEWER, actor('data-bureau', 'authority'), actor('transport', 'requester')]) {
    expect(one.send(who, change)).toBe('NotYourGrant');
  }
  expect(one.send(APPLICANT, change)).toEqual(['rescheduled']);
  expect(one.next()).toBe('2026-12-01T02:00');
  expect(one.send(REQUESTER_LEAD, { action: 'reschedule', schedule: { kind: 'on-call' } })).toEqual(['rescheduled']);
  expect(grantMachine.alarm(one.state)).toMatchObject({ do: { action: 'expire' } });
  expect(one.send(APPLICANT, { action: 'run', scheduledFor: one.at })).toBe('SystemOnly');
  one.send(PROVIDER_LEAD, { action: 'terminate', reason });
  expect(one.send(APPLICANT, change)).toBe('GrantOver');
});

test('a run that finds the grant suspended or a delivery under way asks for nothing', () => {
  const one = opened();
  const run: GrantAction = { action: 'run', scheduledFor: one.at };
  expect(one.send(SYSTEM, run)).toEqual([]);
  one.report();
  one.send(PROVIDER_LEAD, { action: 'suspend', reason });
  expect(one.send(SYSTEM, run)).toEqual([]);
});

test('a delivery of the whole set is known as such until it has been heard of', () => {
  const one = opened();
  one.report();
  one.send(APPLICANT, { action: 'deliver', isWhole: true });
  expect(one.state.isWhole).toBe(true);
  one.report();
  expect(one.state).not.toHaveProperty('isWhole');
});

test('a grant opens with the schedule of the form, and each of several resources with the cycle of its own entry', () => {
  const first = formRef(form({ schedule: { kind: 'after-update' } }), { id: 'form' });
  const one = play({ route: UNCONDITIONAL_AT_ONCE, first });
  one.approve(REQUESTER_LEAD, 'requester-lead');
  const [given] = one.state.grants;
  if (!given) throw new Error('Nothing was granted');
  const schedule = { kind: 'after-update', cycle: 'daily' };
  expect(openingOf(one.state, given.id).do).toMatchObject({ schedule });
  const subjects = [{ id: 'other', provider: 'transport', parts: {}, cycle: 'yearly' }];
  const several = { ...one.state, form: { ...first, subjects }, grants: [{ ...given, subject: 'other' }] };
  expect(openingOf(several, given.id).do).toMatchObject({
    provider: 'transport',
    schedule: { ...schedule, cycle: 'yearly' },
  });
});
