import type { Answer, CaseEvent, CaseState, FormRef, SeatState, StageState } from '../case.ts';
import { copyOf } from './copy.ts';
import { stageOf } from './standing.ts';

const STAGE_EVENTS = [
  'stageEntered',
  'seatOpened',
  'stageParked',
  'stageResumed',
  'stageDropped',
  'answered',
  'answerTakenBack',
  'stageDecided',
  'reassigned',
  'delegated',
  'advised',
  'recalled',
  'seatAdded',
  'seatRemoved',
  'supplementAsked',
  'supplemented',
  'returned',
  'signatureLapsed',
] as const;

type StageEvent = Extract<CaseEvent, { type: (typeof STAGE_EVENTS)[number] }>;
const isOfStage: ReadonlySet<string> = new Set(STAGE_EVENTS);

/** Whether an event is about one stage of a case. */
export function isStageEvent(event: CaseEvent): event is StageEvent {
  return isOfStage.has(event.type);
}

/** What an event about a stage makes of the case. */
export function evolveStage(state: CaseState, event: StageEvent): CaseState {
  switch (event.type) {
    case 'stageEntered': {
      const { stage, activation, seat, at, holder } = event;
      const first = newSeat({ id: 1, capacity: seat, openedAt: at, holder });
      return withStage(state, stage, { activation, openedAt: at, standing: 'open', seats: [first] });
    }
    case 'seatOpened': {
      const { stage, seat, at, holder } = event;
      const now = stageOf(state, stage);
      const opened = newSeat({ id: seat, capacity: event.for, openedAt: at, holder });
      return withStage(state, stage, { ...now, seats: [...now.seats, opened] });
    }
    case 'stageParked':
      return without(
        withStage(state, event.stage, { ...stageOf(state, event.stage), standing: 'parked' }),
        event.stage,
      );
    case 'stageResumed':
      return withStage(state, event.stage, { ...stageOf(state, event.stage), standing: 'open' });
    case 'stageDropped':
    case 'signatureLapsed':
      return without(lapsed(state, event.stage), event.stage);
    case 'answered': {
      const { at, actor, capacity, verdict, form, through = [], refused, without: gone } = event;
      const items = { ...(refused ? { refused } : {}), ...(gone ? { without: gone } : {}) };
      const answer = { at, actor, capacity, verdict, form, through, ...items };
      const seats = seatsWith(state, event, (seat) => answeredSeat(seat, answer));
      const { activation, openedAt, standing, verdict: decided, decidedAt } = stageOf(state, event.stage);
      const stood = decided === undefined || decidedAt === undefined ? {} : { verdict: decided, decidedAt };
      return withStage(state, event.stage, { activation, openedAt, standing, seats, isTouched: true, ...stood });
    }
    case 'answerTakenBack':
      return takenBack(state, event);
    case 'stageDecided':
      return decided(state, event);
    case 'reassigned':
      return touch(
        withSeat(state, event, (seat) => ({ ...seat, holder: event.to, delegators: [], advisers: [] })),
        event.stage,
      );
    case 'delegated':
      return touch(
        withSeat(state, event, (seat) => ({
          ...seat,
          holder: event.to,
          delegators: [...seat.delegators, event.onBehalf ?? event.actor],
        })),
        event.stage,
      );
    case 'advised':
      return withSeat(state, event, (seat) => ({
        ...backToDelegator(seat),
        advisers: [...new Set([...seat.advisers, event.actor, ...(event.onBehalf ? [event.onBehalf] : [])])],
      }));
    case 'recalled':
      return withSeat(state, event, backToDelegator);
    case 'seatAdded': {
      const { stage, seat, at, holder, actor, place, anchor } = event;
      const now = stageOf(state, stage);
      const opened = newSeat({ id: seat, capacity: event.for, openedAt: at, holder });
      const added = { ...opened, added: { by: event.onBehalf ?? actor, place, anchor } };
      return touch(withStage(state, stage, { ...now, seats: [...now.seats, added] }), stage);
    }
    case 'seatRemoved':
      return withSeat(state, event, (seat) => ({ ...seat, standing: 'removed' }));
    case 'supplementAsked': {
      const { stage, missing, at, notice } = event;
      const supplements = { ...state.supplements, [stage]: { missing, at } };
      return touch({ ...state, supplements, noticesGiven: [...state.noticesGiven, notice] }, stage);
    }
    case 'supplemented': {
      const stage = event.stage ?? Object.keys(state.supplements)[0];
      return without(withForm(state, event), stage);
    }
    case 'returned': {
      if (event.to !== 'applicant') return without(state, event.stage);
      return { ...state, supplements: {}, returned: { stage: event.stage, at: event.at, reason: event.reason } };
    }
  }
}

function newSeat({
  id,
  capacity,
  openedAt,
  holder,
}: Pick<SeatState, 'id' | 'capacity' | 'openedAt'> & { readonly holder: string | undefined }): SeatState {
  const own = { id, capacity, openedAt, standing: 'open', delegators: [], advisers: [] } as const;
  return holder === undefined ? own : { ...own, holder };
}

/**
 * What every decision makes is written out member by member, here and where a stage is decided and a clock moves: a copy of
 * an object that is given members it did not have takes the engine twenty times as long as a literal.
 */
function answeredSeat(seat: SeatState, answer: Answer): SeatState {
  const { id, capacity, openedAt, delegators, advisers, holder, added } = seat;
  return {
    id,
    capacity,
    openedAt,
    standing: 'answered',
    delegators,
    advisers,
    answer,
    ...(holder === undefined ? {} : { holder }),
    ...(added === undefined ? {} : { added }),
  };
}

/** A delegated seat comes back to whoever delegated it last, for good. */
function backToDelegator(seat: SeatState): SeatState {
  const { holder: _, ...rest } = seat;
  const last = seat.delegators.at(-1);
  return { ...rest, delegators: seat.delegators.slice(0, -1), ...(last === undefined ? {} : { holder: last }) };
}

/** The stage has to be signed anew: what was answered does not count any more. */
function lapsed(state: CaseState, id: string): CaseState {
  const { verdict: _, decidedAt: __, isTouched: ___, ...stage } = stageOf(state, id);
  const seats = stage.seats.map(({ answer: ____, ...seat }) => seat);
  return withStage(state, id, { ...stage, standing: 'lapsed', seats });
}

/** The seats that nobody needs any more are superseded: they are not counted as anyone's answers. */
function decided(state: CaseState, { stage, verdict, at }: Extract<StageEvent, { type: 'stageDecided' }>): CaseState {
  const now = stageOf(state, stage);
  const seats = now.seats.map((seat): SeatState =>
    seat.standing === 'open' ? { ...seat, standing: 'superseded' } : seat,
  );
  const { activation, openedAt, isTouched } = now;
  const touched = isTouched === undefined ? {} : { isTouched };
  const after: StageState = { activation, openedAt, standing: 'decided', seats, verdict, decidedAt: at, ...touched };
  return without(withStage(state, stage, after), stage);
}

function takenBack(state: CaseState, event: Extract<StageEvent, { type: 'answerTakenBack' }>): CaseState {
  const { verdict: _, decidedAt: __, ...stage } = stageOf(state, event.stage);
  const seats = stage.seats.map((seat): SeatState => {
    const { answer: ___, ...rest } = seat;
    if (seat.id === (event.seat ?? 1)) return { ...rest, standing: 'open' };
    return seat.standing === 'superseded' ? { ...seat, standing: 'open' } : seat;
  });
  const standing = stage.standing === 'decided' ? 'open' : stage.standing;
  return withStage(state, event.stage, { ...stage, standing, seats });
}

interface SeatNamed {
  readonly stage: string;
  readonly seat?: number;
}

function withSeat(state: CaseState, event: SeatNamed, change: (seat: SeatState) => SeatState): CaseState {
  return withStage(state, event.stage, { ...stageOf(state, event.stage), seats: seatsWith(state, event, change) });
}

function seatsWith(
  state: CaseState,
  { stage, seat = 1 }: SeatNamed,
  change: (seat: SeatState) => SeatState,
): readonly SeatState[] {
  return stageOf(state, stage).seats.map((one) => (one.id === seat ? change(one) : one));
}

function withStage(state: CaseState, id: string, stage: StageState): CaseState {
  const stages: Record<string, StageState> = { ...state.stages };
  stages[id] = stage;
  const copy = copyOf(state);
  copy.stages = stages;
  return copy;
}

function touch(state: CaseState, id: string): CaseState {
  const stage = stageOf(state, id);
  return stage.isTouched ? state : withStage(state, id, { ...stage, isTouched: true });
}

/** Nothing is awaited for the stage any more. */
function without(state: CaseState, stage: string | undefined): CaseState {
  if (stage === undefined || !state.supplements[stage]) return state;
  const { [stage]: _, ...supplements } = state.supplements;
  return { ...state, supplements };
}

/** Whoever hands in another form, and whoever they do it for, has a part in it. */
export function withForm(
  state: CaseState,
  { form, actor, onBehalf }: { readonly form: FormRef; readonly actor: string; readonly onBehalf?: string },
): CaseState {
  const people = [actor, ...(onBehalf === undefined ? [] : [onBehalf])];
  const fresh = people.filter((person) => !state.contributors.includes(person));
  return { ...state, form, contributors: fresh.length === 0 ? state.contributors : [...state.contributors, ...fresh] };
}
