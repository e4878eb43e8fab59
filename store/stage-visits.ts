import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import type { Entry } from '../domain/journal.ts';
import { type Standpoint, visitChanges } from '../domain/stage-visits.ts';
import { workingTime } from '../domain/working-time.ts';

/**
 * Brings what statistics are taken from to where events leave a case: its visits, and how long it has taken once it has
 * ended. Called in the transaction that records them; `before` is where the case stood.
 */
export async function projectVisits(
  trx: Knex,
  {
    before,
    state,
    entries,
  }: { before: Standpoint | undefined; state: CaseState; entries: readonly Entry<CaseEvent>[] },
): Promise<void> {
  const rows = visitChanges(
    before,
    entries.map(({ event }) => event),
  ).map((visit) => ({
    case_id: state.caseId,
    process: state.process,
    stage: visit.stage,
    activation: visit.activation,
    department_id: visit.department,
    step: visit.step,
    opened_at: visit.openedAt,
    answers: visit.answers,
    answered_at: visit.answeredAt ?? null,
    verdict: visit.verdict ?? null,
    closed_at: visit.closedAt ?? null,
    due_on: visit.dueOn ?? null,
    promised_on: visit.promisedOn ?? null,
    has_passed: visit.hasPassed,
    returns: visit.returns,
    handled_ms: visit.handledMs,
  }));
  if (rows.length > 0) {
    await trx('stage_visits')
      .insert(rows)
      .onConflict(['case_id', 'stage', 'activation', 'department_id'])
      .merge({ ...kept(['answers', 'answered_at', 'verdict', 'closed_at'], trx), ...added(trx) });
  }
  if (before?.state.endedAt !== state.endedAt) await noteDuration(trx, state);
}

/** Columns of which the latest is what counts. */
function kept(columns: readonly string[], trx: Knex): Record<string, Knex.Raw> {
  return Object.fromEntries(columns.map((column) => [column, trx.raw('excluded.??', [column])]));
}

/** Columns to which events add. A date that these say nothing of stays as it was. */
function added(trx: Knex): Record<string, Knex.Raw> {
  return {
    due_on: trx.raw('coalesce(excluded.due_on, stage_visits.due_on)'),
    promised_on: trx.raw('coalesce(excluded.promised_on, stage_visits.promised_on)'),
    has_passed: trx.raw('stage_visits.has_passed or excluded.has_passed'),
    returns: trx.raw('stage_visits.returns + excluded.returns'),
    handled_ms: trx.raw('stage_visits.handled_ms + excluded.handled_ms'),
  };
}

/** A case that is filed again is under way again. */
async function noteDuration(trx: Knex, { caseId, calendar, openedAt, endedAt }: CaseState): Promise<void> {
  const duration = endedAt === undefined ? null : workingTime(calendar, openedAt, endedAt);
  await trx('cases').where({ id: caseId }).update({ duration_ms: duration });
}
