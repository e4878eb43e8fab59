import type { Knex } from 'knex';
import type { About, CaseEvent, CaseState } from '../domain/case.ts';
import type { Entry } from '../domain/journal.ts';
import { evolve } from '../domain/kernel/evolve.ts';
import { visitChanges } from '../domain/stage-visits.ts';
import { type Task, tasksOf } from '../domain/tasks.ts';
import { columnsOf, writeRows } from './case-rows.ts';
import { type Granted, openGrant } from './open-grant.ts';
import { formOf } from './forms.ts';
import { numberOf } from './numbers.ts';
import { type BatchOf, type EventRow, newAmong, unrecorded } from './stream.ts';

/**
 * Records events of a case, with the rows that people search brought to where they leave them. The row of the case is held
 * meanwhile, so that one recorder writes at a time; the first of a case are kept from being written twice by their keys.
 */
export async function recordCase(trx: Knex, batch: BatchOf<string, CaseEvent>): Promise<void> {
  const { streamId: caseId, entries } = batch;
  const first = entries[0];
  if (!first) return;
  const stands = await standing(trx, caseId, first.seq - 1);
  const digests = Object.entries(stands?.digests ?? {}).map(([seq, digest]) => [Number(seq), digest] as const);
  const rows = unrecorded(batch, new Map(digests));
  if (rows.length > 0) await project(trx, { entries: newAmong(entries, rows), rows, stands });
}

/** Brings the rows of a case to where events that are recorded already leave them, from where the rows stand. */
export async function projectCase(trx: Knex, caseId: string, entries: readonly Entry<CaseEvent>[]): Promise<void> {
  const first = entries[0];
  if (first) await project(trx, { entries, rows: [], stands: await standing(trx, caseId, first.seq) });
}

/** Where a case stands, with the digests of its events from one of them on. */
interface Stands {
  readonly state: CaseState | null;
  /** The moment of its last event. */
  readonly updatedAt: Date;
  readonly digests: Readonly<Record<string, string>> | null;
}

async function standing(trx: Knex, caseId: string, fromSeq: number): Promise<Stands | undefined> {
  const { rows } = await trx
    .raw<{ rows: Stands[] }>(
      `select c.state, c.updated_at as "updatedAt",
              (select jsonb_object_agg(e.seq, e.digest) from events e where e.stream_id = c.id and e.seq >= :fromSeq) as digests
         from cases c where c.id = :caseId for no key update`,
      { caseId, fromSeq },
    )
    .options({ name: 'case-standing' });
  return rows[0];
}

interface Recorded {
  readonly entries: readonly Entry<CaseEvent>[];
  readonly rows: readonly EventRow[];
  readonly stands: Stands | undefined;
}

async function project(trx: Knex, { entries, rows, stands }: Recorded): Promise<void> {
  const before = stands?.state ? { state: stands.state, at: stands.updatedAt.toISOString() } : undefined;
  let state = before?.state;
  const tasks = new Map<string, Task>();
  const copies: Extract<CaseEvent, { type: 'copied' }>[] = [];
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
  if (!stands) await insertCase(trx, state, { seq, at });
  await writeRows(trx, {
    ...{ state, seq, at, events: rows, copies },
    tasks: changedTasks(before?.state, tasks),
    visits: visitChanges(
      before,
      entries.map(({ event }) => event),
    ),
  });
  for (const grant of granted) await openGrant(trx, state, grant);
}

function changedTasks(before: CaseState | undefined, tasks: ReadonlyMap<string, Task>): Task[] {
  const known = new Map((before ? tasksOf(before) : []).map((task) => [task.id, JSON.stringify(task)]));
  return [...tasks.values()].filter((task) => known.get(task.id) !== JSON.stringify(task));
}

async function insertCase(trx: Knex, state: CaseState, recorded: { seq: number; at: string }): Promise<void> {
  const columns = columnsOf({ state, ...recorded });
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
    title: label
      ? await titleOf(trx, label.name, { ...about, draftName: body.draft?.body.name })
      : entryNameOf(trx, body.entryId, body.entryVersion),
    requester_id: state.requester,
    provider_id: state.provider,
    applicant_id: state.applicant,
    ...entry,
    about_grant_id: about?.grantId ?? null,
    about_case_id: about?.caseId ?? null,
    form_id: form.id,
    opened_at: state.openedAt,
    ...columns,
    state: JSON.stringify(columns['state']),
  });
}

function entryNameOf(trx: Knex, id: string, version: number): Knex.QueryBuilder {
  return trx('catalogue_entries').where({ id, version }).select('name');
}

/** What kind of case it is, and the name of what it is about. */
async function titleOf(
  trx: Knex,
  name: string,
  { grantId, caseId, entryId, draftName }: About & { readonly draftName: string | undefined },
): Promise<string> {
  if (draftName !== undefined) return `${name}：${draftName}`;
  const { rows } = await trx.raw<{ rows: { name: string }[] }>(
    `select e.name from grants g join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
      where g.id = :grant
     union all select c.title from cases c where c.id = :case
     union all select e.name from catalogue_entries e where e.id = :entry and e.current limit 1`,
    { grant: grantId ?? null, case: caseId ?? null, entry: entryId ?? null },
  );
  return rows[0] ? `${name}：${rows[0].name}` : name;
}
