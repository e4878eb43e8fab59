import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';
import { frontierOf } from '../domain/kernel/standing.ts';
import { caseDueOn } from '../domain/tasks.ts';
import type { CaseRow } from './cases.ts';
import { listEvents, type RecordedEvent } from './events.ts';

/** A case as the row of it was once an event had been recorded. */
export interface CaseThen {
  readonly row: CaseRow;
  /** The event. */
  readonly last: RecordedEvent;
}

/** What the recorded events up to one of them make of a case. Undefined where it has no such event. */
export async function caseAt(db: Knex, row: CaseRow, seq: number): Promise<CaseThen | undefined> {
  if (seq > row.seq) return undefined;
  const events = await listEvents(db, row.id, { after: 0, limit: seq });
  const last = events.at(-1);
  let state: CaseState | undefined;
  for (const { event } of events) state = caseMachine.evolve(state, event as CaseEvent);
  if (!state || last?.seq !== seq) return undefined;
  return { row: rowOf(row, state, last), last };
}

function rowOf(row: CaseRow, state: CaseState, { seq, event }: RecordedEvent): CaseRow {
  const { at } = event as CaseEvent;
  return {
    ...row,
    status: state.status,
    stage: frontierOf(state)[0]?.id ?? null,
    dueOn: caseDueOn(state) ?? null,
    formVersion: state.form.version,
    state,
    seq,
    updatedAt: new Date(at),
    endedAt: state.endedAt === undefined ? null : new Date(state.endedAt),
  };
}
