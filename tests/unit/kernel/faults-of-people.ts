import { type CaseState, type Command, FORM_PARTS } from '../../../domain/case.ts';
import { ROLES } from '../../../domain/language.ts';
import { caught as caughtAmong, type Fault, seeing, withSeats, withStages } from './faulty.ts';
import { seatedCases } from './random-cases.ts';

const caught = (name: string, broken: Fault['broken'], breaks: RegExp): Fault =>
  caughtAmong(name, broken, breaks, seatedCases);

/** Faults in who may do what, and what of it counts. */
export const FAULTS_OF_PEOPLE: readonly Fault[] = [
  caught(
    'lets the applicant decide',
    seeing((state) => ({ state: { ...state, contributors: [] } })),
    /own request|was offered|of the application/,
  ),
  caught(
    'lets one person sign at two stages',
    seeing((state) => ({ state: nameless(state) })),
    /signs twice|answers twice|was offered|offered action|first undecided/,
  ),
  caught(
    'lets anybody take any seat',
    seeing((state, command) => ({ command: everywhere(state, command) })),
    /was offered|the seat|for good|fresh holder|offered action|first undecided/,
  ),
  caught(
    'takes a signature under a form not seen',
    seeing((state, command) => ({ command: current(state, command) })),
    /they saw/,
  ),
  caught(
    'takes incomplete materials for a ground',
    seeing((_, command) => ({ command: otherwise(command) })),
    /no ground/,
  ),
  caught(
    'gives a second notice',
    seeing((state) => ({ state: { ...state, noticesGiven: [] } })),
    /was offered|one notice/,
  ),
  caught(
    'lets a supplement change anything',
    seeing((state) => ({ state: askedForAll(state) })),
    /only what was asked/,
  ),
  caught(
    'decides a stage again',
    seeing((state) => ({ state: reopened(state) })),
    /was offered|open seat|offered action|first undecided/,
  ),
  caught(
    'answers while materials are awaited',
    seeing((state, command) => (isAnswer(command) ? { state: { ...state, supplements: {} } } : {})),
    /offered|awaited/,
  ),
  caught(
    'answers while the case is suspended',
    seeing((state, command) => (isAnswer(command) ? { state: going(state) } : {})),
    /offered|suspended/,
  ),
  caught(
    'lets the delegator go on deciding',
    seeing((state) => ({ state: withSeats(state, (seat) => withHolder(seat, seat.delegators[0])) })),
    /offered|holds the seat|comes back|system/,
  ),
  caught(
    'lets a delegate decide',
    seeing((state, command) => (isAnswer(command) ? { state: undelegated(state) } : {})),
    /offered|comes back/,
  ),
  caught(
    'lets a delegate hand the seat on for good',
    seeing((state, command) => (command.do.action === 'reassign' ? { state: undelegated(state) } : {})),
    /offered|for good/,
  ),
  caught(
    'lets whoever advised take the answer back',
    seeing((state, command) =>
      command.do.action === 'takeBack' ? { state: withSeats(state, (seat) => ({ ...seat, advisers: [] })) } : {},
    ),
    /offered|answered themselves/,
  ),
  caught(
    'lets a stand-in act after the absence',
    seeing((_, command) => ({ command: alwaysAway(command) })),
    /offered|days of the absence/,
  ),
  caught(
    'forgets who stood in',
    seeing((_, command) => ({ command: asThemselves(command) })),
    /offered|names both|own request|contributor/,
  ),
  caught(
    'takes back from under a later stage',
    seeing((state) => ({ state: withStages(state, ({ isTouched: _, ...stage }) => stage) })),
    /offered|later stage/,
  ),
  caught(
    'takes back the answer of another',
    seeing((state, command) => ({ command: asSigner(state, command) })),
    /offered|answered themselves/,
  ),
  caught(
    'removes seats that nobody added',
    seeing((state, command) => ({ state: allAdded(state, command) })),
    /offered|only added seats/,
  ),
  caught(
    'lets those who hold the case extend its limit',
    seeing((_, command) =>
      command.do.action.endsWith('Extension') && command.do.action !== 'askExtension'
        ? { command: asAuthority(command) }
        : {},
    ),
    /offered/,
  ),
  caught(
    'lets anybody suspend',
    seeing((_, command) => (command.do.action === 'suspend' ? { command: asAuthority(command) } : {})),
    /offered/,
  ),
  caught(
    'lets anybody hand in for the applicant',
    seeing((state, command) => ({ command: asApplicant(state, command) })),
    /offered/,
  ),
];

const isAnswer = ({ do: { action } }: Command): boolean => /^(approve|reject)$/.test(action);

function nameless(state: CaseState): CaseState {
  return withSeats(state, (seat) =>
    seat.answer ? { ...seat, answer: { ...seat.answer, actor: 'nobody', through: [] } } : seat,
  );
}

function everywhere(state: CaseState, command: Command): Command {
  if (!('taskId' in command.do)) return command;
  const open = Object.values(state.stages).find(({ standing }) => standing === 'open')?.seats[0];
  const department = open?.capacity.department ?? command.actor.department;
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
  const missing = FORM_PARTS.map((part) => ({ part, text: '-' }));
  const supplements = Object.entries(state.supplements).map(([id, wait]) => [id, { ...wait, missing }]);
  return { ...state, supplements: Object.fromEntries(supplements) };
}

function reopened(state: CaseState): CaseState {
  return withStages(state, ({ verdict: _, ...stage }) => ({
    ...stage,
    standing: 'open',
    seats: stage.seats.map(({ answer: __, ...seat }) => ({ ...seat, standing: 'open' })),
  }));
}

function going({ suspended: _, ...state }: CaseState): CaseState {
  return state;
}

function withHolder(seat: CaseState['stages'][string]['seats'][number], holder: string | undefined): typeof seat {
  return holder === undefined ? seat : { ...seat, holder, delegators: [] };
}

function undelegated(state: CaseState): CaseState {
  return withSeats(state, (seat) => ({ ...seat, delegators: [] }));
}

function alwaysAway(command: Command): Command {
  return command.onBehalf
    ? { ...command, onBehalf: { ...command.onBehalf, from: '2000-01-01', until: '2099-12-31' } }
    : command;
}

function asThemselves({ onBehalf, ...command }: Command): Command {
  return onBehalf ? { ...command, actor: onBehalf } : command;
}

function asSigner(state: CaseState, command: Command): Command {
  const { do: action } = command;
  if (action.action !== 'takeBack') return command;
  const answers = Object.entries(state.stages).flatMap(([id, { seats }]) =>
    action.taskId.startsWith(`${state.caseId}.${id}.`) ? seats.flatMap(({ answer }) => answer ?? []) : [],
  );
  const [answer] = answers;
  return answer ? { ...command, actor: { ...command.actor, person: answer.actor } } : command;
}

function allAdded(state: CaseState, command: Command): CaseState {
  if (command.do.action !== 'removeSeat') return state;
  return withSeats(state, (seat) => ({ ...seat, added: { by: command.actor.person, place: 'beside', anchor: 1 } }));
}

function asAuthority(command: Command): Command {
  return { ...command, actor: { ...command.actor, roles: [...command.actor.roles, 'authority'] } };
}

function asApplicant(state: CaseState, command: Command): Command {
  if (!/^(resubmit|supplement|withdraw)$/.test(command.do.action)) return command;
  return { ...command, actor: { ...command.actor, person: state.applicant } };
}
