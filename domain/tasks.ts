import { type CaseState, type SeatState, type StageState, taskIdOf, type Verdict } from './case.ts';
import { planOf, type StageNode } from './kernel/plan.ts';
import { barredPeople, isWaitingSeat } from './kernel/seats.ts';
import type { Role } from './language.ts';

/**
 * `waiting`: nothing to do for now, as materials are awaited, an earlier stage or seat has to answer first, or the case is
 * suspended. `superseded`: decided by others, and so nobody's own.
 */
export type TaskStatus = 'open' | 'waiting' | 'done' | 'superseded' | 'lapsed' | 'closed';

/** A task as the inbox shows it. It follows from the state alone, so that the projection can be built again. */
export interface Task {
  readonly id: string;
  readonly stage: string;
  readonly activation: number;
  readonly seat: number;
  readonly department: string;
  readonly role: Role;
  /** The one person whose task it is; absent: whoever holds the role. */
  readonly holder?: string;
  readonly status: TaskStatus;
  readonly openedAt: string;
  readonly verdict?: Verdict;
  readonly decidedBy?: string;
  readonly closedAt?: string;
  readonly dueOn?: string;
  /** Of a task that is not done: who may not answer it, whatever roles they hold. */
  readonly barred?: readonly string[];
}

/** The tasks of the latest activation of each stage entered so far: one for each seat. */
export function tasksOf(state: CaseState): Task[] {
  const { paths } = planOf(state);
  return Object.entries(state.stages).flatMap(([id, stage]) => {
    const node = paths.get(id)?.at(-1) as StageNode | undefined;
    const dueOn = dueOnOf(state, id);
    return stage.seats.map((seat): Task => {
      const { answer } = seat;
      const status = statusOf(state, { id, stage, seat, node });
      const isOpen = node && (status === 'open' || status === 'waiting');
      return {
        id: taskIdOf(state.caseId, id, stage.activation, seat.id),
        stage: id,
        activation: stage.activation,
        seat: seat.id,
        department: seat.capacity.department,
        role: seat.capacity.role,
        ...(seat.holder === undefined ? {} : { holder: seat.holder }),
        status,
        openedAt: seat.openedAt,
        ...(answer ? { decidedBy: answer.actor, closedAt: answer.at, verdict: answer.verdict } : {}),
        ...(dueOn ? { dueOn } : {}),
        ...(isOpen ? { barred: barredPeople(state, { stageId: id, stage: node.stage, seatId: seat.id }) } : {}),
      };
    });
  });
}

function statusOf(
  state: CaseState,
  {
    id,
    stage,
    seat,
    node,
  }: {
    readonly id: string;
    readonly stage: StageState;
    readonly seat: SeatState;
    readonly node: StageNode | undefined;
  },
): TaskStatus {
  if (stage.standing === 'lapsed') return 'lapsed';
  if (seat.standing === 'answered') return 'done';
  if (seat.standing === 'removed') return 'closed';
  if (seat.standing === 'superseded' || stage.standing === 'decided') return 'superseded';
  if (state.endedAt !== undefined || state.isAgreed) return 'closed';
  const waits = stage.standing === 'parked' || state.supplements[id] !== undefined || state.suspended !== undefined;
  return waits || !node || isWaitingSeat(node.stage, stage, seat) ? 'waiting' : 'open';
}

/** The nearest due date of the clocks that cover the stage; those of paused clocks do not count. */
export function dueOnOf(state: CaseState, stage: string): string | undefined {
  const path = planOf(state).paths.get(stage) ?? [];
  return nearest(
    state,
    path.map((node) => node.id),
  );
}

/** The nearest due date of all running clocks of the case. */
export function caseDueOn(state: CaseState): string | undefined {
  return nearest(state, Object.keys(state.clocks));
}

function nearest(state: CaseState, clocks: readonly string[]): string | undefined {
  const dates = clocks.flatMap((id) => {
    const clock = state.clocks[id];
    return clock && !clock.stopped && clock.pausedFor.length === 0 ? [clock.dueOn] : [];
  });
  return dates.toSorted()[0];
}
