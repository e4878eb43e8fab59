import { isDeepStrictEqual } from 'node:util';
import { dateIn, endOfDay } from '../../../domain/calendar.ts';
import type { CaseEvent, CaseState, Command, SeatState } from '../../../domain/case.ts';
import { taskIdOf } from '../../../domain/case.ts';
import { epochMilliseconds } from '../../../domain/civil-date.ts';
import { evolve } from '../../../domain/kernel/evolve.ts';
import type { Rule } from '../../../domain/route.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { must, type Witness } from './invariants.ts';
import { checkCommand, checkFollowing, checkFreshClocks, stagesPast, type Taken } from './invariants-of-commands.ts';
import { type Part, partsOf, read, rootSeat, stageParts } from './oracle.ts';

type Event<T> = Extract<CaseEvent, { type: T }>;

/** What every accepted command keeps to. */
export function checkTaken(taken: Taken, witness: Witness): void {
  const { before, command, events, after } = taken;
  let state = before;
  for (const event of events) {
    checkEvent(state, { event, command, witness });
    state = evolve(state, event);
    for (const task of tasksOf(state)) witness.rows.set(task.id, task);
  }
  must(isDeepStrictEqual(state, after), 'the events give the state that was decided on');
  checkCommand(taken);
  checkFollowing(taken);
  checkFreshClocks(taken);
}

function checkEvent(
  state: CaseState,
  { event, command, witness }: { event: CaseEvent; command: Command; witness: Witness },
): void {
  switch (event.type) {
    case 'answered':
      checkAnswer(state, { event, command });
      witness.signers.set(taskIdOf(state.caseId, event.stage, event.activation, event.seat), signersOf(event));
      break;
    case 'answerTakenBack':
      checkTakenBack(state, { event, witness });
      break;
    case 'reassigned':
    case 'delegated':
      must(!state.contributors.includes(event.to), 'nothing is handed to somebody of the application');
      must(
        event.type === 'delegated' || isMover(state, event, command),
        'nobody hands on for good what is another’s to decide',
      );
      break;
    case 'seatAdded':
      must(!state.contributors.includes(event.holder), 'nothing is handed to somebody of the application');
      break;
    case 'supplementAsked':
      must(
        !state.noticesGiven.includes(event.notice) && !state.supplements[event.stage],
        'one notice a branch and round',
      );
      must(event.missing.length > 0, 'a notice lists something');
      break;
    case 'limitPassed':
    case 'reminded': {
      const clock = state.clocks[event.clock];
      must(
        clock !== undefined && !clock.stopped && clock.pausedFor.length === 0,
        'time passes only for clocks that run',
      );
      must(
        event.type === 'reminded' || epochMilliseconds(endOfDay(event.dueOn)) <= epochMilliseconds(event.at),
        'no limit passes early',
      );
      break;
    }
    case 'seatRemoved': {
      const seat = state.stages[event.stage]?.seats.find(({ id }) => id === (event.seat ?? 1));
      must(seat?.added !== undefined && !seat.answer, 'only added seats are removed, until they are answered');
      break;
    }
    case 'granted':
      checkGrant(state, { event, witness });
      break;
    default:
  }
  const isAct = /^(answered|supplementAsked|delegated|seatAdded|reassigned)$/.test(event.type);
  if (isAct && 'stage' in event) witness.acts.add(`${event.stage}.${state.stages[event.stage ?? '']?.activation}`);
}

function signersOf({ actor, onBehalf }: Event<'answered'>): string[] {
  return onBehalf === undefined ? [actor] : [actor, onBehalf];
}

/** Whoever the seat is for may hand it on, its delegate may not; the authority may move any. */
function isMover(
  state: CaseState,
  { stage, seat: id = 1 }: Event<'reassigned'>,
  { actor, onBehalf }: Command,
): boolean {
  const seat = state.stages[stage]?.seats.find((one) => one.id === id);
  return seat?.delegators.length === 0 || (onBehalf ?? actor).roles.includes('authority');
}

function checkAnswer(state: CaseState, { event, command }: { event: Event<'answered'>; command: Command }): void {
  const { actor, onBehalf } = command;
  const now = state.stages[event.stage];
  const part = stageParts(partsOf(state)).find(({ id }) => id === event.stage);
  const seat = now?.seats.find(({ id }) => id === (event.seat ?? 1));
  must(part !== undefined && now?.standing === 'open' && seat?.standing === 'open', 'only an open seat is answered');
  if (!part || !now || !seat) return;
  must(!state.supplements[event.stage], 'nobody answers while materials are awaited');
  must(!state.suspended, 'nobody answers while the case is suspended');
  const who = onBehalf ?? actor;
  const holds = who.department === seat.capacity.department;
  must(
    holds && (seat.holder === undefined ? who.roles.includes(seat.capacity.role) : seat.holder === who.person),
    'only who holds the seat answers',
  );
  must(seat.delegators.length === 0, 'a delegate gives an opinion, the decision comes back');
  if (onBehalf) {
    const today = dateIn(command.at);
    must(today >= onBehalf.from && today <= onBehalf.until, 'a stand-in acts on the days of the absence');
    must(event.onBehalf === onBehalf.person, 'a stand-in’s act names both');
  }
  must(isTurn(part.stage.rule, { seats: now.seats, seat }), 'nobody answers out of turn');
  const chain = new Set([actor.person, ...(onBehalf ? [onBehalf.person] : []), ...seat.advisers]);
  must(![...chain].some((one) => state.contributors.includes(one)), 'nobody decides on an own request');
  for (const [id, { seats }] of Object.entries(state.stages)) {
    if (id !== event.stage && part.stage.mayRepeat) continue;
    const signed = seats.flatMap(({ answer }) => (answer ? [answer.actor, ...answer.through] : []));
    must(!signed.some((one) => chain.has(one)), 'nobody signs twice');
  }
}

function isTurn(rule: Rule, { seats, seat }: { seats: readonly SeatState[]; seat: SeatState }): boolean {
  const others = seats.filter(({ id, standing }) => id !== seat.id && standing !== 'removed');
  const own = others.filter(({ added }) => !added);
  if (others.some(({ added, answer }) => added?.place === 'before' && added.anchor === seat.id && !answer))
    return false;
  if (seat.added) {
    const anchor = others.find(({ id }) => id === seat.added?.anchor);
    const isMoot =
      rule === 'any' && anchor && !anchor.added && own.some(({ id, answer }) => id !== anchor.id && answer);
    return seat.added.place !== 'after' || !anchor || anchor.answer !== undefined || isMoot === true;
  }
  if (rule === 'any') return !own.some(({ answer }) => answer);
  return rule !== 'sequential' || !others.some((one) => rootSeat(seats, one).id < seat.id && !one.answer);
}

function checkTakenBack(
  state: CaseState,
  { event, witness }: { event: Event<'answerTakenBack'>; witness: Witness },
): void {
  const { stage, activation, seat: id = 1, actor, onBehalf } = event;
  const signers = witness.signers.get(taskIdOf(state.caseId, stage, activation, id)) ?? [];
  must(signers.includes(onBehalf ?? actor), 'people take back what they answered themselves');
  const later = stagesPast(partsOf(state), stage);
  const isActedOn = later.some((one) => {
    const now = state.stages[one];
    return now && now.standing !== 'lapsed' && witness.acts.has(`${one}.${now.activation}`);
  });
  must(!isActedOn, 'nothing is taken back from under a later stage');
  const part = stageParts(partsOf(state)).find((one) => one.id === stage);
  const seats = state.stages[stage]?.seats ?? [];
  const own = seats.find((one) => one.id === id);
  if (!own || part?.stage.rule !== 'sequential') return;
  const rests = seats.some((one) => one.answer && rootSeat(seats, one).id > rootSeat(seats, own).id);
  must(!rests, 'nothing is taken back from under a later seat');
}

/** The stages that a decision rests on: of several tiers those of the one that did not refuse. */
function decidingIn(part: Part, { stages }: Pick<CaseState, 'stages'>): Part[] {
  const parts =
    part.kind === 'tiers'
      ? part.parts.filter((inner) => read(inner, stages).verdict !== 'rejected').slice(0, 1)
      : part.parts;
  return part.kind === 'stage' ? [part] : parts.flatMap((inner) => decidingIn(inner, { stages }));
}

function checkGrant(state: CaseState, { event, witness }: { event: Event<'granted'>; witness: Witness }): void {
  const key = event.subject ?? 'all';
  must(!witness.granted.has(key), 'nothing is granted twice');
  witness.granted.add(key);
  const root = partsOf(state);
  const reading = read(root, state.stages);
  must(reading.verdict === 'approved' && !reading.refused.has(key), 'only what was approved is granted');
  const holders = decidingIn(root, state).filter(
    ({ subjects }) => event.subject === undefined || subjects.includes(key),
  );
  const isApproved = holders.every(({ id }) => state.stages[id]?.verdict === 'approved');
  must(isApproved, 'only what every stage approved that decides it is granted');
  must(event.subject === undefined || root.subjects.includes(event.subject), 'only what is asked for is granted');
}
