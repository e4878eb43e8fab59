import type { Knex } from 'knex';
import type { EntryDraft, Suggestion } from '../domain/catalogue-draft.ts';

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
