import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { normalised } from '../domain/search-words.ts';

export interface Suggested {
  readonly entry: Entry;
  /** Those of the wanted items that the entry has, by their names or synonyms. */
  readonly items: readonly string[];
}

const MOST = 5;
/** How much of a title a name must have in common with it to be looked at (pg_trgm's word similarity). */
const ALIKE = '0.3';

/** Entries that may meet a need: those whose names are like its title, and those that have most of what is wanted. */
export async function suggestEntries(
  db: Knex,
  { title, items }: { readonly title: string; readonly items: readonly string[] },
): Promise<Suggested[]> {
  const wanted = items.map((item) => ({ item, text: normalised(item) }));
  return db.transaction(async (trx) => {
    await trx.raw(`select set_config('pg_trgm.word_similarity_threshold', ?, true)`, [ALIKE]);
    const { rows } = await trx.raw<{ rows: Suggested[] }>(
      `with wanted as (
         select w.item, t.id from jsonb_to_recordset(?::jsonb) as w(item text, text text)
           join catalogue_terms t
             on t.text = w.text or t.text in (select unnest(words) from catalogue_synonyms where w.text = any(words))),
       alike as (
         (select entry_id from catalogue_search s where ? <% s.name order by word_similarity(?, s.name) desc limit 50)
         union
         (select entry_id from catalogue_search s where s.terms && array(select id from wanted)
           order by (select count(*) from wanted where id = any(s.terms)) desc limit 50))
       select e.body as entry, array(select distinct item from wanted where id = any(s.terms) order by item) as items
         from alike a join catalogue_search s using (entry_id)
         join catalogue_entries e on e.id = s.entry_id and e.version = s.version
        order by word_similarity(?, s.name)
                 + (select count(distinct item) from wanted where id = any(s.terms))::real / greatest(?::integer, 1) desc,
                 s.code
        limit ?`,
      [JSON.stringify(wanted), normalised(title), normalised(title), normalised(title), items.length, MOST],
    );
    return rows;
  });
}
