import fc from 'fast-check';
import type { CaseEvent, CaseState, Command, FormPart } from '../../../domain/case.ts';
import { FORM_PARTS } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { ROLES } from '../../../domain/language.ts';
import type { Block } from '../../../domain/route.ts';
import type { CaseMachine } from '../../support/play.ts';
import { moves, openingDay, routes } from './random-cases.ts';
import { playRandomly } from './random-run.ts';

/**
 * Machines with one fault each. The properties are worth something only if they find every one of them: a property that
 * nothing can break proves nothing.
 */
type Fault = readonly [name: string, broken: CaseMachine, invariant: RegExp];

/** A machine that decides on a state or a command other than the true ones. */
function seeing(
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
function forgetting(isForgotten: (event: CaseEvent, command: Command) => boolean): CaseMachine {
  return {
    ...caseMachine,
    decide(state, command) {
      const decision = caseMachine.decide(state, command);
      if ('refusal' in decision) return decision;
      return { events: decision.events.filter((event) => !isForgotten(event, command)) };
    },
  };
}

function evolving(evolve: (state: CaseState | undefined, event: CaseEvent) => CaseState): CaseMachine {
  return { ...caseMachine, evolve };
}

const FAULTS: readonly Fault[] = [
  [
    'lets the applicant decide',
    seeing((state) => ({ state: { ...state, contributors: [] } })),
    /own request|was offered/,
  ],
  ['lets one person sign at two stages', seeing((state) => ({ state: nameless(state) })), /two stages|was offered/],
  [
    'lets anybody take any seat',
    seeing((state, command) => ({ command: everywhere(state, command) })),
    /was offered|the seat/,
  ],
  [
    'takes a signature under a form not seen',
    seeing((state, command) => ({ command: current(state, command) })),
    /they saw/,
  ],
  ['takes incomplete materials for a ground', seeing((_, command) => ({ command: otherwise(command) })), /no ground/],
  ['gives a second notice', seeing((state) => ({ state: { ...state, noticesGiven: [] } })), /was offered|one notice/],
  ['lets a supplement change anything', seeing((state) => ({ state: askedForAll(state) })), /only what was asked/],
  [
    'decides a stage again',
    seeing((state) => ({ state: reopened(state) })),
    /was offered|open seat|decided once|form of now/,
  ],
  [
    'answers while materials are awaited',
    seeing((state, command) => ({ state: unasked(state, command) })),
    /offered|awaited/,
  ],
  ['lets signatures stand on another form', seeing((state) => ({ state: baseless(state) })), /form of now/],
  [
    'lets a clock run on while it is paused',
    forgetting(({ type, ...event }) => type === 'clockMoved' && 'why' in event && event.why === 'paused'),
    /a clock runs/,
  ],
  [
    'does not start a stopped clock again',
    forgetting(({ type, ...event }) => type === 'clockMoved' && 'why' in event && event.why === 'restarted'),
    /a clock runs/,
  ],
  [
    'misses a limit that passed in an outage',
    forgetting(({ type }, command) => type === 'limitPassed' && command.do.action !== 'passLimit'),
    /is counted/,
  ],
  ['approves by silence', { ...caseMachine, decide: bySilence }, /decides nothing/],
  [
    'rings the same alarm for ever',
    evolving((state, event) => (event.type === 'limitPassed' && state ? state : caseMachine.evolve(state, event))),
    /alarm rings once|is counted|decided on/,
  ],
  [
    'never resumes a parked stage',
    forgetting(({ type }) => type === 'stageResumed'),
    /waits for somebody|bring a case|in approval/,
  ],
  ['never grants', forgetting(({ type }) => type === 'granted'), /waits for somebody|bring a case|in approval/],
  [
    'does not hear of deliveries',
    forgetting(({ type }) => type === 'deliveryReported' || type === 'ended'),
    /bring a case|waits for/,
  ],
  ['refuses what it offers', { ...caseMachine, decide: moody }, /is accepted/],
  ['changes the state that it decides on', { ...caseMachine, decide: meddling }, /read only|not extensible|Cannot/],
  ['forgets who has the case’s signature', evolving(anonymous), /decided on/],
  ['keeps the old form after a supplement', evolving(oldForm), /decided on/],
];

test.each(FAULTS)('the properties catch a machine that %s', (_, broken, invariant) => {
  const play = fc.property(routes, openingDay, moves, (route, day, drawn) => {
    playRandomly(broken, route, { day, moves: drawn });
  });
  const run = fc.check(play, { numRuns: 2_000, seed: 20_261_125, endOnFailure: true });
  expect(run.failed).toBe(true);
  expect(String((run.errorInstance as Error).message)).toMatch(invariant);
});

function nameless(state: CaseState): CaseState {
  const stages = Object.entries(state.stages).map(([id, stage]) => [
    id,
    stage.answer ? { ...stage, answer: { ...stage.answer, actor: 'nobody' } } : stage,
  ]);
  return { ...state, stages: Object.fromEntries(stages) };
}

function everywhere(state: CaseState, command: Command): Command {
  if (!('taskId' in command.do)) return command;
  const { department } = Object.values(state.stages).find(({ standing }) => standing === 'open')?.seat ?? command.actor;
  return { ...command, actor: { ...command.actor, department, roles: ROLES } };
}

function current(state: CaseState, command: Command): Command {
  return 'seen' in command.do ? { ...command, do: { ...command.do, seen: state.form.digest } } : command;
}

function otherwise(command: Command): Command {
  if (command.do.action !== 'reject') return command;
  return { ...command, do: { ...command.do, reason: { ...command.do.reason, code: 'other' } } };
}

function askedForAll(state: CaseState): CaseState {
  if (!state.supplement) return state;
  const missing = FORM_PARTS.map((part: FormPart) => ({ part, text: '-' }));
  return { ...state, supplement: { ...state.supplement, missing } };
}

function reopened(state: CaseState): CaseState {
  const stages = Object.entries(state.stages).map(([id, { answer: _, verdict: __, ...stage }]) => [
    id,
    { ...stage, standing: 'open' },
  ]);
  return { ...state, stages: Object.fromEntries(stages) };
}

/** Sees stages whose signatures rest on nothing, so that no change lapses them. */
function baseless(state: CaseState): CaseState {
  const bare = (block: Block): Block =>
    block.kind === 'stage' ? { ...block, basis: [] } : { ...block, blocks: block.blocks.map(bare) };
  return { ...state, route: { ...state.route, root: bare(state.route.root) } };
}

function unasked(state: CaseState, command: Command): CaseState {
  if (command.do.action !== 'approve') return state;
  const { supplement: _, ...rest } = state;
  return rest;
}

function bySilence(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  const decision = caseMachine.decide(state, command);
  if ('refusal' in decision || command.do.action !== 'passLimit') return decision;
  return { events: [...decision.events, { type: 'ended', at: command.at, status: 'completed' }] };
}

function moody(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  const isMood = command.do.action === 'approve' && command.id.endsWith('7');
  return isMood ? { refusal: { code: 'NotYourTask' } } : caseMachine.decide(state, command);
}

function meddling(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  if (state && command.do.action === 'askSupplement') (state.noticesGiven as string[]).push('meddled');
  return caseMachine.decide(state, command);
}

function anonymous(state: CaseState | undefined, event: CaseEvent): CaseState {
  return caseMachine.evolve(state, event.type === 'answered' ? { ...event, actor: 'somebody' } : event);
}

function oldForm(state: CaseState | undefined, event: CaseEvent): CaseState {
  const after = caseMachine.evolve(state, event);
  return state && event.type === 'supplemented' ? { ...after, form: state.form } : after;
}
