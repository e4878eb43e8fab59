import type { CaseEvent, CaseState, Command } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { settle } from '../../../domain/kernel/settle.ts';
import { refusedSubjects } from '../../../domain/kernel/standing.ts';
import type { Rule, Stage } from '../../../domain/route.ts';
import type { CaseMachine } from '../../support/play.ts';
import { caught, changing, evolving, type Fault, forgetting, seeing, withRoute, withSeats } from './faulty.ts';
import { migratedCases, movedCases, refiledCases, seatedCases } from './random-cases.ts';

/** Faults in what answers make of a stage, and stages of a case. */
export const FAULTS_OF_ROUTES: readonly Fault[] = [
  caught(
    'asks a vote for one approval too many',
    ruling((rule) => vote(rule, 1)),
    /its rule says|was offered|over when|decides nothing/,
  ),
  caught(
    'passes a vote with one approval too few',
    ruling((rule) => vote(rule, -1)),
    /its rule says/,
  ),
  caught(
    'ends a vote at one rejection',
    ruling((rule) => (typeof rule === 'object' ? 'all' : rule)),
    /its rule says/,
  ),
  caught(
    'decides an all-stage by the first answer',
    ruling((rule) => (rule === 'all' ? 'any' : rule)),
    /its rule says|offered|can answer|reassign any/,
  ),
  caught(
    'asks all of an any-stage',
    ruling((rule) => (rule === 'any' ? 'all' : rule)),
    /its rule says|offered|can answer|reassign any/,
  ),
  caught(
    'lets a sequence be answered in any order',
    ruling((rule) => (rule === 'sequential' ? 'all' : rule)),
    /offered|out of turn/,
    seatedCases,
  ),
  caught('counts a superseded seat as an answer', evolving(asAnswered), /decided on/),
  caught(
    'does not wait for seats that were added',
    seeing((state, command) => ({ state: without(state, command) })),
    /its rule says|offered|can answer|reassign any/,
    seatedCases,
  ),
  caught('answers although a seat added before has not', placing('before'), /offered|out of turn/, seatedCases),
  caught('does not let a seat added after wait', placing('after'), /offered|out of turn/, seatedCases),
  caught(
    'opens only the first seat of a stage',
    forgetting(({ type }) => type === 'seatOpened'),
    /every seat of its route|its rule/,
  ),
  caught(
    'lets signatures stand on another form',
    forgetting(({ type }, { do: { action } }) => type === 'signatureLapsed' && /supplement|resubmit/.test(action)),
    /form of now|what rested on it|first undecided/,
  ),
  caught('lapses a sibling’s signature at a return', changing(siblingLapses), /exactly what it sends back/),
  caught(
    'keeps what comes after the target of a return',
    forgetting(
      ({ type }, { do: action }) => type === 'signatureLapsed' && action.action === 'return' && action.then === 'again',
    ),
    /exactly what it sends back|first undecided/,
  ),
  caught(
    'never resumes a parked stage',
    forgetting(({ type }) => type === 'stageResumed'),
    /first undecided|bring a case/,
  ),
  caught(
    'leaves a stage open that the case has gone back from',
    forgetting(({ type }) => type === 'stageParked'),
    /first undecided/,
  ),
  caught(
    'never grants',
    forgetting(({ type }) => type === 'granted'),
    /over when its route|bring a case|first undecided/,
  ),
  caught(
    'does not hear of deliveries',
    forgetting(({ type }) => type === 'deliveryReported' || type === 'ended'),
    /bring a case|over when|everything granted/,
  ),
  caught('is complete at the first delivery', changing(hasty), /everything granted/, refiledCases),
  caught(
    'grants a refused subject',
    changing(generous),
    /was approved is granted|every stage approved|granted twice/,
    refiledCases,
  ),
  caught('refuses the whole because of one branch', changing(harsh), /was rejected/, refiledCases),
  caught(
    'keeps a refusal when the case is filed again',
    forgetting(({ type }, { do: { action } }) => type === 'signatureLapsed' && action === 'refile'),
    /over when its route|first undecided|form of now|old task/,
    refiledCases,
  ),
  caught(
    'grants again what was granted before',
    seeing((state) => ({ state: { ...state, frozen: NOTHING } })),
    /granted twice|first undecided|asked for|over when|time decides|old task|limit of its stage/,
    refiledCases,
  ),
  caught('decides by a migration', { ...caseMachine, decide: migrating }, /migration decides/, movedCases),
  caught(
    'keeps stages that the new route does not have',
    forgetting(({ type }) => type === 'stageDropped'),
    /first undecided|decided on/,
    migratedCases,
  ),
  caught(
    'keeps signatures over a migration that changed who signs',
    forgetting(({ type }, { do: { action } }) => type === 'signatureLapsed' && action === 'migrate'),
    /its rule says|form of now|old task/,
    migratedCases,
  ),
  caught(
    'changes the state that it decides on',
    { ...caseMachine, decide: meddling },
    /read only|not extensible|Cannot/,
  ),
  caught('refuses what it offers', { ...caseMachine, decide: moody }, /is accepted|can always|somebody/),
  caught(
    'forgets who has the case’s signature',
    evolving((state, event) =>
      caseMachine.evolve(state, event.type === 'answered' ? { ...event, actor: 'somebody' } : event),
    ),
    /decided on/,
  ),
  caught('keeps the old form after a change', evolving(oldForm), /decided on/),
];

const NOTHING: readonly string[] = [];

function ruling(change: (rule: Rule) => Rule): CaseMachine {
  const lens = withRoute((stage: Stage) => ({ ...stage, rule: change(stage.rule) }));
  return seeing((state, command) => (command.do.action === 'migrate' ? {} : { state: lens(state) }));
}

/** A vote by a fraction that asks for more, or for less. */
function vote(rule: Rule, more: 1 | -1): Rule {
  if (typeof rule !== 'object') return rule;
  const { num, den } = rule.vote;
  if (more > 0) return { vote: { num: num * 20 + 1, den: den * 20 } };
  return { vote: num > 1 ? { num: num - 1, den } : { num, den: den * 3 } };
}

function asAnswered(state: CaseState | undefined, event: CaseEvent): CaseState {
  const after = caseMachine.evolve(state, event);
  return withSeats(after, (seat) => (seat.standing === 'superseded' ? { ...seat, standing: 'answered' } : seat));
}

function without(state: CaseState, { do: { action } }: Command): CaseState {
  if (!/^(approve|reject)$/.test(action)) return state;
  return withSeats(state, (seat) => (seat.added && !seat.answer ? { ...seat, standing: 'removed' } : seat));
}

function placing(place: 'before' | 'after'): CaseMachine {
  return seeing((state) => ({
    state: withSeats(state, (seat) =>
      seat.added?.place === place ? { ...seat, added: { ...seat.added, place: 'beside' } } : seat,
    ),
  }));
}

function siblingLapses(
  events: readonly CaseEvent[],
  state: CaseState,
  { at, do: action }: Command,
): readonly CaseEvent[] {
  if (action.action !== 'return') return events;
  const named = events.flatMap((event) => (event.type === 'signatureLapsed' ? [event.stage] : []));
  const other = Object.entries(state.stages).find(
    ([id, { standing }]) => standing === 'decided' && !named.includes(id),
  );
  return other ? [...events, { type: 'signatureLapsed', at, stage: other[0], changed: [] }] : events;
}

function hasty(events: readonly CaseEvent[], _: CaseState, { at }: Command): readonly CaseEvent[] {
  const isDelivery =
    events.some(({ type }) => type === 'deliveryReported') && !events.some(({ type }) => type === 'ended');
  return isDelivery ? [...events, { type: 'ended', at, status: 'completed' }] : events;
}

function generous(events: readonly CaseEvent[], state: CaseState, { at }: Command): readonly CaseEvent[] {
  if (!events.some(({ type }) => type === 'granted')) return events;
  const [refused] = [...refusedSubjects(events.slice(0, 1).reduce(caseMachine.evolve, state))];
  return refused === undefined
    ? events
    : [...events, { type: 'granted', at, grantId: `case.grant.${refused}`, subject: refused }];
}

function harsh(events: readonly CaseEvent[], _: CaseState, { at }: Command): readonly CaseEvent[] {
  const isRefused = events.some((event) => event.type === 'stageDecided' && event.verdict === 'rejected');
  const isOver = events.some(({ type }) => type === 'ended');
  return isRefused && !isOver ? [...events, { type: 'ended', at, status: 'refused' }] : events;
}

function migrating(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  const decision = caseMachine.decide(state, command);
  const { do: action, at, actor } = command;
  const isUndecided = 'refusal' in decision && decision.refusal.code === 'MigrationDecides';
  if (!isUndecided || !state || action.action !== 'migrate') return decision;
  const { route } = action;
  const capacity = { role: 'authority', department: actor.department } as const;
  return { events: settle(state, [{ type: 'migrated', route, at, actor: actor.person, capacity }], { at }) };
}

function meddling(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  if (state && command.do.action === 'approve') (state.noticesGiven as string[]).push('meddled');
  return caseMachine.decide(state, command);
}

function moody(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  const isMood = command.do.action === 'approve' && command.id.endsWith('7');
  return isMood ? { refusal: { code: 'NotYourTask' } } : caseMachine.decide(state, command);
}

function oldForm(state: CaseState | undefined, event: CaseEvent): CaseState {
  const after = caseMachine.evolve(state, event);
  return state && /^(supplemented|resubmitted)$/.test(event.type) ? { ...after, form: state.form } : after;
}
