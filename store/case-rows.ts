import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import { partiesOf } from '../domain/case.ts';
import { frontierOf } from '../domain/kernel/standing.ts';
import type { VisitChange } from '../domain/stage-visits.ts';
import { caseDueOn, type Task } from '../domain/tasks.ts';
import { workingTime } from '../domain/working-time.ts';
import type { EventRow } from './stream.ts';

/** Everything that some events of a case change in its rows. */
export interface CaseChanges {
  readonly state: CaseState;
  /** Of the last event: its number and its moment. */
  readonly seq: number;
  readonly at: string;
  /** What is not recorded yet. */
  readonly events: readonly EventRow[];
  readonly tasks: readonly Task[];
  readonly copies: readonly Extract<CaseEvent, { type: 'copied' }>[];
  readonly visits: readonly VisitChange[];
}

/**
 * One statement, whose plan the server keeps: a decision costs what its round trips cost. The row of the case is there.
 * Events go into the outbox in it as well: none is recorded without being told. A role that is told of the same stage again
 * has been told. Nobody writes an opinion at a task that is answered.
 */
const WRITE = `
  with recorded as (
    insert into events (stream_id, stream_kind, seq, command_id, event, digest)
    select :id, :kind, e.seq, e.command_id, e.event, e.digest
      from jsonb_to_recordset(:events::jsonb) as e(seq integer, command_id text, event jsonb, digest text)
    returning seq),
  told as (
    insert into outbox (stream_kind, stream_id, seq) select :kind, :id, seq from recorded order by seq),
  tasked as (
    insert into tasks (id, case_id, stage, activation, seat, holder_id, barred, department_id, role, status, verdict,
                       decided_by, opened_at, closed_at, due_on)
    select t.id, :id, t.stage, t.activation, t.seat, t.holder, coalesce(t.barred, '{}'), t.department, t.role, t.status,
           t.verdict, t."decidedBy", t."openedAt", t."closedAt", t."dueOn"
      from jsonb_to_recordset(:tasks::jsonb)
        as t(id text, stage text, activation integer, seat integer, holder text, barred text[], department text, role text,
             status text, verdict text, "decidedBy" text, "openedAt" timestamptz, "closedAt" timestamptz, "dueOn" date)
    on conflict (id) do update
      set status = excluded.status, verdict = excluded.verdict, decided_by = excluded.decided_by,
          closed_at = excluded.closed_at, due_on = excluded.due_on, holder_id = excluded.holder_id,
          barred = excluded.barred),
  undrafted as (
    delete from opinion_drafts where task_id = any(:answered::text[])),
  copied as (
    insert into copies (case_id, stage, department_id, role, told_at)
    select :id, coalesce(c.stage, '-'), c."to"->>'department', c."to"->>'role', c.at
      from jsonb_to_recordset(:copies::jsonb) as c(stage text, "to" jsonb, at timestamptz)
    on conflict (case_id, stage, department_id, role) do nothing),
  visited as (
    insert into stage_visits (case_id, process, stage, activation, department_id, step, opened_at, answers, answered_at,
                              verdict, closed_at, due_on, promised_on, has_passed, returns, handled_ms)
    select :id, :kind, v.stage, v.activation, v.department, v.step, v."openedAt", v.answers, v."answeredAt", v.verdict,
           v."closedAt", v."dueOn", v."promisedOn", v."hasPassed", v.returns, v."handledMs"
      from jsonb_to_recordset(:visits::jsonb)
        as v(stage text, activation integer, department text, step text, "openedAt" timestamptz, answers integer,
             "answeredAt" timestamptz, verdict text, "closedAt" timestamptz, "dueOn" date, "promisedOn" date,
             "hasPassed" boolean, returns integer, "handledMs" bigint)
    on conflict (case_id, stage, activation, department_id) do update
      -- The latest counts; a date that these events say nothing of stays as it was; the rest adds up.
      set answers = excluded.answers, answered_at = excluded.answered_at, verdict = excluded.verdict,
          closed_at = excluded.closed_at, due_on = coalesce(excluded.due_on, stage_visits.due_on),
          promised_on = coalesce(excluded.promised_on, stage_visits.promised_on),
          has_passed = stage_visits.has_passed or excluded.has_passed,
          returns = stage_visits.returns + excluded.returns, handled_ms = stage_visits.handled_ms + excluded.handled_ms)
  update cases
     set status = c.status, stage = c.stage, form_version = c.form_version, parties = c.parties, state = c.state,
         seq = c.seq, due_on = c.due_on, updated_at = c.updated_at, ended_at = c.ended_at, duration_ms = c.duration_ms
    from jsonb_to_record(:row::jsonb)
      as c(status text, stage text, form_version integer, parties text[], state jsonb, seq integer, due_on date,
           updated_at timestamptz, ended_at timestamptz, duration_ms bigint)
   where cases.id = :id`;

/** Writes it all down, or nothing. */
export async function writeRows(trx: Knex, changes: CaseChanges): Promise<void> {
  const { state, events, tasks, copies, visits } = changes;
  const answered = tasks.filter(({ status }) => status !== 'open' && status !== 'waiting').map(({ id }) => id);
  await trx
    .raw(WRITE, {
      id: state.caseId,
      kind: state.process,
      events: JSON.stringify(events),
      tasks: JSON.stringify(tasks),
      answered,
      copies: JSON.stringify(copies),
      visits: JSON.stringify(visits),
      row: JSON.stringify(columnsOf(changes)),
    })
    .options({ name: 'case-rows' });
}

/** What the row of a case shows of its state. */
export function columnsOf({ state, seq, at }: Pick<CaseChanges, 'state' | 'seq' | 'at'>): Record<string, unknown> {
  const { calendar, openedAt, endedAt } = state;
  return {
    status: state.status,
    stage: frontierOf(state)[0]?.id ?? null,
    form_version: state.form.version,
    parties: partiesOf(state),
    state,
    seq,
    due_on: caseDueOn(state) ?? null,
    updated_at: at,
    ended_at: endedAt ?? null,
    // A case that is filed again is under way again.
    duration_ms: endedAt === undefined ? null : workingTime(calendar, openedAt, endedAt),
  };
}
