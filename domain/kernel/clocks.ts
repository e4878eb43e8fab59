import { addWorkingDays, dateIn, endOfDay, workingDaysBetween } from '../calendar.ts';
import type { CaseEvent, CaseState, ClockReading, ClockState, PauseReason } from '../case.ts';
import { epochMilliseconds } from '../civil-date.ts';
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
    const moved = moveOf(state, block, { path, at });
    if (moved) return moved;
  }
  return undefined;
}

function moveOf(
  state: CaseState,
  block: Block & { clock: Limit },
  { path, at }: { readonly path: readonly Block[]; readonly at: string },
): ClockMoved | undefined {
  const clock = state.clocks[block.id];
  const isOpen = path.includes(block);
  if (!clock) return isOpen ? startClock(state, { id: block.id, limit: block.clock }, at) : undefined;
  if (isDecided(state, block)) {
    return clock.stopped ? undefined : { ...reading(clock), type: 'clockMoved', at, why: 'stopped' };
  }
  // A block whose signatures lapsed after it was through is entered again, with a fresh clock.
  if (clock.stopped) return isOpen ? restart(state, clock, at) : undefined;
  const wanted = pausesOf(state, block, path);
  return wanted.join() === clock.pausedFor.join() ? undefined : movePauses(state, clock, { wanted, at });
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

function movePauses(
  state: CaseState,
  clock: ClockState,
  { wanted, at }: { readonly wanted: readonly PauseReason[]; readonly at: string },
): ClockMoved {
  const isSupplemented = clock.pausedFor.includes('supplement') && !wanted.includes('supplement');
  // Before anything else that holds it up: the days counted anew are the whole limit, and may be passed anew.
  if (isSupplemented && clock.limit.onSupplement === 'restart') return restart(state, clock, at);
  const today = dateIn(at);
  const left = clock.left ?? workingDaysBetween(state.calendar, today, clock.dueOn);
  const { why: _, left: __, promisedOn: ___, ...rest } = reading(clock);
  if (wanted.length > 0) {
    const promised = clock.promisedOn === undefined ? {} : { promisedOn: clock.promisedOn };
    return { ...rest, ...promised, type: 'clockMoved', at, why: 'paused', pausedFor: wanted, left };
  }
  const { legal, promise } = clock.limit;
  return {
    ...rest,
    type: 'clockMoved',
    at,
    why: 'resumed',
    pausedFor: [],
    dueOn: addWorkingDays(state.calendar, today, left),
    ...(promise === undefined ? {} : { promisedOn: addWorkingDays(state.calendar, today, left - (legal - promise)) }),
  };
}

function restart(state: CaseState, clock: ClockState, at: string): ClockMoved {
  const { clock: id, block, limit, rawDueOn } = clock;
  return fromToday(state, { clock: id, block, limit, why: 'restarted', rawDueOn }, at);
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

/** The earliest limit that is still running, and the moment at which it will have passed. */
export function nextLimit(state: CaseState): { readonly at: string; readonly clock: ClockState } | undefined {
  if (state.endedAt !== undefined) return undefined;
  const running = Object.values(state.clocks)
    .filter((clock) => !clock.stopped && clock.pausedFor.length === 0 && clock.passedAt === undefined)
    .toSorted((a, b) => compare(a.dueOn, b.dueOn) || compare(a.clock, b.clock));
  const clock = running[0];
  return clock && { at: endOfDay(clock.dueOn), clock };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The limits that had passed before a command arrived and that nobody has noted yet: after an outage the command can
 * come first, and would stop or pause the clock before its passing is counted.
 */
export function limitsPassedBefore(state: CaseState, at: string): CaseEvent[] {
  const passed: CaseEvent[] = [];
  for (let now = state; ;) {
    const next = nextLimit(now);
    if (!next || epochMilliseconds(next.at) >= epochMilliseconds(at)) return passed;
    const { clock, dueOn } = next.clock;
    passed.push({ type: 'limitPassed', at: next.at, clock, dueOn });
    now = { ...now, clocks: { ...now.clocks, [clock]: { ...next.clock, passedAt: next.at } } };
  }
}
