import { dateIn, endOfDay, startOfDay } from '../calendar.ts';
import { type Capacity, type Command, type DeliveryReport, isSystem, SYSTEM } from '../case.ts';
import type { Actor } from '../language.ts';
import { type Alarm, type Decision, type Machine, refuse } from '../machine.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { GrantAction, GrantEvent, GrantPersonAction, GrantState, OpenAction } from './grant-event.ts';
import { isBefore, nextRunOf, withoutDelivery, withSchedule } from './grant-schedule.ts';

export type * from './grant-event.ts';

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
      return { events: reported(state, action.report, at) };
    case 'run':
      if (!isSystem(command.actor)) return refuse('SystemOnly');
      return { events: run(state, action.scheduledFor, at) };
    case 'deliver':
      return deliver(state, command, action);
    case 'reschedule':
      return reschedule(state, command, action.schedule);
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

/** A run that comes only once the period is over, as nothing ran meanwhile, finds the end of the grant instead. */
function run(state: GrantState, scheduledFor: string, at: string): readonly GrantEvent[] {
  if (state.status !== 'active' || state.running !== undefined) return [];
  if (dateIn(at) > state.validTo) return [{ type: 'expired', at: endOfDay(state.validTo) }];
  const capacity: Capacity = { role: 'requester', department: state.requester };
  return [
    {
      type: 'deliveryAsked',
      deliveryId: `${state.grantId}.${state.deliveries + 1}`,
      scheduledFor,
      at,
      actor: SYSTEM.person,
      capacity,
    },
  ];
}

function reported(state: GrantState, report: DeliveryReport, at: string): readonly GrantEvent[] {
  if (state.running !== report.deliveryId) return [];
  return [{ type: 'deliveryReported', at, ...(state.isScheduled ? { isScheduled: true } : {}), ...report }];
}

/** When data comes within its grant is for the department that receives it to say. */
function reschedule(state: GrantState, command: Command<GrantAction>, schedule: Schedule): Decision<GrantEvent> {
  const department = state.requester;
  const capacity = capacityIn(command.actor, [
    { role: 'requester', department },
    { role: 'sharing-lead', department },
    { role: 'integrator', department },
  ]);
  if (!capacity) return refuse('NotYourGrant');
  if (isOver(state) || dateIn(command.at) > state.validTo) return refuse('GrantOver');
  return { events: [{ type: 'rescheduled', schedule, at: command.at, actor: command.actor.person, capacity }] };
}

function deliver(
  state: GrantState,
  command: Command<GrantAction>,
  { isWhole }: Extract<GrantAction, { action: 'deliver' }>,
): Decision<GrantEvent> {
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
  const whole = isWhole === true ? { isWhole } : {};
  return {
    events: [{ type: 'deliveryAsked', deliveryId, ...whole, at: command.at, actor: command.actor.person, capacity }],
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
    return withSchedule({ ...terms, status: 'active', isAwaited, deliveries: 0, delivered: false }, at);
  }
  if (state === undefined) throw new Error(`A grant begins with opened, not with ${event.type}`);
  switch (event.type) {
    case 'deliveryAsked':
      return asked(state, event);
    case 'deliveryReported': {
      const { type: _, at: __, isScheduled: ___, ...lastReport } = event;
      return { ...withoutDelivery(state), lastReport, delivered: state.delivered || event.outcome === 'delivered' };
    }
    case 'suspended':
      return { ...state, status: 'suspended' };
    case 'resumed':
      // What would have run meanwhile does not run.
      return withSchedule({ ...state, status: 'active' }, event.at);
    case 'rescheduled':
      return withSchedule({ ...state, schedule: event.schedule }, event.at);
    case 'terminated':
      return { ...state, status: 'terminated' };
    case 'renewalOffered':
      return { ...state, isRenewalOffered: true };
    case 'expired':
      return { ...state, status: 'expired' };
  }
}

function asked(state: GrantState, event: Extract<GrantEvent, { type: 'deliveryAsked' }>): GrantState {
  const { deliveryId, scheduledFor, isWhole, at } = event;
  const running: GrantState = {
    ...state,
    isAwaited: false,
    running: deliveryId,
    deliveries: state.deliveries + 1,
    ...(scheduledFor === undefined ? {} : { isScheduled: true }),
    ...(isWhole === true ? { isWhole } : {}),
  };
  // A run that would have come until now is made up for by this one.
  return withSchedule(running, scheduledFor !== undefined && isBefore(at, scheduledFor) ? scheduledFor : at);
}

function isOver(state: GrantState): boolean {
  return state.status === 'terminated' || state.status === 'expired';
}

/** The first delivery goes when the period begins; at its end access ends by itself (R809 Art.28). */
function alarm(state: GrantState): Alarm<GrantAction> | undefined {
  if (isOver(state)) return undefined;
  if (awaitsFirst(state)) return { at: startOfDay(state.validFrom), do: { action: 'begin' } };
  const fixed: Alarm<GrantAction> = awaitsOffer(state)
    ? { at: startOfDay(state.renewalFrom ?? state.validTo), do: { action: 'offerRenewal' } }
    : { at: endOfDay(state.validTo), do: { action: 'expire' } };
  const run = nextRunOf(state);
  if (run === undefined || !isBefore(run, fixed.at)) return fixed;
  // Given late it says when, as the run after it is looked for from there: of those that were missed one is made up for.
  return { at: run, do: { action: 'run', scheduledFor: run }, isSoft: true };
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
    { action: 'reschedule', schedule: { kind: 'on-call' } },
  ];
  return probes
    .filter((probe) => !('refusal' in decide(state, { id: 'probe', at, actor, do: probe })))
    .map((probe) => probe.action);
}
