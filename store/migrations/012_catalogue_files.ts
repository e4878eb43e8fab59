import type { Knex } from 'knex';

/** What drafts of the catalogue were compiled from: databases that were looked into, files that were sent. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table catalogue_compilations (
      id uuid primary key,
      source_id text not null references data_sources,
      department_id text not null references departments,
      -- What was made and what was passed over, with the reason.
      body jsonb not null,
      created_by text not null references people,
      created_at timestamptz not null default now()
    );

    create table catalogue_imports (
      id uuid primary key,
      department_id text not null references departments,
      -- Whether entries of every department may come in, or of this one alone.
      any_provider boolean not null,
      name text not null,
      -- The file, until it has come in.
      content bytea,
      status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed')),
      -- Who is at it, and until when nobody else takes it over.
      taken_by uuid,
      taken_until timestamptz,
      entries_total integer,
      entries_done integer not null default 0,
      accepted integer,
      refused integer,
      -- Every refusal: row, field, code, params.
      refusals jsonb not null default '[]',
      created_by text not null references people,
      created_at timestamptz not null default now(),
      ended_at timestamptz
    );
    -- What is compiled or brought in again is found by what it is mounted on, or by its name.
    create index catalogue_entries_mount on catalogue_entries ((body->'mount'->>'sourceId')) where current;
    create index catalogue_entries_name on catalogue_entries (name) where current;
    create index catalogue_drafts_mount on catalogue_drafts ((body->'mount'->>'sourceId')) where status in ('open', 'filed');
    create index catalogue_drafts_name on catalogue_drafts (name) where status in ('open', 'filed');
    create index catalogue_imports_open on catalogue_imports (created_at) where status in ('waiting', 'running');
  `);
}
