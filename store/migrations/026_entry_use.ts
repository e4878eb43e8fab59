import type { Knex } from 'knex';

/** What became of an entry: who holds grants over it, and how its requests were answered. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index grants_entry on grants (entry_id, status);
    create index cases_entry on cases (entry_id, opened_at);
  `);
}
