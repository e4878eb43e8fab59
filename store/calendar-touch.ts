import type { Knex } from 'knex';
import type { CaseState } from '../domain/case.ts';

/** A running case that days of a new calendar touch, with what is needed to say what becomes of its due dates. */
export interface TouchedCase {
  readonly id: string;
  readonly number: string;
  readonly calendar: CaseState['calendar'];
  readonly clocks: CaseState['clocks'];
}

const BATCH = 500;

/**
 * A clock’s window is what lies after its day 0 up to its due date: only days in it can move that. A paused clock is due later
 * than it says, so any day after its day 0 counts.
 */
const TOUCHED = `c.ended_at is null and exists (
  select 1
    from jsonb_each(c.state->'clocks') as k(id, clock)
    join unnest(?::date[]) as day on day > (k.clock->>'startedOn')::date
   where not (k.clock->>'stopped')::boolean
     and (jsonb_array_length(k.clock->'pausedFor') > 0 or day <= (k.clock->>'dueOn')::date))`;

/**
 * The running cases with a clock whose window holds one of the days, by their ids, batch after batch: each batch is a query
 * of its own, so cases may be sent commands in between. Case ids only ascend, none comes twice.
 */
export async function* casesTouchedBy(
  db: Knex,
  changedDays: readonly string[],
  batch = BATCH,
): AsyncGenerator<readonly string[], void, undefined> {
  for await (const cases of touchedCases(db, changedDays, batch)) yield cases.map(({ id }) => id);
}

/** The same cases with their clocks and the calendar that these were counted by. */
export async function* touchedCases(
  db: Knex,
  changedDays: readonly string[],
  batch = BATCH,
): AsyncGenerator<readonly TouchedCase[], void, undefined> {
  if (changedDays.length === 0) return;
  for (let after = ''; ;) {
    const { rows } = await db.raw<{ rows: TouchedCase[] }>(
      `select c.id, c.number, c.state->'calendar' as calendar, c.state->'clocks' as clocks
         from cases c where c.id > ? and ${TOUCHED} order by c.id limit ?`,
      [after, [...changedDays], batch],
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < batch) return;
    after = last.id;
  }
}

/** A running case that carries an older version of the calendar, and what of the new one it needs. */
export interface CaseBehind {
  readonly id: string;
  readonly process: string;
  readonly openedOn: string;
}

/**
 * The running cases that still carry an older version of the calendar, touched now or not: a clock that starts later counts by
 * what the case carries, so in the end each of them needs the new one.
 */
export async function* casesBehind(
  db: Knex,
  version: number,
  batch = BATCH,
): AsyncGenerator<readonly CaseBehind[], void, undefined> {
  for (let after = ''; ;) {
    const { rows } = await db.raw<{ rows: CaseBehind[] }>(
      `select c.id, c.kind as process, (c.opened_at at time zone 'Asia/Shanghai')::date::text as "openedOn" from cases c
        where c.id > ? and c.ended_at is null and (c.state->'calendar'->>'version')::integer < ?
        order by c.id limit ?`,
      [after, version, batch],
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < batch) return;
    after = last.id;
  }
}
