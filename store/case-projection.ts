import type { Knex } from 'knex';
import type { Capacity, CaseEvent, CaseState } from '../domain/case.ts';
import type { Entry as CatalogueEntry } from '../domain/catalogue.ts';
import type { Grant } from '../domain/grant.ts';
import { EMPTY, type Entry, step } from '../domain/journal.ts';
import { evolve } from '../domain/kernel/evolve.ts';
import { type GrantAction, type GrantEvent, grantMachine, type GrantState, openingOf } from '../domain/kernel/grant.ts';
import { currentStage } from '../domain/kernel/settle.ts';
import type { ShareRequestForm } from '../domain/share-request.ts';
import { caseDueOn, type Task, tasksOf } from '../domain/tasks.ts';
import { projectGrant } from './grant-projection.ts';
import { insertLines } from './sharing-lines.ts';
import { append } from './stream.ts';

/** Brings the searchable rows of a case to where its events leave it. Called once for each event, in order. */
export async function projectCase(trx: Knex, caseId: string, entries: readonly Entry<CaseEvent>[]): Promise<void> {
  let state = (await trx('cases').where({ id: caseId }).first<{ state: CaseState } | undefined>('state'))?.state;
  const isNew = state === undefined;
  const tasks = new Map<string, Task>();
  const copies: { stage: string; to: Capacity; at: string }[] = [];
  let granted: Extract<CaseEvent, { type: 'granted' }> | undefined;
  let at = '';
  for (const { event } of entries) {
    state = evolve(state, event);
    for (const task of tasksOf(state)) tasks.set(task.id, task);
    if (event.type === 'copied') copies.push(event);
    if (event.type === 'granted') granted = event;
    at = event.at;
  }
  const seq = entries.at(-1)?.seq;
  if (state === undefined || seq === undefined) return;
  if (isNew) await insertCase(trx, state, { seq, at });
  else await trx('cases').where({ id: caseId }).update(columnsOf(state, { seq, at }));
  await upsertTasks(trx, caseId, [...tasks.values()]);
  if (copies.length > 0) {
    await trx('copies').insert(
      copies.map(({ stage, to, at: told_at }) => ({
        case_id: caseId,
        stage,
        department_id: to.department,
        role: to.role,
        told_at,
      })),
    );
  }
  if (granted) await insertGrant(trx, state, granted);
}

function columnsOf(state: CaseState, { seq, at }: { seq: number; at: string }): Record<string, unknown> {
  return {
    status: state.status,
    stage: state.endedAt === undefined && state.grantId === undefined ? (currentStage(state)?.id ?? null) : null,
    form_version: state.form.version,
    contributors: state.contributors,
    state: JSON.stringify(state),
    seq,
    due_on: caseDueOn(state) ?? null,
    updated_at: at,
    ended_at: state.endedAt ?? null,
  };
}

async function insertCase(trx: Knex, state: CaseState, recorded: { seq: number; at: string }): Promise<void> {
  const { body } = await formOf(trx, state);
  await trx('cases').insert({
    id: state.caseId,
    number: trx.raw(`'SQ-' || ? || '-' || lpad(nextval('case_numbers')::text, 6, '0')`, [state.openedAt.slice(0, 4)]),
    kind: state.process,
    title: trx('catalogue_entries').where({ id: body.entryId, version: body.entryVersion }).select('name'),
    requester_id: state.requester,
    provider_id: state.provider,
    applicant_id: state.applicant,
    entry_id: body.entryId,
    entry_version: body.entryVersion,
    form_id: state.form.id,
    opened_at: state.openedAt,
    ...columnsOf(state, recorded),
  });
}

async function formOf(trx: Knex, state: CaseState): Promise<{ body: ShareRequestForm }> {
  const { id, version } = state.form;
  const row = await trx('forms').where({ id, version }).first<{ body: ShareRequestForm } | undefined>('body');
  if (!row) throw new Error(`Form ${id} version ${version} of case ${state.caseId} is not stored`);
  return row;
}

async function upsertTasks(trx: Knex, caseId: string, tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map((task) => ({
    id: task.id,
    case_id: caseId,
    stage: task.stage,
    activation: task.activation,
    seat: 1,
    department_id: task.department,
    role: task.role,
    status: task.status,
    verdict: task.verdict ?? null,
    decided_by: task.decidedBy ?? null,
    opened_at: task.openedAt,
    closed_at: task.closedAt ?? null,
    due_on: task.dueOn ?? null,
  }));
  await trx('tasks').insert(rows).onConflict('id').merge(['status', 'verdict', 'decided_by', 'closed_at', 'due_on']);
}

/** The grant and what Casbin will be asked about it, from the form that every standing signature rests on. */
async function insertGrant(
  trx: Knex,
  state: CaseState,
  { grantId, at }: Extract<CaseEvent, { type: 'granted' }>,
): Promise<void> {
  const { body: form } = await formOf(trx, state);
  const grant: Grant = {
    id: grantId,
    caseId: state.caseId,
    requester: state.requester,
    provider: state.provider,
    entryId: form.entryId,
    entryVersion: form.entryVersion,
    items: form.items,
    masks: form.masks,
    rowScope: form.rowScope,
    mode: form.mode,
    purpose: form.purpose,
    validFrom: form.period.from,
    validTo: form.period.to,
  };
  await trx('grants').insert({
    id: grantId,
    number: trx.raw(`'SY-' || ? || '-' || lpad(nextval('grant_numbers')::text, 6, '0')`, [at.slice(0, 4)]),
    case_id: state.caseId,
    requester_id: grant.requester,
    provider_id: grant.provider,
    entry_id: grant.entryId,
    entry_version: grant.entryVersion,
    body: JSON.stringify(grant),
    status: 'active',
    seq: 0,
    valid_from: grant.validFrom,
    valid_to: grant.validTo,
    created_at: at,
    updated_at: at,
  });
  await insertLines(trx, grant, at);
  await openGrant(trx, state, grantId);
}

/** The grant's own stream begins in the same transaction: there is no moment at which it is given and not open. */
async function openGrant(trx: Knex, state: CaseState, grantId: string): Promise<void> {
  const opening = step<GrantState, GrantAction, GrantEvent>(grantMachine, EMPTY, openingOf(state));
  if ('refusal' in opening) throw new Error(`Grant ${grantId} does not open: ${opening.refusal.code}`);
  const entries = await append(trx, { kind: 'grant', streamId: grantId, entries: opening.entries });
  await projectGrant(trx, grantId, entries);
}

/** The entry as the grant points to it. */
export async function entryOf(knex: Knex, id: string, version: number): Promise<CatalogueEntry> {
  const row = await knex('catalogue_entries')
    .where({ id, version })
    .first<{ body: CatalogueEntry } | undefined>('body');
  if (!row) throw new Error(`No entry ${id} version ${version}`);
  return row.body;
}
