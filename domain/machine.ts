import type { Command } from './case.ts';

/** Every way in which a command can be refused. The API maps each to one status; a code without one does not compile. */
export const REFUSAL_CODES = [
  'ActedOnSince',
  'AdviceOnly',
  'AlreadyDecided',
  'AlreadyFiled',
  'AlreadyGranted',
  'AlreadySigned',
  'AwaitingSupplement',
  'CaseEnded',
  'CommentMissing',
  'DeliveryRunning',
  'ExtensionAsked',
  'FactsMissing',
  'FormChanged',
  'GrantNotActive',
  'GrantOver',
  'HasASeat',
  'InTheChain',
  'IncompleteIsNoGround',
  'ItemNotAsked',
  'ItemTwice',
  'ItemsWhole',
  'LimitPassed',
  'MigrationDecides',
  'NoExtensionAsked',
  'NoSuchClock',
  'NoSuchReturn',
  'NobodyNamed',
  'NobodyToUrge',
  'NotAParty',
  'NotAdded',
  'NotAnotherVersion',
  'NotAsked',
  'NotAwaitingSupplement',
  'NotDelegated',
  'NotExtendable',
  'NotFiled',
  'NotInTheDepartment',
  'NotInTheRole',
  'NotRefused',
  'NotReturned',
  'NotSuspended',
  'NotTheApplicant',
  'NotTheAuthority',
  'NotTheirStandIn',
  'NotYetYourTurn',
  'NotYourGrant',
  'NotYourTask',
  'NothingLeft',
  'NothingListed',
  'NothingSupplemented',
  'NothingToTakeBack',
  'NoticeGiven',
  'OpinionMissing',
  'OwnRequest',
  'PartUnknown',
  'ReasonMissing',
  'ReviewNotLater',
  'RouteUnsound',
  'ScopeNeedsItem',
  'Suspended',
  'SystemOnly',
  'TaskLapsed',
  'TaskParked',
  'TaskUnknown',
  'TooManyDays',
  'UrgedToday',
  'WhichSupplement',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why a command changes nothing. `pointer` is a JSON pointer into the command's body where one field is at fault. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly pointer?: string;
}

export type Decision<E> = { readonly events: readonly E[] } | { readonly refusal: Refusal };

/** What time alone will do next: the command and the moment (RFC 3339) at which it is due. */
export interface Alarm<A> {
  readonly at: string;
  readonly do: A;
  /** Worth nothing once something else is due as well: given late, it says at what time it is given. */
  readonly isSoft?: boolean;
}

/** A process as pure functions. The workflow, the recorder, the auditor and the tests all run these same ones. */
export interface Machine<S, A, E> {
  decide(state: S | undefined, command: Command<A>): Decision<E>;
  /** Why `decide` would refuse, where that costs much less than deciding; undefined if it would not. */
  whyNot?(state: S | undefined, command: Command<A>): Refusal | undefined;
  evolve(state: S | undefined, event: E): S;
  alarm(state: S): Alarm<A> | undefined;
  /** Nothing can happen any more. */
  isOver(state: S): boolean;
}

export function refuse(code: RefusalCode, pointer?: string): { readonly refusal: Refusal } {
  return { refusal: pointer === undefined ? { code } : { code, pointer } };
}

/** Applies recorded events in order. Throws if there are none, as a stream without a first event has no state. */
export function replayEvents<S, A, E>(machine: Machine<S, A, E>, events: readonly E[]): S {
  let state: S | undefined;
  for (const event of events) state = machine.evolve(state, event);
  if (state === undefined) throw new Error('No events, no state');
  return state;
}
