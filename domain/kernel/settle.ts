import { type CaseEvent, type CaseState, type Capacity, FORM_PARTS, type FormPart, type FormRef } from '../case.ts';
import { type SeatSpec, stagesOf } from '../route.ts';
import { DELIVERY_CLOCK, nextClockMove, startClock } from './clocks.ts';
import { evolve } from './evolve.ts';

/**
 * Everything that follows from the events of a command without anybody doing more: stages decided, parked, entered,
 * clocks moved, the grant, the end. Returns the given events with those that follow, in order.
 */
export function settle(before: CaseState | undefined, events: readonly CaseEvent[], at: string): CaseEvent[] {
  const all = [...events];
  let state = events.reduce<CaseState | undefined>(evolve, before);
  while (state) {
    const more: CaseEvent[] = follow(state, at);
    if (more.length === 0) break;
    all.push(...more);
    state = more.reduce<CaseState | undefined>(evolve, state);
  }
  return all;
}

function follow(state: CaseState, at: string): CaseEvent[] {
  if (state.endedAt !== undefined) return [];
  if (state.grantId !== undefined) return followGrant(state, at);
  return followAnswers(state, at) ?? followRoute(state, at);
}

function followGrant(state: CaseState, at: string): CaseEvent[] {
  if (state.delivery?.outcome === 'delivered') return [{ type: 'ended', at, status: 'completed' }];
  return state.grantOver === undefined ? [] : [{ type: 'ended', at, status: 'undelivered' }];
}

/** The rule of a stage is looked at after everything that may fulfil it; `any` is fulfilled by its first answer. */
function followAnswers(state: CaseState, at: string): CaseEvent[] | undefined {
  for (const stage of stagesOf(state.route.root)) {
    const now = state.stages[stage.id];
    if (!now?.answer || now.standing === 'decided') continue;
    const { verdict } = now.answer;
    const copies = verdict === 'approved' ? (stage.copies ?? []) : [];
    return [
      { type: 'stageDecided', at, stage: stage.id, verdict },
      ...copies.map((to): CaseEvent => ({ type: 'copied', at, stage: stage.id, to: capacityOf(state, to) })),
    ];
  }
  const refused = Object.values(state.stages).some((stage) => stage.verdict === 'rejected');
  return refused ? [{ type: 'ended', at, status: 'refused' }] : undefined;
}

/** The next stage is always the first in route order without a standing decision, so going back needs no stack. */
function followRoute(state: CaseState, at: string): CaseEvent[] {
  const current = currentStage(state);
  const clock = nextClockMove(state, current?.id, at);
  if (clock) return [clock];
  if (!current) {
    return [
      { type: 'granted', at, grantId: `${state.caseId}.grant` },
      startClock(state, { id: DELIVERY_CLOCK, limit: state.route.delivery }, at),
    ];
  }
  for (const [stage, { standing }] of Object.entries(state.stages)) {
    if (standing === 'open' && stage !== current.id) return [{ type: 'stageParked', at, stage }];
  }
  const now = state.stages[current.id];
  if (now?.standing === 'parked') return [{ type: 'stageResumed', at, stage: current.id }];
  if (now?.standing === 'open') return [];
  const activation = (now?.activation ?? 0) + 1;
  return [{ type: 'stageEntered', at, stage: current.id, activation, seat: capacityOf(state, current.seat) }];
}

/** The stage whose answer the case waits for; `undefined` once every stage stands approved. */
export function currentStage(state: CaseState): ReturnType<typeof stagesOf>[number] | undefined {
  return stagesOf(state.route.root).find((stage) => state.stages[stage.id]?.standing !== 'decided');
}

function capacityOf(state: CaseState, seat: SeatSpec): Capacity {
  return { role: seat.role, department: seat.department === 'requester' ? state.requester : state.provider };
}

/** The parts that differ between two versions of a form. */
export function changedParts(before: FormRef, after: FormRef): FormPart[] {
  return FORM_PARTS.filter((part) => before.parts[part] !== after.parts[part]);
}

/** A signature stands as long as what it rests on: the stages whose basis the change touches lose theirs. */
export function lapses(state: CaseState, changed: readonly FormPart[], at: string): CaseEvent[] {
  return stagesOf(state.route.root).flatMap((stage): CaseEvent[] => {
    const touched = stage.basis.filter((part) => changed.includes(part));
    const isDecided = state.stages[stage.id]?.standing === 'decided';
    return isDecided && touched.length > 0 ? [{ type: 'signatureLapsed', at, stage: stage.id, changed: touched }] : [];
  });
}
