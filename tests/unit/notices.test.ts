import { type AnyEvent, factsAfter, NO_FACTS, type NoticeFacts } from '../../domain/notices/facts.ts';
import { type Notice, noticesOf } from '../../domain/notices/notices.ts';
import { NOTICE_KINDS, topicOf, TOPICS, wordsOf } from '../../domain/notices/words.ts';
import { APPLICANT, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import type { Stage } from '../../domain/route.ts';
import { CONDITIONAL } from '../../domain/routes/share-request.ts';
import { accepted, play, taskOf } from '../support/play.ts';

/** What is told of each event of a case, in order: the kind and who it is for. */
function told(events: readonly object[], streamKind = 'share-request'): (Notice & { type: string })[] {
  let facts: NoticeFacts = NO_FACTS;
  return (events as readonly AnyEvent[]).flatMap((event) => {
    facts = factsAfter(facts, event);
    return noticesOf(streamKind, event, facts).map((notice) => ({ ...notice, type: event.type }));
  });
}

function people({ to }: Pick<Notice, 'to'>): string[] {
  return to.people.filter((person) => !to.except.includes(person));
}

const seatOf = ({ to }: Pick<Notice, 'to'>) => to.seats.map(({ role, department }) => `${role}@${department}`);

/** A case as it is after some stages have approved. */
function approvedBy(...stages: readonly (readonly [typeof APPLICANT, string])[]) {
  const one = play();
  stages.forEach(([actor, stage], index) => {
    one.at = `2026-11-2${6 + index}T09:00:00+08:00`;
    one.approve(actor, stage);
  });
  return one;
}

const ALL = [
  [REQUESTER_LEAD, 'requester-lead'],
  [REVIEWER, 'provider-reviewer'],
  [PROVIDER_LEAD, 'provider-lead'],
] as const;

test('a stage that is entered is a task for whoever holds its role, but not for those who filed', () => {
  const notices = told(approvedBy(ALL[0]).events);
  expect(notices.map(({ kind }) => kind)).toEqual(['taskOpened', 'taskOpened']);
  expect(notices.map(seatOf)).toEqual([['sharing-lead@civil-affairs'], ['reviewer@public-security']]);
  expect(notices[0]?.to.except).toContain(APPLICANT.person);
});

test('a grant is told to the applicant and to those who acted, and not to the one who just gave it', () => {
  const granted = told(approvedBy(...ALL).events).filter(({ kind }) => kind === 'granted');
  expect(granted.map(people)).toEqual([[APPLICANT.person, APPLICANT.person, REQUESTER_LEAD.person, REVIEWER.person]]);
});

test('a refusal is told to the applicant and to those who acted, and not to the one who just refused', () => {
  const one = approvedBy(ALL[0]);
  one.at = '2026-11-27T09:00:00+08:00';
  one.reject(REVIEWER, 'provider-reviewer');
  const refused = told(one.events).filter(({ type }) => type === 'ended');
  expect(refused.map(({ kind }) => kind)).toEqual(['refused']);
  expect(new Set(refused.flatMap(people))).toEqual(new Set([APPLICANT.person, REQUESTER_LEAD.person]));
});

test('a supplement is asked of the applicant, and once it is there those who hold the stage are told', () => {
  const one = approvedBy(ALL[0]);
  one.ask(REVIEWER, 'provider-reviewer', 'purpose');
  one.at = '2026-11-28T09:00:00+08:00';
  one.supplement('purpose');
  const notices = told(one.events).slice(2);
  expect(notices[0]).toMatchObject({ kind: 'supplementAsked', to: { people: [APPLICANT.person] } });
  expect(notices.find(({ kind }) => kind === 'supplemented')?.to.except).toContain(APPLICANT.person);
});

test('a limit that passes is told to those who hold the stage and to the authority, with its date', () => {
  const one = approvedBy(ALL[0]);
  one.ring();
  const [passed] = told(one.events).filter(({ kind }) => kind === 'limitPassed');
  expect(passed && seatOf(passed)).toEqual(['reviewer@public-security', 'authority@data-bureau']);
  expect(passed?.params['dueOn']).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test('a withdrawal is told to those who acted and to those who held the case, not to the applicant', () => {
  const one = approvedBy(ALL[0]);
  one.act(APPLICANT, { action: 'withdraw', reason: '不再需要' });
  const [withdrawn, ...more] = told(one.events).slice(2);
  expect(withdrawn?.kind).toBe('withdrawn');
  expect(withdrawn && people(withdrawn)).toEqual([REQUESTER_LEAD.person]);
  expect(withdrawn && seatOf(withdrawn)).toEqual(['reviewer@public-security']);
  expect(more).toEqual([]);
});

test('a task that is delegated is told to who gets it, and the opinion to who has it back', () => {
  const one = approvedBy(ALL[0]);
  const taskId = taskOf(one.state, 'provider-reviewer');
  const expert = { person: 'public-security.expert', department: 'public-security', roles: ['requester'] as const };
  one.at = '2026-11-28T09:00:00+08:00';
  accepted(one.act(REVIEWER, { action: 'delegate', taskId, to: expert }));
  one.at = '2026-11-29T09:00:00+08:00';
  accepted(one.act(expert, { action: 'advise', taskId, opinion: '可以提供' }));
  const handed = told(one.events).filter(({ kind }) => kind === 'handedOver');
  expect(handed.map(people)).toEqual([[expert.person], [REVIEWER.person]]);
});

test('seats that answer one after another are told when it is their turn', () => {
  const stage: Stage = {
    kind: 'stage',
    id: 'in-turn',
    seat: [
      { role: 'sharing-lead', department: 'provider' },
      { role: 'reviewer', department: 'provider' },
    ],
    rule: 'sequential',
    basis: ['purpose'],
    mayAskSupplement: false,
  };
  const one = play({ route: { ...CONDITIONAL, root: stage } });
  const opened = () => told(one.events).filter(({ kind }) => kind === 'taskOpened');
  expect(opened().map(seatOf)).toEqual([['sharing-lead@public-security']]);
  one.at = '2026-11-28T09:00:00+08:00';
  accepted(one.approve(PROVIDER_LEAD, 'in-turn'));
  expect(opened().map(seatOf)).toEqual([['sharing-lead@public-security'], ['reviewer@public-security']]);
});

test('an event of a kind that nobody is told of gives nothing', () => {
  expect(noticesOf('share-request', { type: 'somethingElse', at: '2026-11-28T09:00:00+08:00' }, NO_FACTS)).toEqual([]);
});

test('deliveries and what becomes of the grant are told to the applicant and those who acted', () => {
  const facts = (approvedBy(...ALL).events as readonly object[]).reduce<NoticeFacts>(
    (before, event) => factsAfter(before, event as AnyEvent),
    NO_FACTS,
  );
  const at = '2026-12-01T09:00:00+08:00';
  const kinds = [
    { type: 'deliveryReported', outcome: 'delivered' },
    { type: 'deliveryReported', outcome: 'failed' },
    { type: 'suspended', actor: PROVIDER_LEAD.person },
    { type: 'expired' },
    { type: 'deliveryAsked' },
  ].flatMap((event) => noticesOf('grant', { at, ...event }, facts));
  expect(kinds.map(({ kind }) => kind)).toEqual(['delivered', 'deliveryFailed', 'grantSuspended', 'grantExpired']);
  expect(kinds.map((notice) => people(notice).includes(PROVIDER_LEAD.person))).toEqual([true, true, false, true]);
});

test('the same event gives the same notices, whatever happened after it', () => {
  const { events } = approvedBy(...ALL);
  const all = told(events);
  for (let length = 1; length <= events.length; length += 1) {
    const before = told(events.slice(0, length));
    expect(before).toEqual(all.slice(0, before.length));
  }
});

test('every kind has a topic and a sentence in both languages that names the case, or of an alert its value or rule', () => {
  const params = { title: '人口', number: 'SQ-1', dueOn: '2026-12-01', value: '7.5', rule: 'link-late' };
  for (const kind of NOTICE_KINDS) {
    expect(TOPICS).toContain(topicOf(kind));
    for (const locale of ['zh', 'en'] as const) {
      const { subject, text } = wordsOf(kind, params, locale);
      if (topicOf(kind) === 'alert') expect(text).toMatch(/7\.5|link-late/);
      else expect([text.includes('人口'), text.includes('SQ-1')]).toEqual([true, true]);
      expect(`${subject}${text}`).not.toMatch(/[{}]|您/);
      expect(/[\u4e00-\u9fff]/.test(subject)).toBe(locale === 'zh');
    }
  }
  expect(wordsOf('no-longer-known', params, 'zh').subject).toBe('no-longer-known');
});
