import { isProvisional, isWorkingDay, workingDaysBetween, type Calendar } from './calendar.ts';
import type { CaseState, ClockState, PauseReason } from './case.ts';

/** How far a day is: `left` counts the working days after today up to it, `over` those after it up to and with today. */
export type Distance =
  | { readonly standing: 'ahead'; readonly days: number }
  | { readonly standing: 'today'; readonly days: 0 }
  | { readonly standing: 'over'; readonly days: number };

/** A limit as a person reads it, in working days counted from day 1; all of it is told, so that nobody counts again. */
export interface Deadline {
  readonly clock: string;
  readonly startedOn: string;
  /** Which working day of the limit today is; 0 before the first. On a day off, the last one worked. */
  readonly day: number;
  readonly isDayOff: boolean;
  /** The last day by law (R809 Art.22 and others), extensions and pauses included. */
  readonly legal: { readonly on: string; readonly day: number } & Distance;
  /** What the place promised, where that is shorter. */
  readonly promise?: { readonly on: string; readonly day: number } & Distance;
  /** The due date had nothing ever moved it. */
  readonly rawDueOn: string;
  readonly extendedBy: number;
  readonly pausedFor: readonly PauseReason[];
  /** Whether a notice that is still to come may move it. */
  readonly isProvisional: boolean;
  readonly calendarVersion: number;
}

/** The limit that a case is measured by now: of those that run the nearest, else of those that stand still; none once all have stopped. */
export function deadlineOf({ clocks, calendar }: CaseState, today: string): Deadline | undefined {
  const open = Object.values(clocks).filter(({ stopped }) => !stopped);
  const running = open.filter(({ pausedFor }) => pausedFor.length === 0);
  const [clock] = (running.length > 0 ? running : open).toSorted((a, b) => nearest(a).localeCompare(nearest(b)));
  return clock ? read(clock, calendar, today) : undefined;
}

function nearest({ dueOn, promisedOn }: ClockState): string {
  return `${dueOn} ${promisedOn ?? ''}`;
}

function read(clock: ClockState, calendar: Calendar, today: string): Deadline {
  const { startedOn, dueOn, promisedOn, rawDueOn, pausedFor, extendedBy = 0, calendarVersion } = clock;
  const mark = (on: string) => ({
    on,
    day: workingDaysBetween(calendar, startedOn, on),
    ...distance(calendar, today, on),
  });
  return {
    clock: clock.clock,
    startedOn,
    day: Math.max(0, workingDaysBetween(calendar, startedOn, today)),
    isDayOff: !isWorkingDay(calendar, today),
    legal: mark(dueOn),
    ...(promisedOn === undefined ? {} : { promise: mark(promisedOn) }),
    rawDueOn,
    extendedBy,
    pausedFor,
    isProvisional: isProvisional(calendar, startedOn, dueOn),
    calendarVersion,
  };
}

function distance(calendar: Calendar, today: string, on: string): Distance {
  if (on === today) return { standing: 'today', days: 0 };
  if (on > today) return { standing: 'ahead', days: workingDaysBetween(calendar, today, on) };
  return { standing: 'over', days: workingDaysBetween(calendar, on, today) };
}
