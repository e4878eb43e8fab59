import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { APPLICANT } from '../../support/cases.ts';
import { accepted, play, type Play } from '../../support/play.ts';
import { approve, AUTHORITY, inOrder, limit, reviewer, stage, task } from './office.ts';

const running = (): Play =>
  play({
    route: inOrder(stage('s', { clock: limit({ legal: 5, remind: [3, 1], onOverdue: 'escalate' }) }), stage('next')),
    at: '2026-11-02T09:00:00+08:00',
  });

test('reminders come at the end of the days that leave so many, then the limit passes, is counted and brought before the authority', () => {
  const one = running();
  const rung = [one.ring(), one.ring(), one.ring()].map(([event]) => event);
  expect(rung).toEqual([
    expect.objectContaining({ type: 'reminded', left: 3, at: '2026-11-04T23:59:59.999+08:00' }),
    expect.objectContaining({ type: 'reminded', left: 1 }),
    expect.objectContaining({ type: 'limitPassed', dueOn: '2026-11-09' }),
  ]);
  expect(one.events.at(-1)).toMatchObject({ type: 'escalated', dueOn: '2026-11-09' });
  expect(caseMachine.alarm(one.state)).toBeUndefined();
  expect(one.state.status).toBe('in-approval');
  accepted(approve(one, reviewer(1), 's'));
});

test('after an outage only the latest reminder is given, and none once the limit has passed', () => {
  const one = running();
  const alarm = caseMachine.alarm(one.state);
  if (!alarm) throw new Error('No alarm');
  const late = {
    id: 'late',
    at: '2026-11-07T09:00:00+08:00',
    actor: { person: 'system', department: 'system', roles: [] },
    do: alarm.do,
  };
  expect(one.send(late)).toEqual([expect.objectContaining({ type: 'reminded', left: 1 })]);
  expect(caseMachine.alarm(one.state)?.do).toMatchObject({ action: 'passLimit' });
  const other = running();
  const events = accepted(other.send({ ...late, at: '2026-11-12T09:00:00+08:00' }));
  expect(events.map(({ type }) => type)).toEqual(['limitPassed', 'escalated']);
});

test('催办 reminds those who hold the case, once a day, by the applicant or the authority', () => {
  const one = running();
  expect(one.act(reviewer(1), { action: 'urge' })).toEqual({ code: 'NotTheApplicant' });
  const events = accepted(one.act(APPLICANT, { action: 'urge', note: '急' }));
  expect(events).toEqual([expect.objectContaining({ type: 'urged', stages: ['s'] })]);
  expect(one.act(AUTHORITY, { action: 'urge' })).toEqual({ code: 'UrgedToday' });
  one.at = '2026-11-03T09:00:00+08:00';
  accepted(one.act(AUTHORITY, { action: 'urge' }));
  accepted(
    one.act(reviewer(1), { action: 'askSupplement', taskId: task(one, 's'), missing: [{ part: 'items', text: '补' }] }),
  );
  one.at = '2026-11-04T09:00:00+08:00';
  expect(one.act(APPLICANT, { action: 'urge' })).toEqual({ code: 'NobodyToUrge' });
});

test('抄送 tells others without anything for them to do, and is no stranger’s to give', () => {
  const one = running();
  const to = [{ role: 'auditor', department: 'data-bureau' }] as const;
  expect(one.act(reviewer(1, 'education'), { action: 'copy', to })).toEqual({ code: 'NotAParty' });
  expect(one.act(reviewer(1), { action: 'copy', to: [] })).toEqual({ code: 'NobodyNamed', pointer: '/to' });
  const before = one.state;
  accepted(one.act(reviewer(1), { action: 'copy', to }));
  expect(one.state).toEqual(before);
  expect(one.act(reviewer(1), { action: 'comment', text: ' ' })).toMatchObject({ code: 'CommentMissing' });
});
