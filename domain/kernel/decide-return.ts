import { dateIn } from '../calendar.ts';
import type { Capacity, CaseEvent, CaseState, Command, PersonAction } from '../case.ts';
import { refuse } from '../machine.ts';
import { contributionFault } from './contributing.ts';
import { answerableSeat, type Of, type Outcome, principalOf, signed } from './holding.ts';
import { planOf } from './plan.ts';
import { lapses } from './settle.ts';
import { stagesAfter, stagesBefore } from './standing.ts';

/**
 * 退回: to the applicant, or to a stage already decided on the way here. `straight`: only the stage returned to signs
 * again, then it comes straight back, and whoever returned it goes on where they were. `again`: every stage from there on
 * passes again, that of the return included. Branches beside this one are touched only where the target lies before the
 * fork.
 */
export function back(state: CaseState, command: Command, action: Of<PersonAction, 'return'>): Outcome {
  const held = answerableSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
  const { node, seat } = held;
  const { to, way, reason } = action;
  const { at } = command;
  const returned = { type: 'returned', stage: node.id, to, way, reason, ...signed(command, seat.capacity) } as const;
  const isTarget = returnTargets(state, node.id).includes(to);
  if (!isTarget) return refuse('NoSuchReturn', '/to');
  if (to === 'applicant') {
    const all = way === 'again' ? planOf(state).stages.map(({ id }) => id) : [];
    return [returned, ...lapsing(state, all, at)];
  }
  const after = way === 'again' ? stagesAfter(state, to).map(({ id }) => id) : [];
  return [returned, ...lapsing(state, [to, ...after], at)];
}

/** Where somebody at this stage may send the case back to. */
export function returnTargets(state: CaseState, stage: string): string[] {
  const decided = stagesBefore(state, stage).filter(({ id }) => state.stages[id]?.standing === 'decided');
  return ['applicant', ...decided.map(({ id }) => id)];
}

/** The stages that were entered and do not stand lapsed already. */
function lapsing(state: CaseState, stages: readonly string[], at: string): CaseEvent[] {
  return stages
    .filter((id) => state.stages[id] && state.stages[id].standing !== 'lapsed')
    .map((stage): CaseEvent => ({ type: 'signatureLapsed', at, stage, changed: [] }));
}

/** The applicant hands the case in again after it was returned; everything may be changed. */
export function resubmit(state: CaseState, command: Command, action: Of<PersonAction, 'resubmit'>): Outcome {
  if (principalOf(command).person !== state.applicant) return refuse('NotTheApplicant');
  if (!state.returned) return refuse('NotReturned');
  const fault = contributionFault(state, command, action.form);
  if (fault) return fault;
  const { form, note } = action;
  const by = signed(command, applicantOf(state));
  return [{ type: 'resubmitted', form, ...(note ? { note } : {}), ...by }, ...lapses(state, form, command.at)];
}

/**
 * A refused request is filed again as the same case, in its next round: every refusal lapses, approvals stand if what they
 * rest on is unchanged, and what was granted is neither decided nor granted again.
 */
export function refile(state: CaseState, command: Command, action: Of<PersonAction, 'refile'>): Outcome {
  if (principalOf(command).person !== state.applicant) return refuse('NotTheApplicant');
  if (state.endedAt === undefined) return refuse('NotRefused');
  if (state.refileUntil === undefined || dateIn(command.at) > state.refileUntil) return refuse('CaseEnded');
  const fault = contributionFault(state, command, action.form);
  if (fault) return fault;
  const { form, note } = action;
  const by = signed(command, applicantOf(state));
  const refiled: CaseEvent = {
    type: 'refiled',
    round: state.round + 1,
    form,
    ...(note ? { note } : {}),
    ...by,
  };
  const rejected = Object.entries(state.stages).filter(
    ([, { verdict, seats }]) => verdict === 'rejected' || seats.some(({ answer }) => answer?.verdict === 'rejected'),
  );
  const unfinished = Object.entries(state.stages).filter(([, { standing }]) => standing !== 'decided');
  const anew = new Set([...rejected, ...unfinished].map(([id]) => id));
  const changed = lapses(state, form, command.at).filter((event) => !('stage' in event && anew.has(event.stage ?? '')));
  return [refiled, ...lapsing(state, [...anew], command.at), ...changed];
}

function applicantOf({ requester }: CaseState): Capacity {
  return { role: 'requester', department: requester };
}
