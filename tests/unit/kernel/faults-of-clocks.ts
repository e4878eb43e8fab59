import type { CaseEvent, CaseState, Command } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import type { CaseMachine } from '../../support/play.ts';
import { dateIn } from '../../../domain/civil-date.ts';
import { datedCases } from './random-cases.ts';
import { caught, changing, evolving, type Fault, forgetting } from './faulty.ts';

type Moved = Extract<CaseEvent, { type: 'clockMoved' }>;

/** Faults in what time does. */
export const FAULTS_OF_CLOCKS: readonly Fault[] = [
  caught(
    'lets a clock run on while it is paused',
    forgettingMoves(({ why }) => why === 'paused'),
    /a clock runs/,
  ),
  caught(
    'lets a clock run on while the case is suspended',
    forgettingMoves(({ pausedFor }) => pausedFor.includes('suspended')),
    /a clock runs/,
  ),
  caught(
    'does not start a stopped clock again',
    forgettingMoves(({ why }) => why === 'restarted'),
    /a clock runs|fresh clock/,
  ),
  caught('resumes the clock of a stage entered again', changing(resumedOnly), /fresh clock/),
  caught(
    'never stops a clock',
    forgettingMoves(({ why }) => why === 'stopped'),
    /a clock runs|fresh clock|decided on/,
  ),
  caught(
    'misses a limit that passed in an outage',
    forgetting(({ type }, command) => type === 'limitPassed' && command.do.action !== 'passLimit'),
    /is counted|authority hears/,
  ),
  caught('approves by silence', { ...caseMachine, decide: bySilence }, /decides nothing/),
  caught(
    'does not tell the authority of a limit that passed',
    forgetting(({ type }) => type === 'escalated'),
    /authority hears/,
  ),
  caught(
    'rings the same alarm for ever',
    evolving((state, event) => (event.type === 'limitPassed' && state ? state : caseMachine.evolve(state, event))),
    /alarm rings once|is counted|decided on/,
  ),
  caught(
    'reminds for ever',
    evolving((state, event) => (event.type === 'reminded' && state ? state : caseMachine.evolve(state, event))),
    /alarm rings once|decided on/,
  ),
  caught('does not arm reminders again when a stage is entered again', evolving(forgetful), /fresh clock|decided on/),
  caught(
    'grants an extension that moves nothing',
    forgettingMoves(({ why }) => why === 'extended'),
    /moves the due date/,
  ),
  caught(
    'leaves a clock from a day of the form stopped when its block is opened again',
    forgettingMoves(({ why, limit }) => why === 'resumed' && limit.from !== undefined),
    /runs until its block is decided/,
    datedCases,
  ),
  caught(
    'counts from today where the form states the day',
    changing((events) => events.map(fromToday)),
    /counts from that day/,
    datedCases,
  ),
  caught(
    'keeps due dates of an old calendar',
    forgettingMoves(({ why }) => why === 'recounted'),
    /follows its calendar/,
  ),
];

function forgettingMoves(isForgotten: (moved: Moved) => boolean): CaseMachine {
  return forgetting((event) => event.type === 'clockMoved' && isForgotten(event));
}

/** A clock that should start again goes on from where it stood. */
function resumedOnly(events: readonly CaseEvent[], state: CaseState): readonly CaseEvent[] {
  return events.map((event): CaseEvent => {
    const before = event.type === 'clockMoved' && event.why === 'restarted' ? state.clocks[event.clock] : undefined;
    if (!before || event.type !== 'clockMoved') return event;
    return { ...event, why: 'resumed', startedOn: before.startedOn, dueOn: before.dueOn };
  });
}

function fromToday(event: CaseEvent): CaseEvent {
  if (event.type !== 'clockMoved' || event.limit.from === undefined) return event;
  return { ...event, startedOn: dateIn(event.at) };
}

function bySilence(state: CaseState | undefined, command: Command): ReturnType<CaseMachine['decide']> {
  const decision = caseMachine.decide(state, command);
  if ('refusal' in decision || command.do.action !== 'passLimit') return decision;
  return { events: [...decision.events, { type: 'ended', at: command.at, status: 'completed' }] };
}

function forgetful(state: CaseState | undefined, event: CaseEvent): CaseState {
  const after = caseMachine.evolve(state, event);
  const before = event.type === 'clockMoved' ? state?.clocks[event.clock] : undefined;
  const now = event.type === 'clockMoved' ? after.clocks[event.clock] : undefined;
  if (!before || !now) return after;
  return { ...after, clocks: { ...after.clocks, [now.clock]: { ...now, reminded: before.reminded } } };
}
