import type { Calendar } from './calendar.ts';
import type { DeliveryReport, GrantEnd, SeatPlace } from './case-command.ts';
import type { Facts } from './condition.ts';
import type { Actor, Role } from './language.ts';
import type { AskedItems, ItemRef, RefusedItem } from './refused-items.ts';
import type { Limit, Route } from './route.ts';
import type { Schedule } from './schedule/schedule.ts';
export { FORM_PARTS } from './share-request.ts';
export type * from './case-command.ts';
export type * from './case-event.ts';
export type * from './refused-items.ts';

/** The id of a part of a form: signatures rest on parts. Each process names its own. */
export type FormPart = string;

/** A version of the application, by reference: its content lives in PostgreSQL, its digests (SHA-256, hex) in the history. */
export interface FormRef extends AskedItems {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly parts: Readonly<Record<FormPart, string>>;
  /** The period asked for, as dates in Asia/Shanghai: what a grant's own clock needs of the form that gives it. */
  readonly period?: { readonly from: string; readonly to: string };
  /** When data is to come by itself; absent: on call. */
  readonly schedule?: Schedule;
  /** The days that the form states, by its fields: what limits with `from` count from. Dates in Asia/Shanghai. */
  readonly dates?: Readonly<Record<string, string>>;
  /** What is asked for, where it is more than one thing: each with its provider and digests of its own parts. */
  readonly subjects?: readonly Subject[];
  /** What the route's conditions may ask about. */
  readonly facts?: Facts;
}

/** What a case concerns or goes on from: a grant, another case, an entry of the catalogue. */
export interface About {
  readonly grantId?: string;
  readonly caseId?: string;
  readonly entryId?: string;
  /** How a request goes on from the one before it (R809 Art.25: another scope or purpose is a request of its own). */
  readonly follows?: 'change' | 'renewal';
}

/** One of several resources that a form asks for. */
export interface Subject extends AskedItems {
  readonly id: string;
  readonly provider: string;
  /** Digests of those parts of the form that each subject has for itself. */
  readonly parts: Readonly<Partial<Record<FormPart, string>>>;
  /** The update cycle of its entry, where the form's schedule follows it. */
  readonly cycle?: string;
}

/** Why a request is refused (R809 Art.22: a refusal gives its reasons). Incomplete materials are no ground. */
export const REJECT_REASONS = [
  'no-legal-basis',
  'beyond-necessity',
  'purpose-not-allowed',
  'not-held',
  'law-forbids',
  'not-settled',
  'unfounded',
  'not-rectified',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Missing {
  readonly part: FormPart;
  readonly text: string;
}

/** In what capacity somebody acted. */
export interface Capacity {
  readonly role: Role;
  readonly department: string;
}

export type Verdict = 'approved' | 'rejected';

/** A clock as it stands after something moved it. Dates are calendar dates in Asia/Shanghai. */
export interface ClockReading {
  readonly clock: string;
  readonly block: string;
  readonly limit: Limit;
  readonly why: 'started' | 'restarted' | 'paused' | 'resumed' | 'stopped' | 'extended' | 'recounted';
  /** Day 0. */
  readonly startedOn: string;
  /** Of a limit with `from`: the day on which it began to run here, or went on; reminders before it are not given. */
  readonly since?: string;
  /** The due date had nothing ever moved it. */
  readonly rawDueOn: string;
  /** The due date as things stand; while paused, the one it would have had. */
  readonly dueOn: string;
  readonly promisedOn?: string;
  readonly pausedFor: readonly PauseReason[];
  /** Working days left when it was paused; counted on from there. */
  readonly left?: number;
  /** Working days by which the authority extended it. */
  readonly extendedBy?: number;
  readonly calendarVersion: number;
}

export type PauseReason = 'supplement' | 'suspended' | 'parked';

/**
 * `undelivered`: agreed to, but the grants were over before anything could be delivered. `partly-completed`: some of what
 * was asked for was refused, resources or items, the rest was delivered.
 */
export type EndStatus = 'completed' | 'partly-completed' | 'refused' | 'withdrawn' | 'undelivered' | 'terminated';
export type CaseStatus =
  | 'in-approval'
  | 'awaiting-supplement'
  | 'returned'
  | 'suspended'
  | 'delivering'
  | 'delivery-failed'
  | 'closing'
  | EndStatus;

export interface StageState {
  readonly activation: number;
  readonly openedAt: string;
  /** `parked` waits for an earlier stage that has to be signed again; `lapsed` has to be signed anew. */
  readonly standing: 'open' | 'parked' | 'decided' | 'lapsed';
  readonly seats: readonly SeatState[];
  readonly verdict?: Verdict;
  readonly decidedAt?: string;
  /** Somebody has done something here that an earlier answer can no longer be taken back from under. */
  readonly isTouched?: boolean;
}

/** One answer that a stage needs. */
export interface SeatState {
  readonly id: number;
  readonly capacity: Capacity;
  readonly openedAt: string;
  readonly standing: 'open' | 'answered' | 'superseded' | 'removed';
  /** The one person who may answer; absent: whoever holds the role. */
  readonly holder?: string;
  /** Who delegated it, first to last; it comes back to the last of them. */
  readonly delegators: readonly string[];
  /** Who gave their opinion on it as delegates. */
  readonly advisers: readonly string[];
  readonly added?: { readonly by: string; readonly place: SeatPlace; readonly anchor: number };
  readonly answer?: Answer;
}

export interface Answer {
  readonly at: string;
  readonly actor: string;
  readonly capacity: Capacity;
  readonly verdict: Verdict;
  readonly form: string;
  /** Everyone else whom it came about through. */
  readonly through: readonly string[];
  /** Of an approval: the items that it leaves out. */
  readonly refused?: readonly RefusedItem[];
  /** What earlier stages had left out when it was given: it is about the rest. */
  readonly without?: readonly ItemRef[];
}

export interface ClockState extends Omit<ClockReading, 'why'> {
  readonly stopped: boolean;
  readonly passedAt?: string;
  /** The reminders given since it last started, by the working days that were left. */
  readonly reminded: readonly number[];
}

/** A right that the case gave, and what became of its first delivery. */
export interface GrantGiven {
  readonly id: string;
  readonly subject?: string;
  /** The items asked for that were refused, by id. */
  readonly without?: readonly string[];
  readonly delivery?: DeliveryReport;
  readonly over?: GrantEnd;
}

export interface Extension {
  readonly days: number;
  readonly standing: 'asked' | 'granted' | 'refused';
}

export interface CaseState {
  readonly caseId: string;
  readonly process: string;
  readonly status: CaseStatus;
  readonly route: Route;
  readonly calendar: Calendar;
  readonly requester: string;
  readonly provider: string;
  readonly applicant: string;
  /** Everyone who filed or completed the application; none of them may decide it. */
  readonly contributors: readonly string[];
  readonly form: FormRef;
  readonly openedAt: string;
  readonly endedAt?: string;
  /** 1, and one more for each time that it was filed again. */
  readonly round: number;
  /** Set on a refused case until the time to file it again is over. */
  readonly refileUntil?: string;
  /** The latest activation of each stage entered so far. */
  readonly stages: Readonly<Record<string, StageState>>;
  readonly clocks: Readonly<Record<string, ClockState>>;
  /** What the case is about, where it is not the data that its form asks for. */
  readonly about?: About;
  readonly label?: { readonly prefix: string; readonly name: string };
  readonly extensions: Readonly<Record<string, Extension>>;
  /** The open requests for materials, by the stage that asked. */
  readonly supplements: Readonly<Record<string, { readonly missing: readonly Missing[]; readonly at: string }>>;
  /** Ids of the blocks in which this round's one notice of missing materials has been given. */
  readonly noticesGiven: readonly string[];
  /** Sent back to the applicant, who has to hand it in again. */
  readonly returned?: { readonly stage: string; readonly at: string; readonly reason: string };
  readonly suspended?: { readonly at: string; readonly reviewOn: string; readonly isReviewDue: boolean };
  /** The day of the latest reminder by the applicant. */
  readonly urgedOn?: string;
  /** The approval of this round stands. */
  readonly isAgreed: boolean;
  /** What the process does with an approval without a grant. */
  readonly closing?: { readonly outcome: 'done' | 'failed'; readonly code?: string };
  readonly grants: readonly GrantGiven[];
  /** Subjects granted in earlier rounds: they are neither decided nor granted again. */
  readonly frozen: readonly string[];
}

/** The tasks' ids are derived, so that the same seat has the same id in histories, projection and answers. */
export function taskIdOf(caseId: string, stage: string, activation: number, seat = 1): string {
  return `${caseId}.${stage}.${activation}${seat === 1 ? '' : `-${seat}`}`;
}

/** The departments that a case concerns: the requester's, every provider's, and those that hold a seat of it. */
export function partiesOf({ requester, provider, form, stages }: CaseState): string[] {
  const seats = Object.values(stages).flatMap((stage) => stage.seats.map(({ capacity }) => capacity.department));
  return [...new Set([requester, provider, ...(form.subjects ?? []).map((subject) => subject.provider), ...seats])];
}

/** The workflow's own hand, for what no person did. */
export const SYSTEM: Actor = { person: 'system', department: 'system', roles: [] };

export function isSystem(actor: Actor): boolean {
  return actor.person === SYSTEM.person && actor.department === SYSTEM.department;
}
