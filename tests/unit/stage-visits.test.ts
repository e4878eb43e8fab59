import { visitChanges } from '../../domain/stage-visits.ts';
import { WORKING_DAY_MS } from '../../domain/working-time.ts';
import { CONDITIONAL } from '../../domain/routes/share-request.ts';
import type { Route } from '../../domain/route.ts';
import { actor, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { type Play, play } from '../support/play.ts';

const AUTHORITY = actor('data-bureau', 'authority');
const day = (date: string, time = '09:00'): string => `2026-${date}T${time}:00.000+08:00`;

/** A visit in a few words, by stage and activation. */
function visitsOf({ events }: Play) {
  return Object.fromEntries(
    visitChanges(undefined, events).map(({ stage, activation, handledMs, ...rest }) => [
      `${stage}.${activation}`,
      { ...rest, days: handledMs / WORKING_DAY_MS },
    ]),
  );
}

/** A case that the reviewer of public security has before them since Wednesday, 25 November, nine o'clock. */
function atReviewer(route?: Route): Play {
  const run = play({ at: day('11-25'), ...(route ? { route } : {}) });
  run.approve(REQUESTER_LEAD, 'requester-lead');
  return run;
}

test('a task is handled from when it is there until it is answered, but for the days that nobody works', () => {
  const run = atReviewer();
  run.at = day('11-30');
  run.approve(REVIEWER, 'provider-reviewer');
  expect(visitsOf(run)).toMatchObject({
    'requester-lead.1': { department: 'civil-affairs', answers: 1, days: 0, verdict: 'approved' },
    'provider-reviewer.1': {
      department: 'public-security',
      answers: 1,
      days: 3,
      dueOn: '2026-12-09',
      hasPassed: false,
    },
    'provider-lead.1': { department: 'public-security', answers: 0, days: 0 },
  });
});

test('the days on which materials are awaited are not the reviewer’s', () => {
  const run = atReviewer();
  run.at = day('11-26');
  run.ask(REVIEWER, 'provider-reviewer', 'scenario');
  run.at = day('12-02');
  run.supplement('scenario');
  run.at = day('12-02', '21:00');
  run.approve(REQUESTER_LEAD, 'requester-lead');
  run.at = day('12-03');
  run.approve(REVIEWER, 'provider-reviewer');
  const { 'provider-reviewer.1': visit, 'requester-lead.2': again } = visitsOf(run);
  expect(visit).toMatchObject({ answers: 1, days: 1.5 });
  expect(again).toMatchObject({ answers: 1, days: 0.5 });
});

test('the days of a suspension are nobody’s', () => {
  const run = atReviewer();
  run.at = day('11-26');
  run.act(AUTHORITY, { action: 'suspend', reason: '核查', reviewOn: '2026-12-20' });
  run.at = day('12-03');
  run.act(AUTHORITY, { action: 'resume', reason: '恢复' });
  run.at = day('12-04');
  run.approve(REVIEWER, 'provider-reviewer');
  expect(visitsOf(run)['provider-reviewer.1']).toMatchObject({ days: 2 });
});

test('a return to an earlier stage is counted, its time is that stage’s, and what comes straight back goes on', () => {
  const run = atReviewer();
  run.approve(REVIEWER, 'provider-reviewer');
  run.at = day('11-26');
  run.act(PROVIDER_LEAD, {
    action: 'return',
    taskId: 'case.provider-lead.1',
    to: 'provider-reviewer',
    way: 'straight',
    reason: '请复核',
  });
  run.at = day('11-30');
  run.approve(REVIEWER, 'provider-reviewer');
  run.at = day('12-01');
  run.approve(PROVIDER_LEAD, 'provider-lead');
  expect(visitsOf(run)).toMatchObject({
    'provider-reviewer.1': { answers: 1, days: 0, returns: 0 },
    'provider-reviewer.2': { answers: 1, days: 2, returns: 0 },
    'provider-lead.1': { answers: 1, days: 2, returns: 1 },
  });
});

test('an answer that was taken back is not counted, and the time goes on', () => {
  const run = atReviewer();
  run.at = day('11-26');
  run.approve(REVIEWER, 'provider-reviewer');
  run.at = day('11-27');
  run.act(REVIEWER, { action: 'takeBack', taskId: 'case.provider-reviewer.1', reason: '再看' });
  const { closedAt, ...open } = visitsOf(run)['provider-reviewer.1'] ?? {};
  expect(closedAt).toBeUndefined();
  expect(open).toMatchObject({ answers: 0, days: 1 });
  run.at = day('11-30');
  run.reject(REVIEWER, 'provider-reviewer');
  expect(visitsOf(run)['provider-reviewer.1']).toMatchObject({ answers: 1, verdict: 'rejected', days: 2 });
});

test('a limit that runs out counts against whoever had to answer then, not against who answered before or comes after', () => {
  const run = atReviewer();
  run.approve(REVIEWER, 'provider-reviewer');
  expect(run.ring()[0]).toMatchObject({ type: 'limitPassed' });
  run.at = day('12-10');
  run.approve(PROVIDER_LEAD, 'provider-lead');
  const { 'provider-reviewer.1': before, 'provider-lead.1': late } = visitsOf(run);
  expect(before).toMatchObject({ hasPassed: false });
  expect(late).toMatchObject({ hasPassed: true, dueOn: '2026-12-09', answeredAt: day('12-10') });
});

test('the promise stands beside the limit by law', () => {
  const { root } = CONDITIONAL;
  const blocks = 'blocks' in root ? root.blocks : [];
  const clock = { kind: 'reply', legal: 10, promise: 5, onSupplement: 'restart' } as const;
  const promised = blocks.map((block) => (block.kind === 'sequence' ? { ...block, clock } : block));
  const run = atReviewer({ ...CONDITIONAL, root: { kind: 'sequence', id: 'route', blocks: promised } });
  expect(visitsOf(run)['provider-reviewer.1']).toMatchObject({ dueOn: '2026-12-09', promisedOn: '2026-12-02' });
});

test('a case that is withdrawn leaves its open visit without an answer', () => {
  const run = atReviewer();
  run.at = day('11-26');
  run.act(actor('civil-affairs', 'requester', 'civil-affairs.requester'), { action: 'withdraw', reason: '' });
  expect(visitsOf(run)['provider-reviewer.1']).toMatchObject({ answers: 0, closedAt: day('11-26'), days: 1 });
});
