import type { Capacity } from '../case.ts';
import { type AnyEvent, capacityOf, type Holder, type NoticeFacts, textOf } from './facts.ts';
import type { NoticeKind, NoticeParams } from './words.ts';

/** Who is told: these people, and whoever holds these seats, but nobody of `except`. */
export interface Audience {
  readonly people: readonly string[];
  readonly seats: readonly Capacity[];
  readonly except: readonly string[];
}

export interface Notice {
  readonly kind: NoticeKind;
  readonly to: Audience;
  readonly params: NoticeParams;
}

/** Officers of the data bureau, who supervise. */
const AUTHORITY: Capacity = { role: 'authority', department: 'data-bureau' };

/** Whom a row of the table tells; several are told together, each person once. */
type Who = 'applicant' | 'acted' | 'holders' | 'opened' | 'copied' | 'authority';

interface Row {
  readonly kind: NoticeKind;
  readonly to: readonly Who[];
  /** Only where the event says this. */
  readonly when?: readonly [member: string, value: string];
  /** Not where the event has this member. */
  readonly unless?: string;
  /** Only where it has this one. */
  readonly given?: string;
}

const EVERYBODY = ['applicant', 'acted', 'holders'] as const;

/**
 * What follows from an event, by the kind of its stream and its type. A type that is not here gives nothing: what a
 * case newly records is told to people from the day on which it has a row.
 */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  'case:stageEntered': [{ kind: 'taskOpened', to: ['opened'] }],
  'case:seatOpened': [{ kind: 'taskOpened', to: ['opened'] }],
  'case:seatAdded': [{ kind: 'taskOpened', to: ['opened'] }],
  // It is the turn of the next seat, or of one that was added after this.
  'case:answered': [{ kind: 'taskOpened', to: ['opened'] }],
  'case:seatRemoved': [{ kind: 'taskOpened', to: ['opened'] }],
  'case:answerTakenBack': [{ kind: 'taskResumed', to: ['opened'] }],
  'case:stageResumed': [{ kind: 'taskResumed', to: ['opened'] }],
  'case:reassigned': [{ kind: 'handedOver', to: ['opened'] }],
  'case:delegated': [{ kind: 'handedOver', to: ['opened'] }],
  'case:advised': [{ kind: 'handedOver', to: ['opened'] }],
  'case:recalled': [{ kind: 'handedOver', to: ['opened'] }],
  'case:supplementAsked': [{ kind: 'supplementAsked', to: ['applicant'] }],
  'case:supplemented': [{ kind: 'supplemented', to: ['holders'] }],
  'case:returned': [{ kind: 'returned', to: ['applicant', 'acted'] }],
  'case:urged': [{ kind: 'urged', to: ['holders'] }],
  'case:reminded': [{ kind: 'reminded', to: ['holders'] }],
  'case:limitPassed': [{ kind: 'limitPassed', to: ['holders', 'authority'] }],
  'case:escalated': [{ kind: 'escalated', to: ['holders', 'authority'] }],
  'case:extensionAsked': [{ kind: 'extensionAsked', to: ['authority'] }],
  // R809 Art.22: the requester is told of an extension.
  'case:extensionGranted': [{ kind: 'extensionGranted', to: ['applicant', 'holders'] }],
  'case:extensionRefused': [{ kind: 'extensionRefused', to: ['holders'] }],
  'case:copied': [{ kind: 'copied', to: ['copied'] }],
  'case:commented': [{ kind: 'commented', to: EVERYBODY }],
  'case:reviewDue': [{ kind: 'reviewDue', to: ['authority'] }],
  'case:suspended': [{ kind: 'suspended', to: EVERYBODY }],
  'case:resumed': [{ kind: 'resumed', to: EVERYBODY }],
  'case:terminated': [{ kind: 'terminated', to: EVERYBODY }],
  'case:withdrawn': [{ kind: 'withdrawn', to: EVERYBODY }],
  'case:granted': [
    { kind: 'granted', to: ['applicant', 'acted'], unless: 'without' },
    { kind: 'grantedPartly', to: ['applicant', 'acted'], given: 'without' },
  ],
  'case:ended': [
    { kind: 'refused', to: ['applicant', 'acted'], when: ['status', 'refused'] },
    { kind: 'completed', to: ['applicant', 'acted'], when: ['status', 'completed'] },
    { kind: 'partlyCompleted', to: ['applicant', 'acted'], when: ['status', 'partly-completed'] },
    { kind: 'undelivered', to: ['applicant', 'acted'], when: ['status', 'undelivered'] },
  ],
  'grant:deliveryReported': [
    // What comes by its schedule is told of only when it does not come.
    { kind: 'delivered', to: ['applicant', 'acted'], when: ['outcome', 'delivered'], unless: 'isScheduled' },
    { kind: 'deliveryFailed', to: ['applicant', 'acted'], when: ['outcome', 'failed'] },
  ],
  'grant:suspended': [{ kind: 'grantSuspended', to: ['applicant', 'acted'] }],
  'grant:resumed': [{ kind: 'grantResumed', to: ['applicant', 'acted'] }],
  'grant:terminated': [{ kind: 'grantTerminated', to: ['applicant', 'acted'] }],
  'grant:renewalOffered': [{ kind: 'renewalOffered', to: ['applicant'] }],
  'grant:expired': [{ kind: 'grantExpired', to: ['applicant', 'acted'] }],
};

/**
 * What people are told of an event: always the same of the same event. `facts` are those of the case with this event
 * included; for an event of a grant, those of the case that gave it.
 */
export function noticesOf(streamKind: string, event: AnyEvent, facts: NoticeFacts): readonly Notice[] {
  const rows = TABLE[`${streamKind === 'grant' ? 'grant' : 'case'}:${event.type}`] ?? [];
  return rows
    .filter(
      ({ when, unless, given }) =>
        (when === undefined || event[when[0]] === when[1]) &&
        event[unless ?? ''] === undefined &&
        (given === undefined || event[given] !== undefined),
    )
    .map(({ kind, to }) => ({ kind, to: audienceOf(to, event, facts), params: paramsOf(event) }))
    .filter(({ to }) => to.people.length > 0 || to.seats.length > 0);
}

function audienceOf(whom: readonly Who[], event: AnyEvent, facts: NoticeFacts): Audience {
  const holders = whom.flatMap((who) => holdersFor(who, event, facts));
  const people = holders.flatMap(({ person }) => (person === undefined ? [] : [person]));
  const seats = holders.flatMap(({ seat }) => (seat ? [seat] : []));
  // Whoever may not answer is not told to, but those whom the case concerns anyway are.
  const barred = isForAnswering(whom) ? holders.flatMap((holder) => holder.barred) : [];
  return { people, seats, except: [...new Set([...doers(event, facts), ...barred])] };
}

/** Whether it is for those who have to answer, rather than for everybody whom the case concerns. */
function isForAnswering(whom: readonly Who[]): boolean {
  return !whom.includes('applicant') && !whom.includes('acted') && !whom.includes('copied');
}

function holdersFor(who: Who, event: AnyEvent, facts: NoticeFacts): readonly Holder[] {
  switch (who) {
    case 'applicant':
      return facts.state ? [{ person: facts.state.applicant, barred: [] }] : [];
    case 'acted':
      return facts.acted.map((person) => ({ person, barred: [] }));
    case 'holders':
      return Object.values(facts.open);
    case 'opened':
      return facts.opened;
    case 'copied': {
      const seat = capacityOf(event['to']);
      return seat ? [{ seat, barred: [] }] : [];
    }
    case 'authority':
      return [{ seat: AUTHORITY, barred: [] }];
  }
}

/** Nobody is told of what they did themselves, nor of what followed from it at the same moment. */
function doers(event: AnyEvent, { lately }: NoticeFacts): readonly string[] {
  const actor = textOf(event, 'actor');
  if (actor !== undefined) return [actor];
  return lately?.at === event.at ? [lately.person] : [];
}

function paramsOf(event: AnyEvent): NoticeParams {
  const dueOn = textOf(event, 'dueOn');
  return dueOn === undefined ? {} : { dueOn };
}
