import { addDays } from '../civil-date.ts';
import { dateIn } from '../calendar.ts';
import type { CaseState, Command, PersonAction } from '../case.ts';
import type { Actor } from '../language.ts';
import { taskIdsOf, whyNot } from './decide.ts';
import { returnTargets } from './decide-return.ts';
import { seatOfTask } from './holding.ts';
import { seenOf } from './item-answers.ts';
import { barred, hasSeat } from './seats.ts';

/** Something that a person may do now. */
export interface OfferedAction {
  readonly action: PersonAction['action'];
  readonly taskId?: string;
  /** Of a return: the stages that it may go to, beside the applicant. */
  readonly to?: readonly string[];
  /** Of what concerns a clock: which. */
  readonly clock?: string;
  /** Of a supplement: the stage that asked for it. */
  readonly stage?: string;
}

/** Whoever is named here could be handed a task of this case by the caller. */
export interface Colleague extends Actor {}

/**
 * What this person may do now: offered if and only if `decide` would accept it. For what hands a task on, somebody has to
 * be there to take it: `colleagues` are those of the department, and without any nothing of that kind is offered.
 */
export function actionsOf(
  state: CaseState,
  actor: Actor,
  at: string,
  { onBehalf, colleagues = [] }: Pick<Command, 'onBehalf'> & { readonly colleagues?: readonly Actor[] } = {},
): OfferedAction[] {
  const accepts = (probe: PersonAction): boolean =>
    !whyNot(state, { id: 'probe', at, actor, do: probe, ...(onBehalf ? { onBehalf } : {}) });
  const tasks = taskIdsOf(state).flatMap(({ taskId, isOpen }) =>
    taskProbes(state, { taskId, isOpen, colleagues: colleagues.filter(({ person }) => person !== actor.person) })
      .filter(accepts)
      .map((probe) => offer(state, probe, taskId)),
  );
  const whole = caseProbes(state, at)
    .filter(accepts)
    .map((probe) => offer(state, probe));
  const seen = new Set<string>();
  return [...tasks, ...whole].filter((one) => {
    const key = JSON.stringify(one);
    return !seen.has(key) && seen.add(key);
  });
}

function offer(state: CaseState, probe: PersonAction, taskId?: string): OfferedAction {
  const { action } = probe;
  const held = action === 'return' && taskId !== undefined ? seatOfTask(state, taskId) : undefined;
  return {
    action,
    ...(taskId === undefined ? {} : { taskId }),
    ...(held && !('refusal' in held) ? { to: returnTargets(state, held.node.id) } : {}),
    ...('clock' in probe ? { clock: probe.clock } : {}),
    ...(action === 'supplement' && probe.stage !== undefined ? { stage: probe.stage } : {}),
  };
}

interface TaskProbed {
  readonly taskId: string;
  readonly isOpen: boolean;
  readonly colleagues: readonly Actor[];
}

/** One well-formed command of each kind for a task. */
function taskProbes(state: CaseState, { taskId, isOpen, colleagues }: TaskProbed): PersonAction[] {
  if (!isOpen) return [{ action: 'takeBack', taskId, reason: '-' }];
  const seen = seenOf(state);
  const handing = recipientsOf(state, taskId, colleagues).flatMap((to): PersonAction[] => [
    { action: 'reassign', taskId, to, reason: '-' },
    { action: 'delegate', taskId, to },
    { action: 'addSeat', taskId, place: 'beside', to },
  ]);
  return [
    { action: 'approve', taskId, seen },
    { action: 'reject', taskId, seen, reason: { code: 'other', text: '-' } },
    { action: 'askSupplement', taskId, missing: [{ part: 'attachments', text: '-' }] },
    { action: 'return', taskId, to: 'applicant', way: 'again', reason: '-' },
    ...handing,
    { action: 'advise', taskId, opinion: '-' },
    { action: 'recall', taskId },
    { action: 'removeSeat', taskId, reason: '-' },
  ];
}

/** Those whom the task could be handed to. One for each role is enough to know whether anything of the kind is possible. */
export function recipientsOf(state: CaseState, taskId: string, colleagues: readonly Actor[]): Actor[] {
  const held = seatOfTask(state, taskId);
  if ('refusal' in held) return [];
  const { node, seat } = held;
  const stage = state.stages[node.id];
  return colleagues.filter(
    ({ person, department }) =>
      department === seat.capacity.department &&
      person !== seat.holder &&
      !barred(state, { stageId: node.id, stage: node.stage, seatId: seat.id }, [person]) &&
      !(stage && hasSeat(stage, person, seat.id)),
  );
}

/** One well-formed command of each kind for the case as a whole. */
function caseProbes(state: CaseState, at: string): PersonAction[] {
  const form = { ...state.form, version: state.form.version + 1 };
  const asking = Object.keys(state.supplements);
  const reviewOn = addDays(dateIn(at), 1);
  return [
    ...asking.map((stage): PersonAction =>
      asking.length === 1
        ? { action: 'supplement', form, note: '-' }
        : { action: 'supplement', form, note: '-', stage },
    ),
    { action: 'resubmit', form },
    { action: 'refile', form },
    { action: 'withdraw', reason: '' },
    { action: 'urge' },
    { action: 'copy', to: [{ role: 'reviewer', department: state.requester }] },
    { action: 'comment', text: '-' },
    { action: 'suspend', reason: '-', reviewOn },
    { action: 'resume', reason: '-' },
    { action: 'terminate', reason: '-' },
    ...Object.keys(state.clocks).flatMap((clock): PersonAction[] => [
      { action: 'askExtension', clock, days: 1, reason: '-' },
      { action: 'grantExtension', clock },
      { action: 'refuseExtension', clock, reason: '-' },
    ]),
  ];
}
