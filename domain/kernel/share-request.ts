import {
  type CaseAction,
  type CaseEvent,
  type CaseState,
  type Command,
  type PersonAction,
  type SystemAction,
  taskIdOf,
} from '../case.ts';
import type { Actor } from '../language.ts';
import type { Alarm, Machine } from '../machine.ts';
import { nextLimit } from './clocks.ts';
import { decide, whyNot } from './decide.ts';
import { evolve } from './evolve.ts';

/** The earliest limit that is still running; what it does is count, never decide. */
function alarm(state: CaseState): Alarm<SystemAction> | undefined {
  const next = nextLimit(state);
  if (!next) return undefined;
  const { clock, dueOn } = next.clock;
  return { at: next.at, do: { action: 'passLimit', clock, dueOn } };
}

/** The kernel as the machine that the workflow, the recorder and the auditor run. */
export const caseMachine: Machine<CaseState, CaseAction, CaseEvent> = {
  decide,
  whyNot,
  evolve,
  alarm,
  isOver: (state) => state.endedAt !== undefined,
};

/** Something that a person may do now. */
export interface OfferedAction {
  readonly action: PersonAction['action'];
  readonly taskId?: string;
}

/** What this person may do now: offered if and only if `decide` would accept it. */
export function actionsOf(state: CaseState, actor: Actor, at: string): OfferedAction[] {
  return probes(state).flatMap((probe): OfferedAction[] => {
    const command: Command = { id: 'probe', at, actor, do: probe };
    if (whyNot(state, command)) return [];
    return 'taskId' in probe ? [{ action: probe.action, taskId: probe.taskId }] : [{ action: probe.action }];
  });
}

/** One well-formed command of each kind for where the case stands. */
function probes(state: CaseState): PersonAction[] {
  const seen = state.form.digest;
  const tasks = Object.entries(state.stages)
    .filter(([, stage]) => stage.standing === 'open')
    .flatMap(([stage, { activation }]): PersonAction[] => {
      const taskId = taskIdOf(state.caseId, stage, activation);
      return [
        { action: 'approve', taskId, seen },
        { action: 'reject', taskId, seen, reason: { code: 'other', text: '-' } },
        { action: 'askSupplement', taskId, missing: [{ part: 'attachments', text: '-' }] },
      ];
    });
  const form = { ...state.form, version: state.form.version + 1 };
  return [...tasks, { action: 'supplement', form, note: '-' }, { action: 'withdraw', reason: '' }];
}
