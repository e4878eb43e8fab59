import type { Knex } from 'knex';
import type { Calendar } from '../../../domain/calendar.ts';
import { changedDays } from '../../../domain/calendar-version.ts';
import { recompute } from '../../../domain/due-dates.ts';
import { touchedCases } from '../../../store/calendar-touch.ts';

export interface MovedDueDate {
  readonly caseId: string;
  readonly number: string;
  readonly clock: string;
  readonly from: string;
  readonly to: string;
  readonly isProvisional: boolean;
}

/** What a new version of the calendar does to running cases. */
export interface MovedDueDates {
  readonly cases: number;
  readonly moved: number;
  readonly first: readonly MovedDueDate[];
}

const SHOWN = 100;

/** Reads every running case that the change touches, in batches, and counts the due dates that it moves. */
export async function movedDueDates(
  db: Knex,
  { before, after, today }: { readonly before: Calendar; readonly after: Calendar; readonly today: string },
): Promise<MovedDueDates> {
  const days = changedDays(before, after).map(({ date }) => date);
  const first: MovedDueDate[] = [];
  let cases = 0;
  let moved = 0;
  for await (const batch of touchedCases(db, days)) {
    for (const { id, number, calendar, clocks } of batch) {
      cases += 1;
      for (const clock of Object.values(clocks)) {
        const { isMoved, before: was, after: is, isProvisional } = recompute(clock, { before: calendar, after, today });
        if (!isMoved) continue;
        moved += 1;
        if (first.length < SHOWN) {
          first.push({ caseId: id, number, clock: clock.clock, from: was.dueOn, to: is.dueOn, isProvisional });
        }
      }
    }
  }
  return { cases, moved, first };
}
