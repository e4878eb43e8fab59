import type { Capacity, CaseEvent, CaseState, Command, PersonAction } from '../case.ts';
import { refuse } from '../machine.ts';
import { answerableSeat, type Of, openSeat, type Outcome, principalOf, seatOfTask, signed } from './holding.ts';
import { type Node, planOf, type StageNode } from './plan.ts';
import { chainOf } from './seats.ts';
import { changedParts, lapses } from './settle.ts';
import { stagesAfter } from './standing.ts';

/** R809 Art.22: a refusal gives its reasons, and materials that are incomplete are none. */
export function answer(state: CaseState, command: Command, action: Of<PersonAction, 'approve' | 'reject'>): Outcome {
  const held = answerableSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  if (action.seen !== state.form.digest) return refuse('FormChanged', '/seen');
  const { seat, ref } = held;
  const by = signed(command, seat.capacity);
  const through = [...(command.onBehalf ? [command.onBehalf.person] : []), ...seat.advisers];
  const answered = {
    type: 'answered',
    ...ref,
    form: state.form.digest,
    ...(through.length > 0 ? { through } : {}),
    ...by,
  } as const;
  if (action.action === 'approve') {
    return [{ ...answered, verdict: 'approved', ...(action.opinion ? { opinion: action.opinion } : {}) }];
  }
  const { code, text } = action.reason;
  if (code === 'incomplete') return refuse('IncompleteIsNoGround', '/reason/code');
  if (text.trim() === '') return refuse('ReasonMissing', '/reason/text');
  return [{ ...answered, verdict: 'rejected', reason: { code, text } }];
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
  if (!chainOf(seat.answer).includes(person)) return refuse('NotYourTask');
  if (state.isAgreed) return refuse('AlreadyGranted');
  const isActedOn = stagesAfter(state, node.id).some(({ id }) => {
    const after = state.stages[id];
    return after?.isTouched === true && after.standing !== 'lapsed';
  });
  if (isActedOn || isFollowedWithin(seat.id, stage.seats)) return refuse('ActedOnSince');
  if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
  return [{ type: 'answerTakenBack', ...ref, reason: action.reason, ...signed(command, seat.capacity) }];
}

/** A seat of the same stage that answered because this one had: one added after it. */
function isFollowedWithin(seat: number, seats: CaseState['stages'][string]['seats']): boolean {
  return seats.some(({ added, answer: after }) => added?.place === 'after' && added.anchor === seat && after);
}

export function askSupplement(state: CaseState, command: Command, action: Of<PersonAction, 'askSupplement'>): Outcome {
  const held = openSeat(state, command, action.taskId);
  if ('refusal' in held) return held;
  const { node, seat } = held;
  if (state.supplements[node.id]) return refuse('AwaitingSupplement');
  const notice = noticeOf(state, node);
  if (!node.stage.mayAskSupplement || state.noticesGiven.includes(notice)) return refuse('NoticeGiven');
  if (action.missing.length === 0 || action.missing.some((missing) => missing.text.trim() === '')) {
    return refuse('NothingListed', '/missing');
  }
  if (action.missing.some(({ part }) => state.form.parts[part] === undefined)) return refuse('PartUnknown', '/missing');
  const by = signed(command, seat.capacity);
  return [{ type: 'supplementAsked', stage: node.id, notice, missing: action.missing, ...by }];
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
  if (form.id !== state.form.id || form.version !== state.form.version + 1) return refuse('FormChanged', '/form');
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
