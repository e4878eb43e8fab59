import { epochMilliseconds } from '../civil-date.ts';
import { nextRun } from '../schedule/schedule.ts';
import type { GrantState } from './grant-event.ts';

/** The time (RFC 3339) of the schedule's next run; none while a delivery runs, as it may come too late to be another one. */
export function nextRunOf(state: GrantState): string | undefined {
  const { status, isAwaited, running, schedule, runsAfter } = state;
  if (status !== 'active' || isAwaited || running !== undefined) return undefined;
  return schedule && runsAfter !== undefined ? nextRun(schedule, runsAfter) : undefined;
}

/** Looks for the next run after an instant; a grant without a schedule stays as it is. */
export function withSchedule(state: GrantState, runsAfter: string): GrantState {
  return state.schedule === undefined ? state : { ...state, runsAfter };
}

/** The grant without what it knows of the delivery under way. */
export function withoutDelivery(state: GrantState): GrantState {
  const { running: _, isScheduled: __, isWhole: ___, ...rest } = state;
  return rest;
}

export function isBefore(one: string, other: string): boolean {
  return epochMilliseconds(one) < epochMilliseconds(other);
}
