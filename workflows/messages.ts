import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CaseAction, CaseState, Command, DeliveryReport, GrantEnd, PersonAction } from '../domain/case.ts';
import type { GrantAction, GrantPersonAction, GrantState } from '../domain/kernel/grant.ts';

/** The task queue of workflows and of the activities that keep the records. */
export const TASK_QUEUE = 'santong';
/** The task queue of the deliveries, so that long transfers never hold up a decision. */
export const TRANSFER_QUEUE = 'santong-transfers';

/** How a workflow of a case or a grant begins, or goes on in a run that continues another. */
export interface StartInput<A> {
  readonly streamId: string;
  /** The first command; absent in a run that continues another. */
  readonly begin?: Command<A>;
  /** Whether the events of the first command are recorded already, by the transaction that made this run necessary. */
  readonly isBegun?: boolean;
  /** The process of the case; absent for a share request and for a grant. */
  readonly process?: string;
  /** Commands after which the run continues as new. */
  readonly renewAfter?: number;
}

/** What an accepted command came to. Answered only once it is recorded. */
export interface Outcome {
  readonly streamId: string;
  /** The sequence number of the last event of the stream once the command was carried out. */
  readonly seq: number;
  readonly status: string;
}

/** Carry out a command of a person. Refused with the refusal's code as the failure's type. */
export const act = defineUpdate<Outcome, [Command<PersonAction | GrantPersonAction>]>('act');

/** The state as the workflow holds it, which may be ahead of what is recorded by the events under way. */
export const readState = defineQuery<{ seq: number; recorded: number; state: CaseState | GrantState | undefined }>(
  'state',
);

/** A grant tells its case how the first delivery went. */
export const deliveryReported = defineSignal<[DeliveryReport]>('deliveryReported');

/** A grant tells its case that it is over without a delivery. */
export const grantOver = defineSignal<[{ readonly how: GrantEnd; readonly grantId?: string }]>('grantOver');

export interface CaseStart extends StartInput<CaseAction> {
  /** Whether the recorder lets the grants of the case run; those that began before it did start them as children. */
  readonly grantsBeginAtRecord?: true;
}
export type GrantStart = StartInput<GrantAction>;

/** The process whose cases the workflow `shareRequest` runs; those of every other are run by `caseProcess`. */
export const SHARE_REQUEST = 'share-request';

export const caseWorkflowId = (process: string, caseId: string): string => `${process}/${caseId}`;
export const shareRequestWorkflowId = (caseId: string): string => caseWorkflowId(SHARE_REQUEST, caseId);
export const grantWorkflowId = (grantId: string): string => `grant/${grantId}`;
