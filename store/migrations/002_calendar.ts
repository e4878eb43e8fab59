import type { Knex } from 'knex';

/** Where a version of the calendar comes from, and an index of the cases that are running, which a new version may touch. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Of versions that an import made; the first one, which seeding wrote, has none of them.
    alter table calendars
      add column notice_year integer,
      -- The notice as it was read: year, holidays, days worked.
      add column notice jsonb,
      -- What was handed in, word for word, and its SHA-256 in hex.
      add column notice_text text,
      add column notice_digest text,
      add column imported_by text references people,
      -- Whether the running cases are still to be told of it.
      add column awaits_rollout boolean not null default false;
    create index calendars_notice on calendars (notice_year, version desc) where notice_year is not null;

    create index cases_running on cases (id) where ended_at is null;
  `);
}
