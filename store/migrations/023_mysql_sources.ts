import type { Knex } from 'knex';

/** MySQL and MariaDB as data sources. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table data_sources
      drop constraint data_sources_kind_check,
      add constraint data_sources_kind_check check (kind in ('postgresql', 'mysql', 'folder', 'http'));
  `);
}
