import { dateIn } from '../calendar.ts';
import { type Capacity, type CaseEvent, type CaseState, type Command, type SeatState, taskIdOf } from '../case.ts';
import type { Actor } from '../language.ts';
import { type Decision, refuse } from '../machine.ts';
import { type StageNode, stageNode } from './plan.ts';
import { barred, hasSeat, isWaitingSeat } from './seats.ts';

export type Refused = Extract<Decision<CaseEvent>, { refusal: unknown }>;
export type Outcome = readonly CaseEvent[] | Refused;
export type Of<A, K> = Extract<A, { action: K }>;

/** A seat that somebody names by its task, with what an act on it is recorded with. */
export interface Held {
  readonly node: StageNode;
  readonly seat: SeatState;
  readonly ref: { readonly stage: string; readonly activation: number; readonly seat?: number };
}

/** How an act is signed: by whom, in what capacity, and for whom. */
export function signed(command: Command, capacity: Capacity) {
  const { at, actor, onBehalf } = command;
  return { at, actor: actor.person, capacity, ...(onBehalf ? { onBehalf: onBehalf.person } : {}) };
}

/** Whose place the actor takes: their own, or that of an absent person, on the days of the absence. */
export function principalOf({ actor, onBehalf }: Command): Actor {
  return onBehalf ?? actor;
}

/** The actor, and whoever they stand in for. */
export function peopleOf({ actor, onBehalf }: Command): string[] {
  return onBehalf ? [actor.person, onBehalf.person] : [actor.person];
}

/** A stand-in acts in the same department, on the days of the absence, and for somebody else. */
export function standInFault({ actor, onBehalf, at }: Command): Refused | undefined {
  if (!onBehalf) return undefined;
  const today = dateIn(at);
  const isAway = today >= onBehalf.from && today <= onBehalf.until;
  const isOther = onBehalf.person !== actor.person && onBehalf.department === actor.department;
  return isAway && isOther ? undefined : refuse('NotTheirStandIn');
}

export function holds(command: Command, seat: Capacity): boolean {
  const { department, roles } = principalOf(command);
  return department === seat.department && roles.includes(seat.role);
}

export function isAuthority(command: Command): Capacity | undefined {
  const { department, roles } = principalOf(command);
  return roles.includes('authority') ? { role: 'authority', department } : undefined;
}

/** What stands behind a task's id after its stage: the activation, and the seat unless it is the first. */
const TASK_NUMBERS = /^([1-9]\d*)(?:-([1-9]\d*))?$/;

/** The seat of a task, whatever has become of it. */
export function seatOfTask(state: CaseState, taskId: string): Held | Refused {
  const { caseId, stages } = state;
  const end = taskId.lastIndexOf('.');
  const id = taskId.slice(caseId.length + 1, end);
  const numbers = TASK_NUMBERS.exec(taskId.slice(end + 1));
  const stage = Object.hasOwn(stages, id) ? stages[id] : undefined;
  if (!stage || !numbers) return refuse('TaskUnknown', '/taskId');
  const [asked, number] = [Number(numbers[1]), Number(numbers[2] ?? 1)];
  const { activation, seats } = stage;
  const seat = seats.find((one) => one.id === number);
  const isKnown = asked < activation || (asked === activation && seat !== undefined);
  if (!isKnown || taskId !== taskIdOf(caseId, id, asked, number)) return refuse('TaskUnknown', '/taskId');
  const node = stageNode(state, id);
  if (asked < activation || !seat || !node) return refuse('TaskLapsed');
  return { node, seat, ref: number === 1 ? { stage: id, activation } : { stage: id, activation, seat: number } };
}

/** Whether the seat is this person's: theirs alone, or one that any holder of the role may take. */
export function isHolder({ seat }: Held, command: Command): boolean {
  const { person, department } = principalOf(command);
  if (seat.holder === undefined) return holds(command, seat.capacity);
  return seat.holder === person && department === seat.capacity.department;
}

/** Why nothing can be done at a seat now, whoever asks. */
export function seatClosed(state: CaseState, { node, seat }: Held): Refused | undefined {
  const stage = state.stages[node.id];
  if (!stage || stage.standing === 'lapsed') return refuse('TaskLapsed');
  if (stage.standing === 'decided' || seat.standing === 'answered') return refuse('AlreadyDecided');
  if (seat.standing !== 'open') return refuse('TaskLapsed');
  if (stage.standing === 'parked') return refuse('TaskParked');
  return state.isAgreed ? refuse('AlreadyGranted') : undefined;
}

/** Holding the open seat and separation of duties: what every act on a task by its holder needs. */
export function openSeat(state: CaseState, command: Command, taskId: string): Held | Refused {
  const held = seatOfTask(state, taskId);
  if ('refusal' in held) return held;
  if (!isHolder(held, command)) return refuse('NotYourTask');
  const closed = seatClosed(state, held);
  if (closed) return closed;
  const { seat, node } = held;
  const stage = state.stages[node.id];
  if (seat.holder === undefined && stage && hasSeat(stage, principalOf(command).person, seat.id)) {
    return refuse('HasASeat');
  }
  const people = [...peopleOf(command), ...seat.delegators, ...seat.advisers];
  const code = barred(state, { stageId: node.id, stage: node.stage, seatId: seat.id }, people);
  return code ? refuse(code) : held;
}

/** As `openSeat`, of a seat whose turn it is and whose decision is with its holder. */
export function answerableSeat(state: CaseState, command: Command, taskId: string): Held | Refused {
  const held = openSeat(state, command, taskId);
  if ('refusal' in held) return held;
  const stage = state.stages[held.node.id];
  if (state.supplements[held.node.id]) return refuse('AwaitingSupplement');
  if (stage && isWaitingSeat(held.node.stage, stage, held.seat)) return refuse('NotYetYourTurn');
  return held.seat.delegators.length > 0 ? refuse('AdviceOnly') : held;
}
