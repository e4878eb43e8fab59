import { addWorkingDays, dateIn, workingDaysBetween } from '../calendar.ts';
import type { CaseEvent, CaseState, ClockReading, ClockState, PauseReason } from '../case.ts';
import { type Block, type Limit, pathTo, stagesOf } from '../route.ts';

/** The clock of the first delivery; it belongs to no block of the route. */
export const DELIVERY_CLOCK = 'delivery';

type ClockMoved = Extract<CaseEvent, { type: 'clockMoved' }>;

/** A clock that starts now: today is day 0 (R809 Art.22 counts from receipt). */
export function startClock(state: CaseState, clock: { id: string; limit: Limit }, at: string): ClockMoved {
  return fromToday(state, { clock: clock.id, block: clock.id, limit: clock.limit, why: 'started' }, at);
}

function fromToday(
  state: CaseState,
  clock: Pick<ClockReading, 'clock' | 'block' | 'limit' | 'why'> & { rawDueOn?: string },
  at: string,
): ClockMoved {
  const today = dateIn(at);
  const dueOn = addWorkingDays(state.calendar, today, clock.limit.legal);
  return {
    type: 'clockMoved',
    at,
    ...clock,
    startedOn: today,
    rawDueOn: clock.rawDueOn ?? dueOn,
    dueOn,
    ...(clock.limit.promise === undefined
      ? {}
      : { promisedOn: addWorkingDays(state.calendar, today, clock.limit.promise) }),
    pausedFor: [],
    calendarVersion: state.calendar.version,
  };
}

/** The clocks of blocks that the route has and that must move to fit where the case stands; one at a time. */
export function nextClockMove(state: CaseState, current: string | undefined, at: string): ClockMoved | undefined {
  const path = current === undefined ? [] : pathTo(state.route.root, current);
  for (const block of clockedBlocks(state.route.root)) {
    const clock = state.clocks[block.id];
    if (!clock) {
      if (path.includes(block)) return startClock(state, { id: block.id, limit: block.clock }, at);
      continue;
    }
    if (clock.stopped) continue;
    if (isDecided(state, block)) return { ...reading(clock), type: 'clockMoved', at, why: 'stopped' };
    const wanted = pausesOf(state, block, path);
    if (wanted.join() !== clock.pausedFor.join()) return movePauses(state, clock, wanted, at);
  }
  return undefined;
}

function clockedBlocks(block: Block): (Block & { clock: Limit })[] {
  const own = block.clock ? [block as Block & { clock: Limit }] : [];
  return block.kind === 'stage' ? own : [...own, ...block.blocks.flatMap(clockedBlocks)];
}

function isDecided(state: CaseState, block: Block): boolean {
  return stagesOf(block).every((stage) => state.stages[stage.id]?.standing === 'decided');
}

function pausesOf(state: CaseState, block: Block & { clock: Limit }, path: readonly Block[]): PauseReason[] {
  const pauses: PauseReason[] = [];
  const waits = state.supplement && pathTo(block, state.supplement.stage).length > 0;
  if (waits && block.clock.onSupplement !== 'run-on') pauses.push('supplement');
  if (!path.includes(block)) pauses.push('parked');
  return pauses;
}

function movePauses(state: CaseState, clock: ClockState, wanted: PauseReason[], at: string): ClockMoved {
  const today = dateIn(at);
  const restarts =
    clock.limit.onSupplement === 'restart' && clock.pausedFor.includes('supplement') && !wanted.includes('supplement');
  const left = restarts ? clock.limit.legal : (clock.left ?? workingDaysBetween(state.calendar, today, clock.dueOn));
  if (wanted.length > 0) {
    const { why: _, ...rest } = reading(clock);
    return { ...rest, type: 'clockMoved', at, why: 'paused', pausedFor: wanted, left };
  }
  if (restarts) {
    const { clock: id, block, limit, rawDueOn } = clock;
    return fromToday(state, { clock: id, block, limit, why: 'restarted', rawDueOn }, at);
  }
  const { left: _, ...rest } = reading(clock);
  const dueOn = addWorkingDays(state.calendar, today, left);
  return { ...rest, type: 'clockMoved', at, why: 'resumed', pausedFor: [], dueOn };
}

function reading(clock: ClockState): ClockReading {
  const { stopped: _, passedAt: __, ...rest } = clock;
  return { ...rest, why: 'started' };
}

/** A clock as `evolve` keeps it. A clock that starts again may pass its limit again. */
export function clockAfter(before: ClockState | undefined, moved: ClockMoved): ClockState {
  const { type: _, at: __, why, ...rest } = moved;
  const anew = why === 'started' || why === 'restarted';
  return {
    ...rest,
    stopped: why === 'stopped',
    ...(anew || before?.passedAt === undefined ? {} : { passedAt: before.passedAt }),
  };
}
