import { type CaseState, type StageState, taskIdOf, type Verdict } from './case.ts';
import type { Role } from './language.ts';
import { pathTo } from './route.ts';

/** `waiting`: nothing to do for now, as materials are awaited or an earlier stage has to be signed again. */
export type TaskStatus = 'open' | 'waiting' | 'done' | 'lapsed' | 'closed';

/** A task as the inbox shows it. It follows from the state alone, so that the projection can be built again. */
export interface Task {
  readonly id: string;
  readonly stage: string;
  readonly activation: number;
  readonly department: string;
  readonly role: Role;
  readonly status: TaskStatus;
  readonly openedAt: string;
  readonly verdict?: Verdict;
  readonly decidedBy?: string;
  readonly closedAt?: string;
  readonly dueOn?: string;
}

/** The task of the latest activation of each stage entered so far. */
export function tasksOf(state: CaseState): Task[] {
  return Object.entries(state.stages).map(([stage, now]) => {
    const dueOn = dueOnOf(state, stage);
    const { answer, verdict } = now;
    return {
      id: taskIdOf(state.caseId, stage, now.activation),
      stage,
      activation: now.activation,
      department: now.seat.department,
      role: now.seat.role,
      status: statusOf(state, now),
      openedAt: now.openedAt,
      ...(answer ? { decidedBy: answer.actor, closedAt: answer.at } : {}),
      ...(verdict ? { verdict } : {}),
      ...(dueOn ? { dueOn } : {}),
    };
  });
}

function statusOf(state: CaseState, stage: StageState): TaskStatus {
  if (stage.standing === 'decided') return 'done';
  if (stage.standing === 'lapsed') return 'lapsed';
  if (state.endedAt !== undefined) return 'closed';
  return stage.standing === 'parked' || state.supplement ? 'waiting' : 'open';
}

/** The nearest due date of the clocks that cover the stage; those of paused clocks do not count. */
export function dueOnOf(state: CaseState, stage: string): string | undefined {
  return nearest(
    state,
    pathTo(state.route.root, stage).map((block) => block.id),
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
