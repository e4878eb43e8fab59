import type { CaseAction, Offered } from '../api/types.ts';

type Reason = Extract<CaseAction, { action: 'reject' }>['reason']['code'];

/** All that the API takes but missing papers, which it refuses as a ground (R809 Art.22). */
const GROUNDS = {
  'no-legal-basis': true,
  'beyond-necessity': true,
  'purpose-not-allowed': true,
  'not-held': true,
  'law-forbids': true,
  'not-settled': true,
  unfounded: true,
  'not-rectified': true,
  other: true,
} as const satisfies Record<Exclude<Reason, 'incomplete'>, true>;

/** Grounds for a refusal of a share request, in the order in which they are shown. */
export const REASONS = Object.keys(GROUNDS) as readonly (keyof typeof GROUNDS)[];

/** What an operation asks of whoever does it; a mark after the name: it must be filled in. */
export type FieldName =
  | 'reason'
  | 'note'
  | 'text'
  | 'to'
  | 'stage'
  | 'place'
  | 'missing'
  | 'reviewOn'
  | 'days'
  | 'parties'
  | 'form';

interface Operation {
  readonly fields: readonly FieldName[];
  readonly needed: readonly FieldName[];
  readonly isGrave?: boolean;
}

function operation(needed: readonly FieldName[], more: readonly FieldName[] = [], isGrave = false): Operation {
  return { fields: [...needed, ...more], needed, ...(isGrave ? { isGrave } : {}) };
}

/** Every operation that a case knows beside its answer, in the order in which they are shown. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  supplement: operation(['form'], ['note']),
  resubmit: operation(['form'], ['note']),
  refile: operation(['form'], ['note']),
  takeBack: operation(['reason']),
  askSupplement: operation(['missing']),
  return: operation(['stage', 'reason']),
  reassign: operation(['to', 'reason']),
  delegate: operation(['to'], ['note']),
  recall: operation([]),
  addSeat: operation(['place', 'to'], ['note']),
  removeSeat: operation(['reason']),
  askExtension: operation(['days', 'reason']),
  grantExtension: operation([]),
  refuseExtension: operation(['reason']),
  urge: operation([], ['note']),
  copy: operation(['parties'], ['note']),
  comment: operation(['text']),
  suspend: operation(['reason', 'reviewOn']),
  resume: operation(['reason']),
  withdraw: operation([], ['reason'], true),
  terminate: operation(['reason'], [], true),
};

/** What is offered, as it is shown: the operations of every task of the reader's and of the case, each once. */
export function shownOperations(offered: readonly Offered[]): Offered[] {
  const order = Object.keys(OPERATIONS);
  return offered
    .filter((one) => OPERATIONS[one.action])
    .toSorted((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
}
