import type { Capacity, DeliveryReport } from '../case.ts';
import type { Schedule } from '../schedule/schedule.ts';

/** The life of a grant: deliveries run under it until its period ends or somebody ends it (R809 Art.25–29). */
export type GrantStatus = 'active' | 'suspended' | 'terminated' | 'expired';

export type GrantPersonAction =
  /** `isWhole`: everything again, also where an increment would do. */
  | { readonly action: 'deliver'; readonly isWhole?: true }
  | { readonly action: 'reschedule'; readonly schedule: Schedule }
  | { readonly action: 'suspend'; readonly reason: string }
  | { readonly action: 'resume'; readonly reason: string }
  | { readonly action: 'terminate'; readonly reason: string };

export type GrantSystemAction =
  /** The period begins, and with it the first delivery. */
  | { readonly action: 'begin' }
  /** A time of the schedule has come; however many have passed meanwhile, one delivery makes up for them. */
  | { readonly action: 'run'; readonly scheduledFor: string }
  /** The end is near: the requester may want to go on. */
  | { readonly action: 'offerRenewal' }
  | { readonly action: 'expire' }
  | { readonly action: 'reportDelivery'; readonly report: DeliveryReport };

/** How a grant begins: from the case that gave it. Its first delivery is asked for as soon as its period has begun. */
export interface OpenAction {
  readonly action: 'open';
  readonly grantId: string;
  readonly caseId: string;
  readonly requester: string;
  readonly provider: string;
  /** Calendar dates in Asia/Shanghai; `validTo` is the last day on which data may flow. */
  readonly validFrom: string;
  readonly validTo: string;
  /** The day on which renewal is offered; absent where the period is too short for it. */
  readonly renewalFrom?: string;
  /** Absent: on call. */
  readonly schedule?: Schedule;
}

export type GrantAction = OpenAction | GrantPersonAction | GrantSystemAction;

interface By {
  readonly at: string;
  readonly actor: string;
  readonly capacity: Capacity;
}

export type GrantEvent =
  | ({ readonly type: 'opened'; readonly at: string } & Omit<OpenAction, 'action'>)
  | ({
      readonly type: 'deliveryAsked';
      readonly deliveryId: string;
      /** The time of the schedule that asked for it. */
      readonly scheduledFor?: string;
      readonly isWhole?: true;
    } & By)
  | ({
      readonly type: 'deliveryReported';
      readonly at: string;
      /** The schedule had asked for it: nobody waits for word of it. */
      readonly isScheduled?: true;
    } & DeliveryReport)
  | ({ readonly type: 'rescheduled'; readonly schedule: Schedule } & By)
  | ({ readonly type: 'suspended' | 'resumed' | 'terminated'; readonly reason: string } & By)
  | { readonly type: 'renewalOffered'; readonly at: string; readonly validTo: string }
  | { readonly type: 'expired'; readonly at: string };

export interface GrantState extends Omit<OpenAction, 'action'> {
  readonly status: GrantStatus;
  /** The period has not begun at the opening, and nothing has been delivered since. */
  readonly isAwaited: boolean;
  readonly deliveries: number;
  /** The delivery under way; one at a time. */
  readonly running?: string;
  readonly lastReport?: DeliveryReport;
  /** Whether the case has its first delivery. */
  readonly delivered: boolean;
  readonly isRenewalOffered?: boolean;
  /** With a schedule: the instant after which its next run is looked for. */
  readonly runsAfter?: string;
  /** Of the delivery under way. */
  readonly isScheduled?: true;
  readonly isWhole?: true;
}
