import type { Calendar } from './calendar.ts';
import type { Actor, Role } from './language.ts';
import type { Limit, Route } from './route.ts';
import { FORM_PARTS, type FormPart } from './share-request.ts';

export { FORM_PARTS, type FormPart };

/** A version of the application, by reference: its content lives in PostgreSQL, its digests (SHA-256, hex) in the history. */
export interface FormRef {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly parts: Readonly<Record<FormPart, string>>;
  /** The period asked for, as dates in Asia/Shanghai: what the grant's own clock needs of the form. */
  readonly period: { readonly from: string; readonly to: string };
}

/** Why a request is refused (R809 Art.22: a refusal gives its reasons). Incomplete materials are no ground. */
export const REJECT_REASONS = [
  'no-legal-basis',
  'beyond-necessity',
  'purpose-not-allowed',
  'not-held',
  'law-forbids',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Missing {
  readonly part: FormPart;
  readonly text: string;
}

/** What people do in a case. `seen` is the digest of the form that the person had before them. */
export type PersonAction =
  | { readonly action: 'approve'; readonly taskId: string; readonly seen: string; readonly opinion?: string }
  | {
      readonly action: 'reject';
      readonly taskId: string;
      readonly seen: string;
      readonly reason: { readonly code: RejectReason | 'incomplete'; readonly text: string };
    }
  | { readonly action: 'askSupplement'; readonly taskId: string; readonly missing: readonly Missing[] }
  | { readonly action: 'supplement'; readonly form: FormRef; readonly note?: string }
  | { readonly action: 'withdraw'; readonly reason: string };

/** What the workflow itself reports; never accepted from a person. */
export type SystemAction =
  | { readonly action: 'passLimit'; readonly clock: string; readonly dueOn: string }
  | { readonly action: 'reportDelivery'; readonly report: DeliveryReport }
  | { readonly action: 'reportGrantOver'; readonly how: GrantEnd };

/** How a grant ended: by somebody's hand, or with its period. */
export type GrantEnd = 'terminated' | 'expired';

/** How a case begins. The route and the slice of the calendar it needs come along as values. */
export interface FileAction {
  readonly action: 'file';
  readonly caseId: string;
  readonly process: 'share-request';
  readonly route: Route;
  readonly calendar: Calendar;
  readonly requester: string;
  readonly provider: string;
  readonly form: FormRef;
}

export type CaseAction = FileAction | PersonAction | SystemAction;

/** A command: what is to be done, by whom, and when the API received it (RFC 3339; the moment that limits are held against). */
export interface Command<A = CaseAction> {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly do: A;
}

export interface DeliveryReport {
  readonly deliveryId: string;
  readonly outcome: 'delivered' | 'failed';
  readonly code?: string;
  readonly rows?: number;
  readonly sha256?: string;
}

/** In what capacity somebody acted. */
export interface Capacity {
  readonly role: Role;
  readonly department: string;
}

interface By {
  readonly at: string;
  readonly actor: string;
  readonly capacity: Capacity;
}

/** What happened, as it is recorded once and for good. Facts only: `evolve` derives the state from them. */
export type CaseEvent =
  | ({ readonly type: 'filed' } & By & Omit<FileAction, 'action'>)
  | {
      readonly type: 'stageEntered';
      readonly at: string;
      readonly stage: string;
      readonly activation: number;
      readonly seat: Capacity;
    }
  | { readonly type: 'stageParked'; readonly at: string; readonly stage: string }
  | { readonly type: 'stageResumed'; readonly at: string; readonly stage: string }
  | ({
      readonly type: 'answered';
      readonly stage: string;
      readonly activation: number;
      readonly verdict: Verdict;
      readonly form: string;
      readonly opinion?: string;
      readonly reason?: { readonly code: RejectReason; readonly text: string };
    } & By)
  | { readonly type: 'stageDecided'; readonly at: string; readonly stage: string; readonly verdict: Verdict }
  | { readonly type: 'copied'; readonly at: string; readonly stage: string; readonly to: Capacity }
  | ({
      readonly type: 'supplementAsked';
      readonly stage: string;
      /** The block whose one notice of this round it is. */
      readonly notice: string;
      readonly missing: readonly Missing[];
    } & By)
  | ({ readonly type: 'supplemented'; readonly form: FormRef; readonly note?: string } & By)
  | {
      readonly type: 'signatureLapsed';
      readonly at: string;
      readonly stage: string;
      readonly changed: readonly FormPart[];
    }
  | ({ readonly type: 'withdrawn'; readonly reason: string } & By)
  | ({ readonly type: 'clockMoved'; readonly at: string } & ClockReading)
  | { readonly type: 'limitPassed'; readonly at: string; readonly clock: string; readonly dueOn: string }
  | { readonly type: 'granted'; readonly at: string; readonly grantId: string }
  | ({ readonly type: 'deliveryReported'; readonly at: string } & DeliveryReport)
  | { readonly type: 'grantOver'; readonly at: string; readonly how: GrantEnd }
  | { readonly type: 'ended'; readonly at: string; readonly status: EndStatus };

export type Verdict = 'approved' | 'rejected';

/** A clock as it stands after something moved it. Dates are calendar dates in Asia/Shanghai. */
export interface ClockReading {
  readonly clock: string;
  readonly block: string;
  readonly limit: Limit;
  readonly why: 'started' | 'restarted' | 'paused' | 'resumed' | 'stopped';
  /** Day 0. */
  readonly startedOn: string;
  /** The due date had nothing ever moved it. */
  readonly rawDueOn: string;
  /** The due date as things stand; while paused, the one it would have had. */
  readonly dueOn: string;
  readonly promisedOn?: string;
  readonly pausedFor: readonly PauseReason[];
  /** Working days left when it was paused; counted on from there. */
  readonly left?: number;
  readonly calendarVersion: number;
}

export type PauseReason = 'supplement' | 'parked';

/** `undelivered`: agreed to, but the grant was over before anything could be delivered. */
export type EndStatus = 'completed' | 'refused' | 'withdrawn' | 'undelivered';
export type CaseStatus = 'in-approval' | 'awaiting-supplement' | 'delivering' | 'delivery-failed' | EndStatus;

export interface StageState {
  readonly activation: number;
  readonly seat: Capacity;
  readonly openedAt: string;
  /** `parked` waits for an earlier stage that has to be signed again; `lapsed` has lost its signature for a changed form. */
  readonly standing: 'open' | 'parked' | 'decided' | 'lapsed';
  readonly answer?: Answer;
  readonly verdict?: Verdict;
}

export interface Answer {
  readonly at: string;
  readonly actor: string;
  readonly capacity: Capacity;
  readonly verdict: Verdict;
  readonly form: string;
}

export interface ClockState extends Omit<ClockReading, 'why'> {
  readonly stopped: boolean;
  readonly passedAt?: string;
}

export interface CaseState {
  readonly caseId: string;
  readonly process: 'share-request';
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
  /** The latest activation of each stage entered so far. */
  readonly stages: Readonly<Record<string, StageState>>;
  readonly clocks: Readonly<Record<string, ClockState>>;
  /** The open request for materials; the case waits for the applicant. */
  readonly supplement?: { readonly stage: string; readonly missing: readonly Missing[]; readonly at: string };
  /** Ids of the blocks in which this round's one notice of missing materials has been given. */
  readonly noticesGiven: readonly string[];
  readonly grantId?: string;
  readonly delivery?: DeliveryReport;
  /** Set once the grant is over without a delivery. */
  readonly grantOver?: GrantEnd;
}

/** The tasks' ids are derived, so that the same seat has the same id in histories, projection and answers. */
export function taskIdOf(caseId: string, stage: string, activation: number): string {
  return `${caseId}.${stage}.${activation}`;
}

/** The workflow's own hand, for what no person did. */
export const SYSTEM: Actor = { person: 'system', department: 'system', roles: [] };

export function isSystem(actor: Actor): boolean {
  return actor.person === SYSTEM.person && actor.department === SYSTEM.department;
}
