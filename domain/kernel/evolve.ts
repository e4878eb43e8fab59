import type { CaseEvent, CaseState, CaseStatus, StageState } from '../case.ts';
import { clockAfter } from './clocks.ts';

/** The state after an event. Total over every event that `decide` has ever produced; it judges nothing. */
export function evolve(before: CaseState | undefined, event: CaseEvent): CaseState {
  if (event.type === 'filed') return filed(event);
  if (before === undefined) throw new Error(`A case begins with filed, not with ${event.type}`);
  return next(before, event);
}

function filed(event: Extract<CaseEvent, { type: 'filed' }>): CaseState {
  const { caseId, process, route, calendar, requester, provider, form, actor, at } = event;
  return {
    caseId,
    process,
    status: 'in-approval',
    route,
    calendar,
    requester,
    provider,
    applicant: actor,
    contributors: [actor],
    form,
    openedAt: at,
    stages: {},
    clocks: {},
    noticesGiven: [],
  };
}

function next(state: CaseState, event: Exclude<CaseEvent, { type: 'filed' }>): CaseState {
  switch (event.type) {
    case 'stageEntered': {
      const { stage, activation, seat, at } = event;
      return withStage(state, stage, { activation, seat, openedAt: at, standing: 'open' });
    }
    case 'stageParked':
      return withStage(state, event.stage, { ...stageOf(state, event.stage), standing: 'parked' });
    case 'stageResumed':
      return withStage(state, event.stage, { ...stageOf(state, event.stage), standing: 'open' });
    case 'answered': {
      const { stage, at, actor, capacity, verdict, form } = event;
      return withStage(state, stage, {
        ...stageOf(state, stage),
        answer: { at, actor, capacity, verdict, form },
      });
    }
    case 'stageDecided':
      return withStage(state, event.stage, {
        ...stageOf(state, event.stage),
        standing: 'decided',
        verdict: event.verdict,
      });
    case 'copied':
      return state;
    case 'supplementAsked':
      return {
        ...state,
        status: 'awaiting-supplement',
        supplement: { stage: event.stage, missing: event.missing, at: event.at },
        noticesGiven: [...state.noticesGiven, event.notice],
      };
    case 'supplemented': {
      const { supplement: _, ...rest } = state;
      return {
        ...rest,
        status: 'in-approval',
        form: event.form,
        contributors: state.contributors.includes(event.actor)
          ? state.contributors
          : [...state.contributors, event.actor],
      };
    }
    case 'signatureLapsed': {
      const { answer: _, verdict: __, ...rest } = stageOf(state, event.stage);
      return withStage(state, event.stage, { ...rest, standing: 'lapsed' });
    }
    case 'withdrawn':
      return state;
    case 'clockMoved':
      return {
        ...state,
        clocks: { ...state.clocks, [event.clock]: clockAfter(state.clocks[event.clock], event) },
      };
    case 'limitPassed': {
      const clock = state.clocks[event.clock];
      if (!clock) throw new Error(`No clock ${event.clock}`);
      return { ...state, clocks: { ...state.clocks, [event.clock]: { ...clock, passedAt: event.at } } };
    }
    case 'granted':
      return { ...state, grantId: event.grantId, status: 'delivering' };
    case 'deliveryReported': {
      const { type: _, at: __, ...delivery } = event;
      return { ...state, delivery, status: event.outcome === 'failed' ? 'delivery-failed' : 'delivering' };
    }
    case 'grantOver':
      return { ...state, grantOver: event.how };
    case 'ended':
      return ended(state, event.status, event.at);
  }
}

function ended(state: CaseState, status: CaseStatus, at: string): CaseState {
  const { supplement: _, ...rest } = state;
  const clocks = Object.fromEntries(
    Object.entries(state.clocks).map(([id, clock]) => [id, { ...clock, stopped: true }]),
  );
  return { ...rest, status, endedAt: at, clocks };
}

function stageOf(state: CaseState, stage: string): StageState {
  const found = state.stages[stage];
  if (!found) throw new Error(`Stage ${stage} was never entered`);
  return found;
}

function withStage(state: CaseState, stage: string, value: StageState): CaseState {
  return { ...state, stages: { ...state.stages, [stage]: value } };
}
