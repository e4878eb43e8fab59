import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { APPLICANT } from '../../support/cases.ts';
import { accepted, play, type Play } from '../../support/play.ts';
import { approve, AUTHORITY, inOrder, limit, reviewer, seats, stage } from './office.ts';

const running = (): Play =>
  play({ route: inOrder(stage('s', { clock: limit({ legal: 10 }) })), at: '2026-11-02T09:00:00+08:00' });
const suspend = { action: 'suspend', reason: '核查', reviewOn: '2026-11-20' } as const;
const resume = { action: 'resume', reason: '查清' } as const;

test('挂起 freezes the case: nobody answers, and its clock stands still until it is resumed', () => {
  const one = running();
  one.at = '2026-11-04T09:00:00+08:00';
  accepted(one.act(AUTHORITY, suspend));
  expect(one.state).toMatchObject({ status: 'suspended', clocks: { s: { pausedFor: ['suspended'], left: 8 } } });
  expect(seats(one, 's')).toEqual(['waiting']);
  expect(approve(one, reviewer(1), 's')).toEqual({ code: 'Suspended' });
  one.at = '2026-11-16T09:00:00+08:00';
  accepted(one.act(AUTHORITY, resume));
  expect(one.state).toMatchObject({ status: 'in-approval', clocks: { s: { pausedFor: [], dueOn: '2026-11-26' } } });
  accepted(approve(one, reviewer(1), 's'));
});

test('only the authority does it, for a reason, with a later date of review', () => {
  const one = running();
  expect(one.act(reviewer(1), suspend)).toEqual({ code: 'NotTheAuthority' });
  expect(one.act(AUTHORITY, { ...suspend, reason: ' ' })).toMatchObject({ code: 'ReasonMissing' });
  expect(one.act(AUTHORITY, { ...suspend, reviewOn: '2026-11-01' })).toEqual({
    code: 'ReviewNotLater',
    pointer: '/reviewOn',
  });
  expect(one.act(AUTHORITY, { ...suspend, reviewOn: '2026-02-30' })).toEqual({
    code: 'ReviewNotLater',
    pointer: '/reviewOn',
  });
  expect(one.act(AUTHORITY, resume)).toEqual({ code: 'NotSuspended' });
  accepted(one.act(AUTHORITY, suspend));
  expect(one.act(AUTHORITY, suspend)).toEqual({ code: 'Suspended' });
  expect(one.act(reviewer(1), resume)).toEqual({ code: 'NotTheAuthority' });
});

test('on the date of review somebody is reminded, once', () => {
  const one = running();
  accepted(one.act(AUTHORITY, suspend));
  expect(caseMachine.alarm(one.state)).toMatchObject({ do: { action: 'remindReview', reviewOn: '2026-11-20' } });
  expect(one.ring()).toEqual([expect.objectContaining({ type: 'reviewDue', reviewOn: '2026-11-20' })]);
  expect(caseMachine.alarm(one.state)).toBeUndefined();
  expect(one.state.status).toBe('suspended');
});

test('撤销 and 终止 end a case that is suspended, and commenting goes on', () => {
  const one = running();
  accepted(one.act(AUTHORITY, suspend));
  accepted(one.act(reviewer(1), { action: 'comment', text: '材料在此' }));
  accepted(one.act(APPLICANT, { action: 'withdraw', reason: '不需要了' }));
  expect(one.state.status).toBe('withdrawn');
  const other = running();
  accepted(other.act(AUTHORITY, suspend));
  expect(other.act(reviewer(1), { action: 'terminate', reason: '违规' })).toEqual({ code: 'NotTheAuthority' });
  accepted(other.act(AUTHORITY, { action: 'terminate', reason: '违规' }));
  expect(other.state.status).toBe('terminated');
});
