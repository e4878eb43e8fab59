import type { CaseAction, CaseState, Command, TaskAction } from '../case.ts';
import type { Actor } from '../language.ts';
import { refuse } from '../machine.ts';
import {
  answerableSeat,
  type Held,
  isAuthority,
  type Of,
  openSeat,
  type Outcome,
  peopleOf,
  principalOf,
  type Refused,
  seatClosed,
  seatOfTask,
  signed,
} from './holding.ts';
import { barred, hasSeat } from './seats.ts';

const HANDINGS = ['reassign', 'delegate', 'advise', 'recall', 'addSeat', 'removeSeat'] as const;
export type Handing = Of<TaskAction, (typeof HANDINGS)[number]>;

export function isHanding(action: CaseAction): action is Handing {
  return (HANDINGS as readonly string[]).includes(action.action);
}

/** What moves a seat between people, or adds and removes one. */
export function hand(state: CaseState, command: Command, action: Handing): Outcome {
  switch (action.action) {
    case 'reassign':
      return reassign(state, command, action);
    case 'delegate':
      return delegate(state, command, action);
    case 'advise':
      return advise(state, command, action);
    case 'recall':
      return recall(state, command, action);
    case 'addSeat':
      return addSeat(state, command, action);
    case 'removeSeat':
      return removeSeat(state, command, action);
  }
}

/**
 * 转办: for good, to somebody who holds the same role in the same department. The authority may hand any open seat to
 * anybody in its department, so that no case is stuck for want of somebody who may answer.
 */
function reassign(state: CaseState, command: Command, action: Of<Handing, 'reassign'>): Outcome {
  const held = seatToMove(state, command, action.taskId);
  if ('refusal' in held) return held;
  const { seat, ref, capacity, isByAuthority } = held;
  const { to, reason } = action;
  if (reason.trim() === '') return refuse('ReasonMissing', '/reason');
  if (!isByAuthority && !to.roles.includes(seat.capacity.role)) return refuse('NotInTheRole', '/to');
  const fault = recipientFault(state, held, to);
  if (fault) return fault;
  if (peopleOf(command).includes(to.person)) return refuse('InTheChain', '/to');
  return [{ type: 'reassigned', ...ref, to: to.person, reason, ...signed(command, capacity) }];
}

/** 委派: anybody in the department may be asked for an opinion, as the decision stays with whoever delegates. */
function delegate(state: CaseState, command: Command, action: Of<Handing, 'delegate'>): Outcome {
  const held = openSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  const { seat, ref } = held;
  const { to, note } = action;
  const fault = recipientFault(state, held, to);
  if (fault) return fault;
  if (seat.delegators.includes(to.person) || peopleOf(command).includes(to.person)) return refuse('InTheChain', '/to');
  const by = signed(command, seat.capacity);
  return [{ type: 'delegated', ...ref, to: to.person, ...(note ? { note } : {}), ...by }];
}

function advise(state: CaseState, command: Command, action: Of<Handing, 'advise'>): Outcome {
  const held = openSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  const { seat, ref } = held;
  if (seat.delegators.length === 0) return refuse('NotDelegated');
  if (action.opinion.trim() === '') return refuse('OpinionMissing', '/opinion');
  return [{ type: 'advised', ...ref, opinion: action.opinion, ...signed(command, seat.capacity) }];
}

/** By whoever delegated it, or by the authority. */
function recall(state: CaseState, command: Command, action: Of<Handing, 'recall'>): Outcome {
  const held = seatOfTask(state, action.taskId);
  if ('refusal' in held) return held;
  const { seat, ref } = held;
  const authority = isAuthority(command);
  const isDelegator = seat.delegators.at(-1) === principalOf(command).person;
  if (!isDelegator && !authority) return refuse('NotYourTask');
  const closed = seatClosed(state, held);
  if (closed) return closed;
  if (seat.delegators.length === 0) return refuse('NotDelegated');
  const capacity = isDelegator || !authority ? seat.capacity : authority;
  return [{ type: 'recalled', ...ref, ...signed(command, capacity) }];
}

/** 加签: somebody of the same department answers as well, before, beside or after whoever adds them. */
function addSeat(state: CaseState, command: Command, action: Of<Handing, 'addSeat'>): Outcome {
  const held = answerableSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  const { seat, node, ref } = held;
  const { to, place, note } = action;
  const fault = recipientFault(state, { ...held, seat: { ...seat, id: 0 } }, to);
  if (fault) return fault;
  if (peopleOf(command).includes(to.person)) return refuse('InTheChain', '/to');
  const seats = state.stages[node.id]?.seats ?? [];
  return [
    {
      type: 'seatAdded',
      stage: ref.stage,
      activation: ref.activation,
      seat: Math.max(...seats.map(({ id }) => id)) + 1,
      for: seat.capacity,
      holder: to.person,
      place,
      anchor: seat.id,
      ...(note ? { note } : {}),
      ...signed(command, seat.capacity),
    },
  ];
}

/** 减签: only what was added, until it is answered, by whoever added it or the authority. */
function removeSeat(state: CaseState, command: Command, action: Of<Handing, 'removeSeat'>): Outcome {
  const held = seatOfTask(state, action.taskId);
  if ('refusal' in held) return held;
  const { seat, ref } = held;
  if (!seat.added) return refuse('NotAdded');
  const authority = isAuthority(command);
  const isAdder = seat.added.by === principalOf(command).person;
  if (!isAdder && !authority) return refuse('NotYourTask');
  const closed = seatClosed(state, held);
  if (closed) return closed;
  if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
  const capacity = isAdder || !authority ? seat.capacity : authority;
  return [{ type: 'seatRemoved', ...ref, reason: action.reason, ...signed(command, capacity) }];
}

/** The seat as its holder may hand it over, or the authority for them: also over a holder who is barred. */
function seatToMove(
  state: CaseState,
  command: Command,
  taskId: string,
): (Held & { readonly capacity: Held['seat']['capacity']; readonly isByAuthority: boolean }) | Refused {
  const authority = isAuthority(command);
  const own = openSeat(state, command, taskId);
  if (!('refusal' in own) && own.seat.delegators.length === 0) {
    return { ...own, capacity: own.seat.capacity, isByAuthority: false };
  }
  if (!authority) return 'refusal' in own ? own : refuse('AdviceOnly');
  const held = seatOfTask(state, taskId);
  if ('refusal' in held) return held;
  return seatClosed(state, held) ?? { ...held, capacity: authority, isByAuthority: true };
}

/** Whoever is handed something could also answer it: in the department, free of the application, without another seat. */
function recipientFault(state: CaseState, { node, seat }: Held, to: Actor): Refused | undefined {
  if (to.department !== seat.capacity.department) return refuse('NotInTheDepartment', '/to');
  const code = barred(state, { stageId: node.id, stage: node.stage, seatId: seat.id }, [to.person]);
  if (code) return refuse(code, '/to');
  const stage = state.stages[node.id];
  if (to.person === seat.holder) return refuse('InTheChain', '/to');
  return stage && hasSeat(stage, to.person, seat.id) ? refuse('HasASeat', '/to') : undefined;
}
