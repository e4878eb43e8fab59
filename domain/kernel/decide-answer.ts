import type { Answer, Capacity, CaseEvent, CaseState, Command, Missing, PersonAction, SeatState } from '../case.ts';
import { refuse } from '../machine.ts';
import type { Stage } from '../route.ts';
import { contributionFault } from './contributing.ts';
import { answerableSeat, type Of, type Outcome, principalOf, seatOfTask, signed } from './holding.ts';
import { type ItemFault, itemFaults, leftOutBefore, seenOf } from './item-answers.ts';
import { type Node, planOf, type StageNode } from './plan.ts';
import { rootOf } from './seats.ts';
import { changedParts, lapses } from './settle.ts';
import { stagesAfter } from './standing.ts';

/**
 * R809 Art.22: a refusal gives its reasons, and materials that are incomplete are none. An approval may leave items out,
 * each for a reason; what is left out of everything is a rejection and has to be given as one.
 */
export function answer(state: CaseState, command: Command, action: Of<PersonAction, 'approve' | 'reject'>): Outcome {
  const held = answerableSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  if (action.seen !== seenOf(state)) return refuse('FormChanged', '/seen');
  const { seat, ref, node } = held;
  const by = signed(command, seat.capacity);
  const through = [...(command.onBehalf ? [command.onBehalf.person] : []), ...seat.advisers];
  const without = leftOutBefore(state, node);
  const answered = {
    type: 'answered',
    verdict: action.action === 'approve' ? 'approved' : 'rejected',
    form: state.form.digest,
    ...ref,
    ...(without.length > 0 ? { without } : {}),
    ...(through.length > 0 ? { through } : {}),
    ...by,
  } as const;
  if (action.action === 'approve') {
    const { opinion, refused = [] } = action;
    const [fault] = itemFaults(state, node, refused);
    if (fault) return refuse(fault.code, fault.pointer);
    return [{ ...answered, ...(opinion ? { opinion } : {}), ...(refused.length > 0 ? { refused } : {}) }];
  }
  const { code, text } = action.reason;
  if (code === 'incomplete') return refuse('IncompleteIsNoGround', '/reason/code');
  if (text.trim() === '') return refuse('ReasonMissing', '/reason/text');
  return [{ ...answered, reason: { code, text } }];
}

/** 撤回: one's own answer, as long as nobody after it has done anything that rests on it. */
export function takeBack(state: CaseState, command: Command, action: Of<PersonAction, 'takeBack'>): Outcome {
  const held = seatOfTask(state, action.taskId);
  if ('refusal' in held) return held;
  const { seat, ref, node } = held;
  const stage = state.stages[node.id];
  if (!stage || stage.standing === 'lapsed') return refuse('TaskLapsed');
  if (!seat.answer) return refuse('NothingToTakeBack');
  const { person } = principalOf(command);
  if (!signersOf(seat.answer, seat).includes(person)) return refuse('NotYourTask');
  if (state.isAgreed) return refuse('AlreadyGranted');
  const isActedOn = stagesAfter(state, node.id).some(({ id }) => {
    const after = state.stages[id];
    return after?.isTouched === true && after.standing !== 'lapsed';
  });
  if (isActedOn || isFollowedWithin(node.stage, stage.seats, seat)) return refuse('ActedOnSince');
  if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
  return [{ type: 'answerTakenBack', ...ref, reason: action.reason, ...signed(command, seat.capacity) }];
}

/** Whoever gave an answer, and whom they gave it for: not those who were only asked for their opinion before. */
function signersOf({ actor, through }: Answer, { advisers }: SeatState): readonly string[] {
  return [actor, ...through.slice(0, through.length - advisers.length)];
}

/** A seat of the same stage answered because this one had: one whose turn came by it. */
function isFollowedWithin({ rule }: Stage, seats: readonly SeatState[], seat: SeatState): boolean {
  const { added } = seat;
  return seats.some((other) => {
    if (!other.answer || other.id === seat.id) return false;
    if (other.added?.place === 'after' && other.added.anchor === seat.id) return true;
    if (added?.place === 'before' && added.anchor === other.id) return true;
    return rule === 'sequential' && rootOf(seats, other) > rootOf(seats, seat);
  });
}

export function askSupplement(state: CaseState, command: Command, action: Of<PersonAction, 'askSupplement'>): Outcome {
  const held = answerableSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  const { node, seat } = held;
  const notice = noticeOf(state, node);
  if (!node.stage.mayAskSupplement || state.noticesGiven.includes(notice)) return refuse('NoticeGiven');
  if (action.missing.length === 0) return refuse('NothingListed', '/missing');
  const [fault] = missingFaults(state, action.missing);
  if (fault) return refuse(fault.code, fault.pointer);
  const by = signed(command, seat.capacity);
  return [{ type: 'supplementAsked', stage: node.id, notice, missing: action.missing, ...by }];
}

/** Every fault of what a notice lists, at once: each says of a part that the form has what is missing of it. */
export function missingFaults(state: CaseState, missing: readonly Missing[]): ItemFault[] {
  return missing.flatMap(({ part, text }, at): ItemFault[] => [
    ...(state.form.parts[part] === undefined ? [{ code: 'PartUnknown', pointer: `/missing/${at}/part` } as const] : []),
    ...(text.trim() === '' ? [{ code: 'NothingListed', pointer: `/missing/${at}/text` } as const] : []),
  ]);
}

/** R809 Art.22: what is missing is listed once. "Once" is for the stage, or for the whole branch of the provider. */
function noticeOf(state: CaseState, stage: StageNode): string {
  const path: readonly Node[] = planOf(state).paths.get(stage.id) ?? [];
  const branch = path.findIndex(({ kind }) => kind === 'for-each');
  return path[branch < 0 ? 1 : branch + 1]?.id ?? stage.id;
}

export function supplement(state: CaseState, command: Command, action: Of<PersonAction, 'supplement'>): Outcome {
  const { at } = command;
  if (principalOf(command).person !== state.applicant) return refuse('NotTheApplicant');
  const asking = Object.keys(state.supplements);
  if (asking.length === 0) return refuse('NotAwaitingSupplement');
  const stage = action.stage ?? (asking.length === 1 ? asking[0] : undefined);
  const wait = stage === undefined ? undefined : state.supplements[stage];
  if (stage === undefined || !wait) return refuse('WhichSupplement', '/stage');
  const { form, note: text } = action;
  const fault = contributionFault(state, command, form);
  if (fault) return fault;
  const changed = changedParts(state.form, form);
  const asked = wait.missing.map((missing) => missing.part);
  // Each item has its mask, so whoever is asked about items answers with both.
  const open = asked.includes('items') ? [...asked, 'masks'] : asked;
  const unasked = changed.find((part) => !open.includes(part));
  if (unasked) return refuse('NotAsked', `/form/${unasked}`);
  if (changed.length === 0 && !text?.trim()) return refuse('NothingSupplemented');
  const capacity: Capacity = { role: 'requester', department: state.requester };
  const supplemented: CaseEvent = {
    type: 'supplemented',
    ...signed(command, capacity),
    form,
    ...(action.stage === undefined ? {} : { stage: action.stage }),
    ...(text ? { note: text } : {}),
  };
  return [supplemented, ...lapses(state, form, at)];
}
