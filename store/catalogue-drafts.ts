import type { Knex } from 'knex';
import type { EntryDraft, Suggestion } from '../domain/catalogue-draft.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** `filed` lasts as long as its case runs: a case that ends without publishing it leaves it open again. */
export type DraftStatus = 'open' | 'filed' | 'published' | 'dropped';

export interface DraftRow {
  readonly id: string;
  readonly entryId: string;
  readonly basedOn: number | null;
  readonly provider: string;
  readonly origin: 'hand' | 'database' | 'import' | 'entry';
  readonly body: EntryDraft;
  readonly suggestions: readonly Suggestion[];
  readonly status: DraftStatus;
  /** The case that it was filed in last. */
  readonly caseId: string | null;
  /** The status of that case, once it is recorded. */
  readonly caseStatus: string | null;
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The case runs, or the command that files it is still on its way. */
const IS_RUNNING = `(exists (select from cases c where c.id = d.case_id and c.ended_at is null)
  or exists (select from commands m where m.target_kind = 'case' and m.target_id = d.case_id and m.status = 'pending'))`;

const COLUMNS = `d.id, d.entry_id as "entryId", d.based_on as "basedOn", d.provider_id as provider, d.origin, d.body,
  d.suggestions, case when d.status = 'filed' and not ${IS_RUNNING} then 'open' else d.status end as status,
  d.case_id as "caseId", (select c.status from cases c where c.id = d.case_id) as "caseStatus", d.revision,
  d.created_by as "createdBy", d.created_at as "createdAt", d.updated_at as "updatedAt"`;

export interface DraftFilter {
  readonly provider?: string;
  readonly status?: 'open' | 'filed';
  readonly entryId?: string;
}

/** Drafts that are not published or dropped, the latest changed first. */
export async function listDrafts(
  db: Knex,
  { provider, status, entryId }: DraftFilter,
  page: PageRequest,
): Promise<Page<DraftRow>> {
  const query = db('catalogue_drafts as d')
    .select<(DraftRow & { key: string })[]>(db.raw(`${COLUMNS}, d.updated_at::text as key`))
    .whereIn('d.status', ['open', 'filed'])
    .orderByRaw('d.updated_at desc, d.id desc')
    .limit(page.limit + 1);
  if (provider !== undefined) void query.where('d.provider_id', provider);
  if (entryId !== undefined) void query.where('d.entry_id', entryId);
  const isFiled = `d.status = 'filed' and ${IS_RUNNING}`;
  if (status !== undefined) void query.whereRaw(status === 'filed' ? `(${isFiled})` : `not (${isFiled})`);
  if (page.after) void query.whereRaw('(d.updated_at, d.id) < (?::timestamptz, ?::uuid)', [...page.after]);
  return pageOf((await query) as (DraftRow & { key: string })[], page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

/** `id` must be a UUID. */
export async function findEntryDraft(db: Knex, id: string): Promise<DraftRow | undefined> {
  return db('catalogue_drafts as d').first<DraftRow | undefined>(db.raw(COLUMNS)).where('d.id', id);
}

/** As `findEntryDraft`; whoever else would change it waits until the transaction ends. */
export async function lockEntryDraft(trx: Knex.Transaction, id: string): Promise<DraftRow | undefined> {
  await trx('catalogue_drafts').where({ id }).forUpdate().first('id');
  return findEntryDraft(trx, id);
}

/** False when another draft of the entry is under way: nobody changes an entry in two ways at once. */
export async function insertEntryDraft(
  trx: Knex.Transaction,
  draft: Pick<DraftRow, 'id' | 'entryId' | 'basedOn' | 'provider' | 'origin' | 'body' | 'createdBy'>,
): Promise<boolean> {
  const rows = await trx('catalogue_drafts')
    .insert({
      id: draft.id,
      entry_id: draft.entryId,
      based_on: draft.basedOn,
      provider_id: draft.provider,
      origin: draft.origin,
      name: draft.body.name ?? '',
      body: JSON.stringify(draft.body),
      created_by: draft.createdBy,
    })
    .onConflict(trx.raw(`(entry_id) where status in ('open', 'filed')`))
    .ignore()
    .returning<{ id: string }[]>('id');
  return rows.length > 0;
}

/** Replaces what a draft says; its revision moves on. */
export async function changeEntryDraft(
  trx: Knex.Transaction,
  id: string,
  { body, suggestions }: Pick<DraftRow, 'body' | 'suggestions'>,
): Promise<void> {
  await trx('catalogue_drafts')
    .where({ id })
    .update({
      body: JSON.stringify(body),
      suggestions: JSON.stringify(suggestions),
      name: body.name ?? '',
      updated_at: trx.fn.now(),
      revision: trx.raw('revision + 1'),
    });
}

/** Nothing is deleted: what was filed once stays with its cases. */
export async function dropEntryDraft(trx: Knex.Transaction, id: string): Promise<void> {
  await trx('catalogue_drafts').where({ id }).update({ status: 'dropped', updated_at: trx.fn.now() });
}

export async function markDraftFiled(trx: Knex, id: string, caseId: string): Promise<void> {
  await trx('catalogue_drafts').where({ id }).update({ status: 'filed', case_id: caseId, updated_at: trx.fn.now() });
}

export interface NewDraft {
  readonly entryId: string;
  /** The published version that it goes out from; absent for a new entry. */
  readonly basedOn?: number;
  readonly provider: string;
  /** Where it came from: by hand, from a database, from a file, from the published entry. */
  readonly origin: 'hand' | 'database' | 'import' | 'entry';
  readonly body: EntryDraft;
  readonly suggestions?: readonly Suggestion[];
  readonly createdBy: string;
}

/** Stores drafts in one statement, however many, and returns their ids in the same order. All or none. */
export async function insertDrafts(trx: Knex, drafts: readonly NewDraft[]): Promise<string[]> {
  if (drafts.length === 0) return [];
  const rows = drafts.map(({ basedOn, suggestions = [], body, ...draft }) => ({
    ...draft,
    basedOn: basedOn ?? null,
    name: body.name ?? '',
    body,
    suggestions,
  }));
  const { rows: stored } = await trx.raw<{ rows: { id: string }[] }>(
    `with given as (
       select gen_random_uuid() as id, d.*
         from rows from (jsonb_to_recordset(?::jsonb)
                as ("entryId" text, "basedOn" integer, provider text, origin text, name text, body jsonb,
                    suggestions jsonb, "createdBy" text)) with ordinality
           as d("entryId", "basedOn", provider, origin, name, body, suggestions, "createdBy", nth)),
     stored as (
       insert into catalogue_drafts (id, entry_id, based_on, provider_id, origin, name, body, suggestions, created_by)
       select id, "entryId", "basedOn", provider, origin, name, body, suggestions, "createdBy" from given)
     select id from given order by nth`,
    [JSON.stringify(rows)],
  );
  return stored.map(({ id }) => id);
}
