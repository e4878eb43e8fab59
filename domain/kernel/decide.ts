import {
  type Capacity,
  type CaseEvent,
  type CaseState,
  type Command,
  type PersonAction,
  type SystemAction,
  isSystem,
  taskIdOf,
} from '../case.ts';
import { type Decision, type Refusal, refuse } from '../machine.ts';
import { pathTo, type Stage, stagesOf } from '../route.ts';
import { limitsPassedBefore } from './clocks.ts';
import { evolve } from './evolve.ts';
import { changedParts, lapses, settle } from './settle.ts';

type Refused = Extract<Decision<CaseEvent>, { refusal: unknown }>;
type Outcome = readonly CaseEvent[] | Refused;
type Of<A, K> = Extract<A, { action: K }>;

/**
 * What a command makes of a case: the events that follow, settled to where somebody has to act again, or why not.
 * A refused command changes nothing.
 */
export function decide(state: CaseState | undefined, command: Command): Decision<CaseEvent> {
  const outcome = judge(state, command);
  return 'refusal' in outcome ? outcome : { events: settle(state, outcome, command.at) };
}

/** Why `decide` would refuse a command; undefined if it would not. Costs a fraction of it: nothing follows from asking. */
export function whyNot(state: CaseState | undefined, command: Command): Refusal | undefined {
  const outcome = judge(state, command);
  return 'refusal' in outcome ? outcome.refusal : undefined;
}

function judge(state: CaseState | undefined, command: Command): Outcome {
  if (state === undefined) return begin(command);
  const passed = limitsPassedBefore(state, command.at);
  const outcome = proceed(passed.reduce(evolve, state), command);
  return 'refusal' in outcome ? outcome : [...passed, ...outcome];
}

function begin(command: Command): Outcome {
  const { do: action, at, actor } = command;
  if (action.action !== 'file') return refuse('NotFiled');
  const { action: _, ...filing } = action;
  const capacity: Capacity = { role: 'requester', department: action.requester };
  if (!holds(command, capacity)) return refuse('NotTheApplicant');
  return [{ type: 'filed', at, actor: actor.person, capacity, ...filing }];
}

function proceed(state: CaseState, command: Command): Outcome {
  const { do: action } = command;
  if (action.action === 'file') return refuse('AlreadyFiled');
  if (state.endedAt !== undefined) return refuse('CaseEnded');
  switch (action.action) {
    case 'approve':
    case 'reject':
      return answer(state, command, action);
    case 'askSupplement':
      return askSupplement(state, command, action);
    case 'supplement':
      return supplement(state, command, action);
    case 'withdraw':
      return withdraw(state, command, action);
    case 'passLimit':
    case 'reportDelivery':
    case 'reportGrantOver':
      return isSystem(command.actor) ? note(state, command.at, action) : refuse('SystemOnly');
  }
}

function answer(state: CaseState, command: Command, action: Of<PersonAction, 'approve' | 'reject'>): Outcome {
  const open = openStage(state, command, action.taskId);
  if ('refusal' in open) return open;
  if (state.supplement) return refuse('AwaitingSupplement');
  if (action.seen !== state.form.digest) return refuse('FormChanged', '/seen');
  const { stage, capacity } = open;
  const { activation } = state.stages[stage.id] ?? { activation: 1 };
  const by = { at: command.at, actor: command.actor.person, capacity };
  const signed = { type: 'answered', stage: stage.id, activation, form: state.form.digest, ...by } as const;
  if (action.action === 'approve') {
    return [{ ...signed, verdict: 'approved', ...(action.opinion ? { opinion: action.opinion } : {}) }];
  }
  const { code, text } = action.reason;
  if (code === 'incomplete') return refuse('IncompleteIsNoGround', '/reason/code');
  if (text.trim() === '') return refuse('ReasonMissing', '/reason/text');
  return [{ ...signed, verdict: 'rejected', reason: { code, text } }];
}

/** Holding the open seat and separation of duties: what every act on a task needs first. */
function openStage(
  state: CaseState,
  command: Command,
  taskId: string,
): { readonly stage: Stage; readonly capacity: Capacity } | Refused {
  const stage = stagesOf(state.route.root).find((candidate) => isTaskOf(state, candidate.id, taskId));
  const now = stage && state.stages[stage.id];
  if (!stage || !now) return refuse('TaskUnknown', '/taskId');
  if (!holds(command, now.seat)) return refuse('NotYourTask');
  if (taskId !== taskIdOf(state.caseId, stage.id, now.activation)) return refuse('TaskLapsed');
  switch (now.standing) {
    case 'decided':
      return refuse('AlreadyDecided');
    case 'lapsed':
      return refuse('TaskLapsed');
    case 'parked':
      return refuse('TaskParked');
    case 'open':
      break;
  }
  if (state.grantId !== undefined) return refuse('AlreadyGranted');
  const { person } = command.actor;
  if (state.contributors.includes(person)) return refuse('OwnRequest');
  const others = Object.entries(state.stages).filter(([id]) => id !== stage.id);
  if (others.some(([, other]) => other.answer?.actor === person)) return refuse('AlreadySigned');
  return { stage, capacity: now.seat };
}

function isTaskOf(state: CaseState, stage: string, taskId: string): boolean {
  const latest = state.stages[stage]?.activation ?? 0;
  for (let activation = 1; activation <= latest; activation += 1) {
    if (taskIdOf(state.caseId, stage, activation) === taskId) return true;
  }
  return false;
}

function askSupplement(state: CaseState, command: Command, action: Of<PersonAction, 'askSupplement'>): Outcome {
  const open = openStage(state, command, action.taskId);
  if ('refusal' in open) return open;
  if (state.supplement) return refuse('AwaitingSupplement');
  const notice = noticeOf(state, open.stage);
  if (!open.stage.mayAskSupplement || state.noticesGiven.includes(notice)) return refuse('NoticeGiven');
  if (action.missing.length === 0 || action.missing.some((missing) => missing.text.trim() === '')) {
    return refuse('NothingListed', '/missing');
  }
  const by = { at: command.at, actor: command.actor.person, capacity: open.capacity };
  return [{ type: 'supplementAsked', stage: open.stage.id, notice, missing: action.missing, ...by }];
}

/** R809 Art.22: what is missing is listed once. "Once" is for the stage, or for the whole branch of the provider. */
function noticeOf(state: CaseState, stage: Stage): string {
  return pathTo(state.route.root, stage.id)[1]?.id ?? stage.id;
}

function supplement(state: CaseState, command: Command, action: Of<PersonAction, 'supplement'>): Outcome {
  const { actor, at } = command;
  if (actor.person !== state.applicant) return refuse('NotTheApplicant');
  if (!state.supplement) return refuse('NotAwaitingSupplement');
  const { form, note: text } = action;
  if (form.id !== state.form.id || form.version !== state.form.version + 1) return refuse('FormChanged', '/form');
  const changed = changedParts(state.form, form);
  const asked = state.supplement.missing.map((missing) => missing.part);
  // Each item has its mask, so whoever is asked about items answers with both.
  const open = asked.includes('items') ? [...asked, 'masks'] : asked;
  const unasked = changed.find((part) => !open.includes(part));
  if (unasked) return refuse('NotAsked', `/form/${unasked}`);
  if (changed.length === 0 && !text?.trim()) return refuse('NothingSupplemented');
  const capacity: Capacity = { role: 'requester', department: state.requester };
  const supplemented: CaseEvent = {
    type: 'supplemented',
    at,
    actor: actor.person,
    capacity,
    form,
    ...(text ? { note: text } : {}),
  };
  return [supplemented, ...lapses(state, changed, at)];
}

function withdraw(state: CaseState, command: Command, action: Of<PersonAction, 'withdraw'>): Outcome {
  const { actor, at } = command;
  if (actor.person !== state.applicant) return refuse('NotTheApplicant');
  if (state.grantId !== undefined) return refuse('AlreadyGranted');
  const capacity: Capacity = { role: 'requester', department: state.requester };
  return [
    { type: 'withdrawn', at, actor: actor.person, capacity, reason: action.reason },
    { type: 'ended', at, status: 'withdrawn' },
  ];
}

/** What the system notes decides nothing about the request: a passed limit is counted, never an approval by silence. */
function note(state: CaseState, at: string, action: SystemAction): Outcome {
  if (action.action === 'passLimit') {
    const clock = state.clocks[action.clock];
    const stale = !clock || clock.stopped || clock.pausedFor.length > 0 || clock.dueOn !== action.dueOn;
    if (stale || clock.passedAt !== undefined) return [];
    return [{ type: 'limitPassed', at, clock: action.clock, dueOn: action.dueOn }];
  }
  if (state.grantId === undefined) return [];
  if (action.action === 'reportDelivery') return [{ type: 'deliveryReported', at, ...action.report }];
  return [{ type: 'grantOver', at, how: action.how }];
}

function holds(command: Command, seat: Capacity): boolean {
  const { department, roles } = command.actor;
  return department === seat.department && roles.includes(seat.role);
}
