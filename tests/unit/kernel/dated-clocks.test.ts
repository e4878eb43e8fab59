import type { FormRef } from '../../../domain/case.ts';
import { PROCESSES } from '../../../domain/processes/index.ts';
import { faultsOfRoute } from '../../../domain/route-check.ts';
import { blocksIn, type Block, type Limit } from '../../../domain/route.ts';
import { APPLICANT, form, formRef } from '../../support/cases.ts';
import { accepted, nextForm, play, type Play } from '../../support/play.ts';
import {
  again,
  approve,
  AUTHORITY,
  inOrder,
  lead,
  limit,
  reviewer,
  sendBack,
  stage,
  straight,
  task,
} from './office.ts';

const LEAD = { role: 'sharing-lead', department: 'provider' } as const;

const UPDATE: Limit = limit({
  legal: 10,
  from: 'changedOn',
  onSupplement: 'run-on',
  extension: 5,
  remind: [3, 1],
  onOverdue: 'escalate',
});

/** Two stages: the first within ten working days of the change, the second within two of its own. */
function changed(changedOn: string | undefined, at: string): Play {
  const first: FormRef = {
    ...formRef(form(), { id: 'form' }),
    ...(changedOn === undefined ? {} : { dates: { changedOn } }),
  };
  const route = inOrder(
    stage('update', { clock: UPDATE }),
    stage('review', { seat: LEAD, basis: ['scenario'], clock: limit({ legal: 2 }) }),
  );
  return play({ route, at: `${at}T10:00:00+08:00`, first });
}

function go(one: Play, day: string): Play {
  one.at = `${day}T10:00:00+08:00`;
  return one;
}

test('ten working days count from the day that the form states, not from the filing', () => {
  // Wednesday the 18th; a week later it is filed.
  const one = changed('2026-11-18', '2026-11-25');
  expect(one.state.clocks['update']).toMatchObject({
    startedOn: '2026-11-18',
    since: '2026-11-25',
    rawDueOn: '2026-12-02',
    dueOn: '2026-12-02',
  });
  const rung = [one.ring(), one.ring(), one.ring()].flat();
  expect(rung).toMatchObject([
    { type: 'reminded', left: 3, at: '2026-11-27T23:59:59.999+08:00' },
    { type: 'reminded', left: 1 },
    { type: 'limitPassed', at: '2026-12-02T23:59:59.999+08:00' },
    { type: 'escalated' },
  ]);
});

test('reminders of days before the filing are not given', () => {
  const one = changed('2026-11-18', '2026-12-01');
  expect(one.ring()).toMatchObject([{ type: 'reminded', left: 1, at: '2026-12-01T23:59:59.999+08:00' }]);
  const late = changed('2026-11-18', '2026-12-02');
  expect(late.ring()).toMatchObject([{ type: 'limitPassed' }, { type: 'escalated' }]);
});

test('a limit that is over as it begins is counted and brought before the authority at once, and reminds nobody', () => {
  const one = changed('2026-10-12', '2026-11-25');
  expect(one.events.map(({ type }) => type)).toEqual([
    'filed',
    'clockMoved',
    'limitPassed',
    'escalated',
    'stageEntered',
  ]);
  expect(one.state.clocks['update']).toMatchObject({ dueOn: '2026-10-26', passedAt: '2026-11-25T10:00:00+08:00' });
  expect(one.ring()).toEqual([]);
  accepted(approve(one, reviewer(1), 'update'));
});

test('a form that states no such day has no such limit', () => {
  const one = changed(undefined, '2026-11-25');
  expect(one.state.clocks).toEqual({});
  accepted(approve(one, reviewer(1), 'update'));
  expect(Object.keys(one.state.clocks)).toEqual(['review']);
});

test('the authority may give five more days, within the limit only', () => {
  const ask = { action: 'askExtension', clock: 'update', days: 5, reason: '系统改造未完成' } as const;
  const one = changed('2026-11-18', '2026-11-25');
  accepted(one.act(reviewer(1), ask));
  accepted(one.act(AUTHORITY, { action: 'grantExtension', clock: 'update' }));
  expect(one.state.clocks['update']).toMatchObject({ startedOn: '2026-11-18', dueOn: '2026-12-09', extendedBy: 5 });
  expect(changed('2026-10-12', '2026-11-25').act(reviewer(1), ask)).toEqual({ code: 'LimitPassed', pointer: '/clock' });
});

test('going back gives no second term: the days that were left go on, those with the next stage not counted', () => {
  const one = changed('2026-11-18', '2026-11-25');
  accepted(approve(one, reviewer(1), 'update'));
  expect(one.state.clocks['update']).toMatchObject({ stopped: true, left: 5 });
  go(one, '2026-12-04');
  accepted(sendBack(one, lead(1), { from: 'review', ...again('update') }));
  expect(one.state.clocks['update']).toMatchObject({ stopped: false, startedOn: '2026-11-18', dueOn: '2026-12-11' });
  go(one, '2026-12-14');
  const events = accepted(approve(one, reviewer(2), 'update'));
  expect(events.slice(0, 2)).toMatchObject([{ type: 'limitPassed', dueOn: '2026-12-11' }, { type: 'escalated' }]);
});

test('a limit that has passed is counted once, however often the case comes back', () => {
  const one = changed('2026-10-12', '2026-11-25');
  accepted(approve(one, reviewer(1), 'update'));
  accepted(sendBack(one, lead(1), { from: 'review', ...straight('update') }));
  accepted(approve(one, reviewer(2), 'update'));
  expect(one.events.filter(({ type }) => type === 'limitPassed')).toHaveLength(1);
});

test('while the applicant has the case back, the limit runs on', () => {
  const one = changed('2026-11-18', '2026-11-25');
  accepted(sendBack(one, reviewer(1), { from: 'update', ...again('applicant') }));
  expect(one.state.clocks['update']).toMatchObject({ stopped: false, pausedFor: [] });
  one.ring();
  one.ring();
  expect(one.ring()).toMatchObject([{ type: 'limitPassed', dueOn: '2026-12-02' }, { type: 'escalated' }]);
});

test('a form that names another day is counted anew from it', () => {
  const one = changed('2026-11-18', '2026-11-25');
  accepted(one.ask(reviewer(1), 'update', 'attachments'));
  const next = { ...nextForm(one.state.form, ['attachments']), dates: { changedOn: '2026-11-04' } };
  const events = accepted(one.act(APPLICANT, { action: 'supplement', form: next }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'clockMoved', why: 'restarted', dueOn: '2026-11-18' }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'limitPassed', dueOn: '2026-11-18' }));
  expect(task(one, 'update')).toBe('case.update.1');
});

test('such a limit does not start again after a supplement, and every one that ships counts from a date of its form', () => {
  const clock = { ...UPDATE, onSupplement: 'restart' } as const;
  expect(faultsOfRoute(inOrder(stage('s', { clock })))).toEqual([{ block: 's', code: 'RestartsFromDay' }]);
  const limits = (block: Block): Limit[] => [...(block.clock ? [block.clock] : []), ...blocksIn(block).flatMap(limits)];
  const shipped = PROCESSES.flatMap(({ route, fields }) =>
    limits(route.root).flatMap(({ from }) => (from === undefined ? [] : [fields.find(({ id }) => id === from)?.kind])),
  );
  expect(shipped).toEqual(['date']);
});
