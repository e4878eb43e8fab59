import type { Knex } from 'knex';

/** Entries may be published before they are mounted (挂接), and are found by whether they are. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table catalogue_search add column mounted boolean not null default true;
    -- All that was published so far had to be mounted.
    alter table catalogue_search alter column mounted drop default;
  `);
}
