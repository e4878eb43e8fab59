import type { Calendar } from './calendar.ts';
import type { About, Capacity, FormRef, Missing, RefusedItem, RejectReason } from './case.ts';
import type { Actor } from './language.ts';
import type { Route } from './route.ts';

/** Where to go back to, and how to come back: through every stage again, or straight to who sent it back. */
export interface ReturnTo {
  /** `applicant`, or the id of a stage already decided on the way here. */
  readonly to: string;
  readonly way: 'again' | 'straight';
}

/** 前加签, 并加签, 后加签: an added seat answers before the seat it was added to, at any time, or after it. */
export const SEAT_PLACES = ['before', 'beside', 'after'] as const;
export type SeatPlace = (typeof SEAT_PLACES)[number];

/** What people do with a task. `seen` is the digest of what the person had before them (`seenOf`). */
export type TaskAction =
  | {
      readonly action: 'approve';
      readonly taskId: string;
      readonly seen: string;
      readonly opinion?: string;
      /** 部分同意: the items that are not agreed to. */
      readonly refused?: readonly RefusedItem[];
    }
  | {
      readonly action: 'reject';
      readonly taskId: string;
      readonly seen: string;
      readonly reason: { readonly code: RejectReason | 'incomplete'; readonly text: string };
    }
  | { readonly action: 'askSupplement'; readonly taskId: string; readonly missing: readonly Missing[] }
  | ({ readonly action: 'return'; readonly taskId: string; readonly reason: string } & ReturnTo)
  /** 撤回: takes one's own answer back, while nobody after has acted. */
  | { readonly action: 'takeBack'; readonly taskId: string; readonly reason: string }
  /** 转办: handed over for good. */
  | { readonly action: 'reassign'; readonly taskId: string; readonly to: Actor; readonly reason: string }
  /** 委派: another gives an opinion, then it comes back for the decision. */
  | { readonly action: 'delegate'; readonly taskId: string; readonly to: Actor; readonly note?: string }
  | { readonly action: 'advise'; readonly taskId: string; readonly opinion: string }
  | { readonly action: 'recall'; readonly taskId: string }
  /** 加签, 减签. */
  | {
      readonly action: 'addSeat';
      readonly taskId: string;
      readonly place: SeatPlace;
      readonly to: Actor;
      readonly note?: string;
    }
  | { readonly action: 'removeSeat'; readonly taskId: string; readonly reason: string };

/** What people do with the case as a whole. */
export type WholeCaseAction =
  | { readonly action: 'supplement'; readonly form: FormRef; readonly stage?: string; readonly note?: string }
  | { readonly action: 'resubmit'; readonly form: FormRef; readonly note?: string }
  | { readonly action: 'refile'; readonly form: FormRef; readonly note?: string }
  | { readonly action: 'withdraw'; readonly reason: string }
  /** 催办. */
  | { readonly action: 'urge'; readonly note?: string }
  /** 抄送. */
  | { readonly action: 'copy'; readonly to: readonly Capacity[]; readonly note?: string }
  | { readonly action: 'comment'; readonly text: string }
  /** 挂起, with the date on which somebody looks at it again. */
  | { readonly action: 'suspend'; readonly reason: string; readonly reviewOn: string }
  | { readonly action: 'resume'; readonly reason: string }
  | { readonly action: 'terminate'; readonly reason: string }
  | { readonly action: 'askExtension'; readonly clock: string; readonly days: number; readonly reason: string }
  | { readonly action: 'grantExtension'; readonly clock: string }
  | { readonly action: 'refuseExtension'; readonly clock: string; readonly reason: string }
  /** Moves the running case to another version of its route. */
  | { readonly action: 'migrate'; readonly route: Route };

export type PersonAction = TaskAction | WholeCaseAction;

/** What the platform itself reports; never accepted from a person. */
export type SystemAction =
  | { readonly action: 'passLimit'; readonly clock: string; readonly dueOn: string }
  | { readonly action: 'remind'; readonly clock: string; readonly dueOn: string; readonly left: number }
  | { readonly action: 'remindReview'; readonly reviewOn: string }
  /** The time to file the case again is over. */
  | { readonly action: 'close' }
  /** The calendar has changed under the case. */
  | { readonly action: 'recount'; readonly calendar: Calendar }
  | { readonly action: 'reportDelivery'; readonly report: DeliveryReport }
  | { readonly action: 'reportGrantOver'; readonly how: GrantEnd; readonly grantId?: string }
  /** What the process does with an approval that gives no grant is done. */
  | { readonly action: 'reportClosing'; readonly outcome: 'done' | 'failed'; readonly code?: string };

/** How a grant ended: by somebody's hand, or with its period. */
export type GrantEnd = 'terminated' | 'expired';

/** How a case begins. The route and the slice of the calendar it needs come along as values. */
export interface FileAction {
  readonly action: 'file';
  readonly caseId: string;
  readonly process: string;
  readonly route: Route;
  readonly calendar: Calendar;
  readonly requester: string;
  readonly provider: string;
  readonly form: FormRef;
  /** In what capacity it is filed, where that is not as a requester of the department. */
  readonly as?: Capacity;
  readonly about?: About;
  /** What its number begins with and what it is called, where that is not a share request. */
  readonly label?: { readonly prefix: string; readonly name: string };
}

export type CaseAction = FileAction | PersonAction | SystemAction;

/** Who holds a role in a department at the time of a command: what seats for every holder are opened from. */
export interface StaffLine extends Capacity {
  readonly people: readonly string[];
}

/** Whom somebody stands in for, and the days on which they may: first and last, in Asia/Shanghai. */
export interface Absent extends Actor {
  readonly from: string;
  readonly until: string;
}

/** A command: what is to be done, by whom, and when the API received it (RFC 3339; the moment that limits are held against). */
export interface Command<A = CaseAction> {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly do: A;
  /** The actor stands in for this person (代理); both are recorded. */
  readonly onBehalf?: Absent;
  /** The staff that the route's seats for every holder need, as the API looked it up; absent where it has none. */
  readonly staff?: readonly StaffLine[];
}

export interface DeliveryReport {
  readonly deliveryId: string;
  readonly outcome: 'delivered' | 'failed';
  readonly code?: string;
  readonly rows?: number;
  readonly sha256?: string;
}
