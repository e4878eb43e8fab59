import type { Knex } from 'knex';
import { type About, type CaseEvent, type CaseState, partiesOf } from '../domain/case.ts';
import type { Entry as CatalogueEntry } from '../domain/catalogue.ts';
import type { Grant } from '../domain/grant.ts';
import { EMPTY, type Entry, step } from '../domain/journal.ts';
import { evolve } from '../domain/kernel/evolve.ts';
import { openingOf } from '../domain/kernel/grant-opening.ts';
import { type GrantAction, type GrantEvent, grantMachine, type GrantState } from '../domain/kernel/grant.ts';
import { frontierOf } from '../domain/kernel/standing.ts';
import { resourcesOf, type ShareRequestForm } from '../domain/share-request.ts';
import { caseDueOn, type Task, tasksOf } from '../domain/tasks.ts';
import { projectGrant } from './grant-projection.ts';
import { grantNumberOf, numberOf } from './numbers.ts';
import { dropDraftsAt } from './opinion-drafts.ts';
import { insertLines } from './sharing-lines.ts';
import { projectVisits } from './stage-visits.ts';
import { append } from './stream.ts';

/** Brings the searchable rows of a case to where its events leave it. Called once for each event, in order. */
export async function projectCase(trx: Knex, caseId: string, entries: readonly Entry<CaseEvent>[]): Promise<void> {
  const row = await trx('cases').where({ id: caseId }).first<Row | undefined>('state', 'updated_at');
  const before = row?.state ? { state: row.state, at: row.updated_at.toISOString() } : undefined;
  let state = before?.state;
  const tasks = new Map<string, Task>();
  const copies: Copied[] = [];
  const granted: Granted[] = [];
  let at = '';
  for (const { event } of entries) {
    state = evolve(state, event);
    for (const task of tasksOf(state)) tasks.set(task.id, task);
    if (event.type === 'copied') copies.push(event);
    if (event.type === 'granted') granted.push(event);
    at = event.at;
  }
  const seq = entries.at(-1)?.seq;
  if (state === undefined || seq === undefined) return;
  if (!row) await insertCase(trx, state, { seq, at });
  else await trx('cases').where({ id: caseId }).update(columnsOf(state, { seq, at }));
  await upsertTasks(trx, caseId, [...tasks.values()]);
  await insertCopies(trx, caseId, copies);
  for (const grant of granted) await insertGrant(trx, state, grant);
  await projectVisits(trx, { before, state, entries });
}

interface Row {
  readonly state: CaseState | null;
  /** Of its last event. */
  readonly updated_at: Date;
}

type Copied = Extract<CaseEvent, { type: 'copied' }>;
type Granted = Extract<CaseEvent, { type: 'granted' }>;

/** A role that is told of the same stage again has been told. What people send on belongs to no stage. */
async function insertCopies(trx: Knex, caseId: string, copies: readonly Copied[]): Promise<void> {
  if (copies.length === 0) return;
  const rows = copies.map(({ stage = '-', to, at }) => ({
    case_id: caseId,
    stage,
    department_id: to.department,
    role: to.role,
    told_at: at,
  }));
  await trx('copies').insert(rows).onConflict(['case_id', 'stage', 'department_id', 'role']).ignore();
}

function columnsOf(state: CaseState, { seq, at }: { seq: number; at: string }): Record<string, unknown> {
  return {
    status: state.status,
    stage: frontierOf(state)[0]?.id ?? null,
    form_version: state.form.version,
    parties: partiesOf(state),
    state: JSON.stringify(state),
    seq,
    due_on: caseDueOn(state) ?? null,
    updated_at: at,
    ended_at: state.endedAt ?? null,
  };
}

async function insertCase(trx: Knex, state: CaseState, recorded: { seq: number; at: string }): Promise<void> {
  const { process, about, form, label } = state;
  const { body } = await formOf(trx, state);
  const entry = label
    ? { entry_id: about?.entryId ?? null }
    : { entry_id: body.entryId, entry_version: body.entryVersion };
  await trx('cases').insert({
    id: state.caseId,
    number: await numberOf(trx, state.caseId, {
      prefix: label?.prefix ?? 'SQ',
      sequence: 'case_numbers',
      at: state.openedAt,
    }),
    kind: process,
    title: label ? await titleOf(trx, label.name, about) : entryNameOf(trx, body.entryId, body.entryVersion),
    requester_id: state.requester,
    provider_id: state.provider,
    applicant_id: state.applicant,
    ...entry,
    about_grant_id: about?.grantId ?? null,
    about_case_id: about?.caseId ?? null,
    form_id: form.id,
    opened_at: state.openedAt,
    ...columnsOf(state, recorded),
  });
}

function entryNameOf(trx: Knex, id: string, version: number): Knex.QueryBuilder {
  return trx('catalogue_entries').where({ id, version }).select('name');
}

/** What kind of case it is, and the name of what it is about. */
async function titleOf(trx: Knex, name: string, about: About = {}): Promise<string> {
  const { grantId, caseId } = about;
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    `select e.name from grants g join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
      where g.id = :grant
     union all select c.title from cases c where c.id = :case limit 1`,
    { grant: grantId ?? null, case: caseId ?? null },
  );
  return rows[0] ? `${name}：${rows[0].name}` : name;
}

/** A share request's form; those of other processes have other members, and nothing here reads them. */
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
    seat: task.seat,
    holder_id: task.holder ?? null,
    barred: task.barred ?? [],
    department_id: task.department,
    role: task.role,
    status: task.status,
    verdict: task.verdict ?? null,
    decided_by: task.decidedBy ?? null,
    opened_at: task.openedAt,
    closed_at: task.closedAt ?? null,
    due_on: task.dueOn ?? null,
  }));
  await trx('tasks')
    .insert(rows)
    .onConflict('id')
    .merge(['status', 'verdict', 'decided_by', 'closed_at', 'due_on', 'holder_id', 'barred']);
  const closed = tasks.filter(({ status }) => status !== 'open' && status !== 'waiting');
  await dropDraftsAt(
    trx,
    closed.map(({ id }) => id),
  );
}

/** The grant and what Casbin will be asked about it, from the form that every standing signature rests on. */
async function insertGrant(trx: Knex, state: CaseState, { grantId, at, subject }: Granted): Promise<void> {
  if (await trx('grants').where({ id: grantId }).first('id')) return;
  const { body: form } = await formOf(trx, state);
  const resource = resourcesOf(form).find(({ entryId }) => subject === undefined || entryId === subject);
  if (!resource) throw new Error(`The form of case ${state.caseId} does not ask for ${subject}`);
  const grant: Grant = {
    id: grantId,
    caseId: state.caseId,
    requester: state.requester,
    provider: state.form.subjects?.find(({ id }) => id === subject)?.provider ?? state.provider,
    ...resource,
    mode: form.mode,
    purpose: form.purpose,
    validFrom: form.period.from,
    validTo: form.period.to,
  };
  await trx('grants').insert({
    id: grantId,
    number: await grantNumberOf(trx, grantId, at),
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
  const opening = step<GrantState, GrantAction, GrantEvent>(grantMachine, EMPTY, openingOf(state, grantId));
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
