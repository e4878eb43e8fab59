import { heartbeat } from '@temporalio/activity';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { calendarForCase } from '../domain/calendar-version.ts';
import { SYSTEM } from '../domain/case.ts';
import { casesBehind, type CaseBehind } from '../store/calendar-touch.ts';
import { findCalendar } from '../store/calendars.ts';
import type { Orders } from './effects/index.ts';
import { untilStopped } from './until-stopped.ts';

const AT_ONCE = 8;

/**
 * Gives every running case that carries an older version of the calendar the one named; each records itself which of its
 * due dates move. Says how many there were. Cases that end meanwhile are passed over, and a repeat finds what is left.
 */
export function createRecount({ knex, orders }: { readonly knex: Knex; readonly orders: Orders }) {
  return async ({ version, at }: { readonly version: number; readonly at: string }): Promise<number> => {
    const found = await findCalendar(knex, version);
    if (!found) throw new Error(`No calendar ${version}`);
    let done = 0;
    for await (const batch of casesBehind(knex, version)) {
      const waiting = [...batch];
      const work = async ({ id, process, openedOn }: CaseBehind): Promise<void> => {
        const calendar = calendarForCase(found.calendar, openedOn, dateIn(at));
        const command = {
          id: `calendar:${version}:${id}`,
          at,
          actor: SYSTEM,
          do: { action: 'recount', calendar },
        } as const;
        await orders.toCase({ process, caseId: id }, command);
        done += 1;
        heartbeat(done);
      };
      const lanes = Array.from({ length: AT_ONCE }, async () => {
        for (let one = waiting.shift(); one; one = waiting.shift()) await work(one);
      });
      await untilStopped(Promise.all(lanes));
    }
    return done;
  };
}
