import type { Capacity, CaseEvent, CaseState, Command } from '../case.ts';
import { isSystem, taskIdOf } from '../case.ts';
import { type Decision, type Refusal, refuse } from '../machine.ts';
import { limitsPassedBefore } from './limits.ts';
import { answer, askSupplement, supplement, takeBack } from './decide-answer.ts';
import { conduct, isConduct } from './decide-case.ts';
import { hand, isHanding } from './decide-hand.ts';
import { back, refile, resubmit } from './decide-return.ts';
import { migrate, note } from './decide-system.ts';
import { evolve } from './evolve.ts';
import { holds, type Outcome, signed, standInFault } from './holding.ts';
import { tryPlan } from './plan.ts';
import { settle } from './settle.ts';

/**
 * What a command makes of a case: the events that follow, settled to where somebody has to act again, or why not.
 * A refused command changes nothing.
 */
export function decide(state: CaseState | undefined, command: Command): Decision<CaseEvent> {
  const outcome = judge(state, command);
  if ('refusal' in outcome) return outcome;
  const { at, staff } = command;
  return { events: settle(state, outcome, staff ? { at, staff } : { at }) };
}

/** Why `decide` would refuse a command; undefined if it would not. Costs a fraction of it: nothing follows from asking. */
export function whyNot(state: CaseState | undefined, command: Command): Refusal | undefined {
  const outcome = judge(state, command);
  return 'refusal' in outcome ? outcome.refusal : undefined;
}

function judge(state: CaseState | undefined, command: Command): Outcome {
  const fault = standInFault(command);
  if (fault) return fault;
  if (state === undefined) return begin(command);
  const passed = limitsPassedBefore(state, command.at);
  const outcome = proceed(passed.reduce(evolve, state), command);
  return 'refusal' in outcome || passed.length === 0 ? outcome : [...passed, ...outcome];
}

function begin(command: Command): Outcome {
  const { do: action } = command;
  if (action.action !== 'file') return refuse('NotFiled');
  const { action: _, as: __, ...filing } = action;
  const capacity: Capacity = action.as ?? { role: 'requester', department: action.requester };
  if (!holds(command, capacity)) return refuse('NotTheApplicant');
  if (!tryPlan({ ...filing, frozen: [] })) return refuse('FactsMissing', '/form');
  return [{ type: 'filed', ...signed(command, capacity), ...filing }];
}

/** While a case is suspended only these go on. */
const WHILE_SUSPENDED: ReadonlySet<string> = new Set([
  'resume',
  'terminate',
  'withdraw',
  'comment',
  'recount',
  'remindReview',
  'passLimit',
  'remind',
  'reportDelivery',
  'reportGrantOver',
  'reportClosing',
]);

function proceed(state: CaseState, command: Command): Outcome {
  const { do: action } = command;
  if (action.action === 'file') return refuse('AlreadyFiled');
  if (state.endedAt !== undefined && action.action !== 'refile' && action.action !== 'close')
    return refuse('CaseEnded');
  if (state.suspended && !WHILE_SUSPENDED.has(action.action)) return refuse('Suspended');
  if (isHanding(action)) return hand(state, command, action);
  if (isConduct(action)) return conduct(state, command, action);
  switch (action.action) {
    case 'approve':
    case 'reject':
      return answer(state, command, action);
    case 'takeBack':
      return takeBack(state, command, action);
    case 'askSupplement':
      return askSupplement(state, command, action);
    case 'supplement':
      return supplement(state, command, action);
    case 'return':
      return back(state, command, action);
    case 'resubmit':
      return resubmit(state, command, action);
    case 'refile':
      return refile(state, command, action);
    case 'migrate':
      return migrate(state, command, action);
    case 'passLimit':
    case 'remind':
    case 'remindReview':
    case 'close':
    case 'recount':
    case 'reportDelivery':
    case 'reportGrantOver':
    case 'reportClosing':
      return isSystem(command.actor) ? note(state, command.at, action) : refuse('SystemOnly');
  }
}

/** The tasks of the latest activation of every stage. */
export function taskIdsOf(state: CaseState): { readonly taskId: string; readonly isOpen: boolean }[] {
  return Object.entries(state.stages).flatMap(([stage, { activation, seats, standing }]) =>
    seats.map((seat) => ({
      taskId: taskIdOf(state.caseId, stage, activation, seat.id),
      isOpen: standing === 'open' && seat.standing === 'open',
    })),
  );
}
