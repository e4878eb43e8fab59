import type { Knex } from 'knex';

/** Data sources of several kinds, entered by the departments themselves, and how it goes with them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table data_sources
      add column kind text not null default 'postgresql' check (kind in ('postgresql', 'folder', 'http')),
      add column revision integer not null default 1,
      -- Who entered how it is reached; null: whoever runs the platform, who may name any address.
      add column entered_by text references people,
      add column created_at timestamptz not null default now(),
      add column updated_at timestamptz not null default now(),
      -- The last look at it, the last that went well, how many have failed since, and why the last did.
      add column looked_at timestamptz,
      add column reached_at timestamptz,
      add column failures integer not null default 0,
      add column failure text;
    create index data_sources_department on data_sources (department_id, created_at, id);
  `);
}
