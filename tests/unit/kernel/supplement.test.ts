import { FORM_PARTS } from '../../../domain/case.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { APPLICANT, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../../support/cases.ts';
import { accepted, nextForm, play, type Play, taskOf } from '../../support/play.ts';

/** A request that the requester's lead has signed and the provider's reviewer has before them. */
function atReviewer(): Play {
  const one = play();
  accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
  return one;
}

const statuses = (one: Play): Record<string, string> =>
  Object.fromEntries(tasksOf(one.state).map(({ stage, status }) => [stage, status]));

test('while materials are awaited nobody answers, and the applicant alone can go on', () => {
  const one = atReviewer();
  accepted(one.ask(REVIEWER, 'provider-reviewer', 'attachments'));
  expect(one.state.status).toBe('awaiting-supplement');
  expect(statuses(one)).toEqual({ 'requester-lead': 'done', 'provider-reviewer': 'waiting' });
  expect(one.approve(REVIEWER, 'provider-reviewer')).toEqual({ code: 'AwaitingSupplement' });
  expect(one.ask(REVIEWER, 'provider-reviewer', 'items')).toEqual({ code: 'AwaitingSupplement' });
  const form = nextForm(one.state.form, ['attachments']);
  expect(one.act(REVIEWER, { action: 'supplement', form })).toEqual({ code: 'NotTheApplicant' });
  accepted(one.supplement('attachments'));
  expect(one.state).toMatchObject({ status: 'in-approval', form: { version: 2 } });
  accepted(one.approve(REVIEWER, 'provider-reviewer'));
});

test('the provider lists what is missing once for its whole branch, the requester’s own lead has a notice of their own', () => {
  const one = play();
  accepted(one.ask(REQUESTER_LEAD, 'requester-lead', 'scenario'));
  accepted(one.supplement());
  expect(one.ask(REQUESTER_LEAD, 'requester-lead', 'scenario')).toEqual({ code: 'NoticeGiven' });
  accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
  accepted(one.ask(REVIEWER, 'provider-reviewer', 'attachments'));
  accepted(one.supplement());
  accepted(one.approve(REVIEWER, 'provider-reviewer'));
  expect(one.ask(PROVIDER_LEAD, 'provider-lead', 'attachments')).toEqual({ code: 'NoticeGiven' });
});

test('a notice lists something, and says what', () => {
  const one = atReviewer();
  const refusal = { code: 'NothingListed', pointer: '/missing' };
  expect(one.ask(REVIEWER, 'provider-reviewer')).toEqual(refusal);
  const taskId = taskOf(one.state, 'provider-reviewer');
  const sound = { part: 'items', text: '补' };
  const ask = (part: string, text: string) =>
    one.act(REVIEWER, { action: 'askSupplement', taskId, missing: [sound, { part, text }] });
  expect(ask('items', ' ')).toEqual({ code: 'NothingListed', pointer: '/missing/1/text' });
  expect(ask('colour', '补')).toEqual({ code: 'PartUnknown', pointer: '/missing/1/part' });
});

test('a supplement touches only what was asked, follows the version before it and brings something', () => {
  const one = atReviewer();
  expect(one.supplement('items')).toEqual({ code: 'NotAwaitingSupplement' });
  one.ask(REVIEWER, 'provider-reviewer', 'attachments');
  expect(one.supplement('attachments', 'items')).toEqual({ code: 'NotAsked', pointer: '/form/items' });
  const skipped = { ...nextForm(one.state.form, ['attachments']), version: 3 };
  const refusal = { code: 'FormChanged', pointer: '/form' };
  expect(one.act(APPLICANT, { action: 'supplement', form: skipped })).toEqual(refusal);
  const other = { ...nextForm(one.state.form, ['attachments']), id: 'another' };
  expect(one.act(APPLICANT, { action: 'supplement', form: other })).toEqual(refusal);
  const same = nextForm(one.state.form, []);
  expect(one.act(APPLICANT, { action: 'supplement', form: same })).toEqual({ code: 'NothingSupplemented' });
  expect(one.act(APPLICANT, { action: 'supplement', form: same, note: ' ' })).toEqual({ code: 'NothingSupplemented' });
});

test('who is asked about items answers with their masks too; who is asked about masks leaves the items', () => {
  const one = atReviewer();
  one.ask(REVIEWER, 'provider-reviewer', 'items');
  accepted(one.supplement('items', 'masks'));
  const other = atReviewer();
  other.ask(REVIEWER, 'provider-reviewer', 'masks');
  expect(other.supplement('items', 'masks')).toEqual({ code: 'NotAsked', pointer: '/form/items' });
});

test('a change of what the requester’s lead signed lapses that signature, parks the reviewer and resumes them afterwards', () => {
  const one = atReviewer();
  one.ask(REVIEWER, 'provider-reviewer', 'items');
  const stale = taskOf(one.state, 'requester-lead');
  const events = accepted(one.supplement('items'));
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'signatureLapsed', stage: 'requester-lead', changed: ['items'] }),
  );
  expect(one.state.stages).toMatchObject({
    'requester-lead': { standing: 'open', activation: 2 },
    'provider-reviewer': { standing: 'parked', activation: 1 },
  });
  expect(statuses(one)).toEqual({ 'requester-lead': 'open', 'provider-reviewer': 'waiting' });
  expect(one.approve(REVIEWER, 'provider-reviewer')).toEqual({ code: 'TaskParked' });
  const seen = one.state.form.digest;
  expect(one.act(REQUESTER_LEAD, { action: 'approve', taskId: stale, seen })).toEqual({ code: 'TaskLapsed' });
  accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
  expect(one.state.stages['provider-reviewer']).toMatchObject({ standing: 'open', activation: 1 });
  accepted(one.approve(REVIEWER, 'provider-reviewer'));
});

test('materials that the requester’s lead did not sign for leave that signature standing', () => {
  const one = atReviewer();
  one.ask(REVIEWER, 'provider-reviewer', 'attachments');
  accepted(one.supplement('attachments'));
  expect(one.state.stages['requester-lead']).toMatchObject({ standing: 'decided', activation: 1 });
});

test('two signatures that rest on the same part lapse together and are given again in route order', () => {
  const one = atReviewer();
  one.approve(REVIEWER, 'provider-reviewer');
  one.ask(PROVIDER_LEAD, 'provider-lead', 'rowScope');
  accepted(one.supplement('rowScope'));
  expect(statuses(one)).toEqual({
    'requester-lead': 'open',
    'provider-reviewer': 'lapsed',
    'provider-lead': 'waiting',
  });
  expect(one.approve(REVIEWER, 'provider-reviewer')).toEqual({ code: 'TaskLapsed' });
  accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
  expect(one.state.stages['provider-reviewer']).toMatchObject({ standing: 'open', activation: 2 });
  accepted(one.approve(REVIEWER, 'provider-reviewer'));
  accepted(one.approve(PROVIDER_LEAD, 'provider-lead'));
  expect(one.state.status).toBe('delivering');
});

test('the applicant who supplements stays the only contributor', () => {
  const one = atReviewer();
  one.ask(REVIEWER, 'provider-reviewer', ...FORM_PARTS);
  accepted(one.supplement(...FORM_PARTS));
  expect(one.state.contributors).toEqual([APPLICANT.person]);
});

test('a request can be withdrawn while materials are awaited', () => {
  const one = atReviewer();
  one.ask(REVIEWER, 'provider-reviewer', 'items');
  accepted(one.act(APPLICANT, { action: 'withdraw', reason: '' }));
  expect(one.state).toMatchObject({ status: 'withdrawn' });
  expect(one.state.supplements).toEqual({});
});
