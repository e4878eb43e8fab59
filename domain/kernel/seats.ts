import type { Answer, CaseState, SeatState, StageState, Verdict } from '../case.ts';
import type { RefusalCode } from '../machine.ts';
import type { Stage } from '../route.ts';

type Held = Pick<StageState, 'seats'>;

/**
 * What the answers make of a stage under its rule; undefined while it is open. Added seats must have agreed before the
 * stage does, under every rule; in a vote they are voters like the others.
 */
export function verdictOfSeats({ rule }: Stage, { seats }: Held): Verdict | undefined {
  const active = seats.filter(({ standing }) => standing !== 'removed');
  const verdicts = active.map(({ answer }) => answer?.verdict);
  const extra = active.filter(({ added }) => added);
  const isWaiting = extra.some(({ answer }) => !answer);
  if (typeof rule === 'object') return voteOf(rule.vote, verdicts, isWaiting);
  if (rule !== 'any') {
    if (verdicts.includes('rejected') || active.length === 0) return 'rejected';
    return verdicts.includes(undefined) ? undefined : 'approved';
  }
  const first = active.find(({ added, answer }) => !added && answer)?.answer?.verdict;
  if (active.length === 0 || first === 'rejected' || extra.some(isRejection)) return 'rejected';
  return first === 'approved' && !isWaiting ? 'approved' : undefined;
}

/** Whole numbers only: of three seats two thirds are two, where the decimal 0.6667 would ask for three. */
function voteOf(
  { num, den }: { readonly num: number; readonly den: number },
  verdicts: readonly (Verdict | undefined)[],
  isWaiting: boolean,
): Verdict | undefined {
  const needed = votesNeeded(verdicts.length, { num, den });
  const against = verdicts.filter((verdict) => verdict === 'rejected').length;
  if (against > verdicts.length - needed || needed === 0) return 'rejected';
  const inFavour = verdicts.filter((verdict) => verdict === 'approved').length;
  return inFavour >= needed && !isWaiting ? 'approved' : undefined;
}

/** How many of so many seats a vote needs: the fraction of them, rounded up. */
export function votesNeeded(seats: number, { num, den }: { readonly num: number; readonly den: number }): number {
  return Math.floor((seats * num + den - 1) / den);
}

function isRejection({ answer }: SeatState): boolean {
  return answer?.verdict === 'rejected';
}

/**
 * Why a seat cannot answer yet although its stage is open: it is not its turn, or a seat added before it has not answered.
 * Of several seats under 或签 the first to answer decides, so the others have nothing to do any more.
 */
export function isWaitingSeat({ rule }: Stage, { seats }: Held, seat: SeatState): boolean {
  const active = seats.filter(({ standing, id }) => standing !== 'removed' && id !== seat.id);
  const isFirst = ({ added, answer }: SeatState): boolean => !added && answer !== undefined;
  if (active.some(({ added, answer }) => added?.place === 'before' && added.anchor === seat.id && !answer)) return true;
  if (seat.added) {
    const anchor = active.find(({ id }) => id === seat.added?.anchor);
    if (seat.added.place !== 'after' || !anchor || anchor.answer) return false;
    // Under 或签 a seat that was not first never answers: whoever was added after it need not wait for it.
    return !(rule === 'any' && !anchor.added && active.some(isFirst));
  }
  if (rule === 'any') return active.some(isFirst);
  if (rule !== 'sequential') return false;
  return active.some((other) => rootOf(seats, other) < seat.id && !other.answer);
}

/** The stage's own seat that a seat was added to, through however many others; itself if it was not added. */
export function rootOf(seats: readonly SeatState[], seat: SeatState): number {
  let root: SeatState | undefined = seat;
  while (root?.added) {
    const { anchor }: { anchor: number } = root.added;
    root = seats.find(({ id }) => id === anchor);
  }
  return root?.id ?? seat.id;
}

/** Everyone whom an answer came about through, the one who gave it first. */
export function chainOf({ actor, through }: Answer): readonly string[] {
  return [actor, ...through];
}

/**
 * Why none of these people may answer at this seat, nor be asked to: somebody of the application decides nothing in it,
 * nobody signs at two stages unless the route says so, and nobody fills two seats of one stage.
 */
export function barred(state: CaseState, at: SeatOfStage, people: readonly string[]): RefusalCode | undefined {
  if (people.some((person) => state.contributors.includes(person))) return 'OwnRequest';
  const signers = signersBeside(state, at);
  return people.some((person) => signers.includes(person)) ? 'AlreadySigned' : undefined;
}

/** Everyone who is barred from a seat as things stand, sorted: for inboxes, which ask it of many cases at once. */
export function barredPeople(state: CaseState, at: SeatOfStage): string[] {
  return [...new Set([...state.contributors, ...signersBeside(state, at)])].toSorted();
}

interface SeatOfStage {
  readonly stageId: string;
  readonly stage: Stage;
  readonly seatId: number;
}

/** Whoever has signed where somebody who signs at this seat must not have. */
function signersBeside({ stages }: CaseState, { stageId, stage, seatId }: SeatOfStage): string[] {
  const signers: string[] = [];
  for (const id of Object.keys(stages)) {
    if (id !== stageId && stage.mayRepeat) continue;
    for (const { id: other, answer } of stages[id]?.seats ?? []) {
      if (answer && (id !== stageId || other !== seatId)) signers.push(...chainOf(answer));
    }
  }
  return signers;
}

/** Whether this person has a seat of the stage for themselves already. */
export function hasSeat({ seats }: Held, person: string, except: number): boolean {
  return seats.some(({ id, holder, delegators, standing }) => {
    if (id === except || standing === 'removed') return false;
    return holder === person || delegators.includes(person);
  });
}
