import type { CaseEvent, CaseState, Command, SeatState, StageState } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import type { Block, Route, Stage } from '../../../domain/route.ts';
import type { CaseMachine } from '../../support/play.ts';
import type { cases } from './random-cases.ts';

/** A fault, the machine that has it, the invariant that must break, and the cases among which it shows soonest. */
export interface Fault {
  readonly name: string;
  readonly broken: CaseMachine;
  readonly breaks: RegExp;
  readonly among?: typeof cases;
}

export const caught = (name: string, broken: CaseMachine, breaks: RegExp, among?: typeof cases): Fault => ({
  name,
  broken,
  breaks,
  ...(among ? { among } : {}),
});

/** A machine that decides on a state or a command other than the true ones. */
export function seeing(
  lens: (state: CaseState, command: Command) => Partial<{ state: CaseState; command: Command }>,
): CaseMachine {
  return {
    ...caseMachine,
    decide(state, command) {
      if (!state) return caseMachine.decide(state, command);
      const seen = { state, command, ...lens(state, command) };
      return caseMachine.decide(seen.state, seen.command);
    },
  };
}

/** A machine that forgets some of the events that it should have decided on. */
export function forgetting(isForgotten: (event: CaseEvent, command: Command) => boolean): CaseMachine {
  return changing((events, _, command) => events.filter((event) => !isForgotten(event, command)));
}

/** A machine whose decisions are made into others. */
export function changing(
  change: (events: readonly CaseEvent[], state: CaseState, command: Command) => readonly CaseEvent[],
): CaseMachine {
  return {
    ...caseMachine,
    decide(state, command) {
      const decision = caseMachine.decide(state, command);
      if ('refusal' in decision || !state) return decision;
      return { events: change(decision.events, state, command) };
    },
  };
}

export function evolving(evolve: (state: CaseState | undefined, event: CaseEvent) => CaseState): CaseMachine {
  return { ...caseMachine, evolve };
}

/** The state with every stage as a lens makes it. */
export function withStages(state: CaseState, lens: (stage: StageState, id: string) => StageState): CaseState {
  const stages = Object.entries(state.stages).map(([id, stage]) => [id, lens(stage, id)]);
  return { ...state, stages: Object.fromEntries(stages) };
}

export function withSeats(state: CaseState, lens: (seat: SeatState) => SeatState): CaseState {
  return withStages(state, (stage) => ({ ...stage, seats: stage.seats.map(lens) }));
}

/** The state under a route whose stages are as a lens makes them. The same route is always made into the same other one. */
export function withRoute(lens: (stage: Stage) => Stage): (state: CaseState) => CaseState {
  const own = new WeakMap<Route, Route>();
  const block = (one: Block): Block => {
    switch (one.kind) {
      case 'stage':
        return lens(one);
      case 'sequence':
      case 'tiers':
      case 'parallel':
        return { ...one, blocks: one.blocks.map(block) };
      case 'for-each':
        return { ...one, block: block(one.block) };
      case 'choice': {
        const branches = one.branches.map(({ when, block: inner }) => ({ when, block: block(inner) }));
        return { ...one, branches, ...(one.otherwise ? { otherwise: block(one.otherwise) } : {}) };
      }
    }
  };
  return (state) => {
    const before = own.get(state.route);
    const route = before ?? { ...state.route, root: block(state.route.root) };
    own.set(state.route, route);
    return { ...state, route };
  };
}
