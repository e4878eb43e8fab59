import { dateIn, endOfDay, startOfDay } from '../calendar.ts';
import { type Capacity, type Command, type DeliveryReport, isSystem, SYSTEM } from '../case.ts';
import type { Actor } from '../language.ts';
import { type Alarm, type Decision, type Machine, refuse } from '../machine.ts';

/** The life of a grant: deliveries run under it until its period ends or somebody ends it (R809 Art.25–29). */
export type GrantStatus = 'active' | 'suspended' | 'terminated' | 'expired';

export type GrantPersonAction =
  | { readonly action: 'deliver' }
  | { readonly action: 'suspend'; readonly reason: string }
  | { readonly action: 'resume'; readonly reason: string }
  | { readonly action: 'terminate'; readonly reason: string };

export type GrantSystemAction =
  /** The period begins, and with it the first delivery. */
  | { readonly action: 'begin' }
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
}

export type GrantAction = OpenAction | GrantPersonAction | GrantSystemAction;

interface By {
  readonly at: string;
  readonly actor: string;
  readonly capacity: Capacity;
}

export type GrantEvent =
  | ({ readonly type: 'opened'; readonly at: string } & Omit<OpenAction, 'action'>)
  | ({ readonly type: 'deliveryAsked'; readonly deliveryId: string } & By)
  | ({ readonly type: 'deliveryReported'; readonly at: string } & DeliveryReport)
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
}

function decide(state: GrantState | undefined, command: Command<GrantAction>): Decision<GrantEvent> {
  const { do: action, at } = command;
  if (state === undefined) return open(command);
  switch (action.action) {
    case 'open':
      return refuse('AlreadyFiled');
    case 'begin':
      if (!isSystem(command.actor)) return refuse('SystemOnly');
      return { events: awaitsFirst(state) ? [firstDelivery(state, at)] : [] };
    case 'offerRenewal':
      if (!isSystem(command.actor)) return refuse('SystemOnly');
      return { events: awaitsOffer(state) ? [{ type: 'renewalOffered', at, validTo: state.validTo }] : [] };
    case 'expire':
      if (!isSystem(command.actor)) return refuse('SystemOnly');
      return { events: isOver(state) ? [] : [{ type: 'expired', at }] };
    case 'reportDelivery':
      if (!isSystem(command.actor)) return refuse('SystemOnly');
      if (state.running !== action.report.deliveryId) return { events: [] };
      return { events: [{ type: 'deliveryReported', at, ...action.report }] };
    case 'deliver':
      return deliver(state, command);
    case 'suspend':
    case 'resume':
    case 'terminate':
      return change(state, command, action);
  }
}

function open(command: Command<GrantAction>): Decision<GrantEvent> {
  const { do: action, at } = command;
  if (action.action !== 'open') return refuse('NotFiled');
  const { action: _, ...terms } = action;
  const hasBegun = dateIn(at) >= terms.validFrom && dateIn(at) <= terms.validTo;
  return { events: [{ type: 'opened', at, ...terms }, ...(hasBegun ? [firstDelivery(terms, at)] : [])] };
}

function firstDelivery({ grantId, requester }: Pick<OpenAction, 'grantId' | 'requester'>, at: string): GrantEvent {
  const capacity: Capacity = { role: 'requester', department: requester };
  return { type: 'deliveryAsked', deliveryId: `${grantId}.1`, at, actor: SYSTEM.person, capacity };
}

/** Also of a suspended grant: it may be resumed before its end. */
function awaitsOffer(state: GrantState): boolean {
  return !isOver(state) && state.renewalFrom !== undefined && state.isRenewalOffered !== true;
}

function awaitsFirst(state: GrantState): boolean {
  return state.status === 'active' && state.isAwaited;
}

function deliver(state: GrantState, command: Command<GrantAction>): Decision<GrantEvent> {
  const capacity = capacityIn(command.actor, [
    { role: 'requester', department: state.requester },
    { role: 'sharing-lead', department: state.requester },
    { role: 'reviewer', department: state.provider },
    { role: 'sharing-lead', department: state.provider },
    { role: 'integrator', department: state.requester },
  ]);
  if (!capacity) return refuse('NotYourGrant');
  if (isOver(state) || dateIn(command.at) > state.validTo) return refuse('GrantOver');
  if (state.status !== 'active' || dateIn(command.at) < state.validFrom) return refuse('GrantNotActive');
  if (state.running !== undefined) return refuse('DeliveryRunning');
  const deliveryId = `${state.grantId}.${state.deliveries + 1}`;
  return {
    events: [{ type: 'deliveryAsked', deliveryId, at: command.at, actor: command.actor.person, capacity }],
  };
}

/** Misuse is stopped at once by the provider or the authority (R809 Art.27). */
function change(
  state: GrantState,
  command: Command<GrantAction>,
  action: Extract<GrantPersonAction, { reason: string }>,
): Decision<GrantEvent> {
  const lead: Capacity = { role: 'sharing-lead', department: state.provider };
  const authority = command.actor.roles.includes('authority')
    ? { role: 'authority' as const, department: command.actor.department }
    : undefined;
  const capacity = capacityIn(command.actor, [lead]) ?? authority;
  if (!capacity) return refuse('NotYourGrant');
  if (isOver(state)) return refuse('GrantOver');
  if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
  if (action.action === 'suspend' && state.status !== 'active') return refuse('GrantNotActive');
  if (action.action === 'resume' && state.status !== 'suspended') return refuse('NotSuspended');
  const type = ({ suspend: 'suspended', resume: 'resumed', terminate: 'terminated' } as const)[action.action];
  return {
    events: [{ type, reason: action.reason, at: command.at, actor: command.actor.person, capacity }],
  };
}

function capacityIn(actor: Actor, seats: readonly Capacity[]): Capacity | undefined {
  return seats.find((seat) => seat.department === actor.department && actor.roles.includes(seat.role));
}

function evolve(state: GrantState | undefined, event: GrantEvent): GrantState {
  if (event.type === 'opened') {
    const { type: _, at, ...terms } = event;
    const isAwaited = dateIn(at) < terms.validFrom;
    return { ...terms, status: 'active', isAwaited, deliveries: 0, delivered: false };
  }
  if (state === undefined) throw new Error(`A grant begins with opened, not with ${event.type}`);
  switch (event.type) {
    case 'deliveryAsked':
      return { ...state, isAwaited: false, running: event.deliveryId, deliveries: state.deliveries + 1 };
    case 'deliveryReported': {
      const { running: _, ...rest } = state;
      const { type: __, at: ___, ...lastReport } = event;
      return { ...rest, lastReport, delivered: state.delivered || event.outcome === 'delivered' };
    }
    case 'suspended':
      return { ...state, status: 'suspended' };
    case 'resumed':
      return { ...state, status: 'active' };
    case 'terminated':
      return { ...state, status: 'terminated' };
    case 'renewalOffered':
      return { ...state, isRenewalOffered: true };
    case 'expired':
      return { ...state, status: 'expired' };
  }
}

function isOver(state: GrantState): boolean {
  return state.status === 'terminated' || state.status === 'expired';
}

/** The first delivery goes when the period begins; at its end access ends by itself (R809 Art.28). */
function alarm(state: GrantState): Alarm<GrantAction> | undefined {
  if (isOver(state)) return undefined;
  if (awaitsFirst(state)) return { at: startOfDay(state.validFrom), do: { action: 'begin' } };
  if (awaitsOffer(state)) return { at: startOfDay(state.renewalFrom ?? state.validTo), do: { action: 'offerRenewal' } };
  return { at: endOfDay(state.validTo), do: { action: 'expire' } };
}

export const grantMachine: Machine<GrantState, GrantAction, GrantEvent> = {
  decide,
  evolve,
  alarm,
  isOver: (state) => isOver(state) && state.running === undefined,
};

/** What this person may do with a grant now: offered if and only if `decide` would accept it. */
export function grantActionsOf(state: GrantState, actor: Actor, at: string): GrantPersonAction['action'][] {
  const probes: GrantPersonAction[] = [
    { action: 'deliver' },
    { action: 'suspend', reason: '-' },
    { action: 'resume', reason: '-' },
    { action: 'terminate', reason: '-' },
  ];
  return probes
    .filter((probe) => !('refusal' in decide(state, { id: 'probe', at, actor, do: probe })))
    .map((probe) => probe.action);
}
