import type { Knex } from 'knex';

/** The watch over what entries are mounted on, and what has drifted away from them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table data_sources
      -- When it is to be looked at next, and until when somebody is at it.
      add column watch_at timestamptz not null default now(),
      add column watched_until timestamptz;
    create index data_sources_watch on data_sources (watch_at);

    -- What an entry's current version was mounted on when it was first looked at; null: nothing was there.
    create table catalogue_mounts (
      entry_id text primary key,
      version integer not null,
      physical jsonb,
      foreign key (entry_id, version) references catalogue_entries (id, version)
    );

    create table catalogue_drifts (
      id uuid primary key default gen_random_uuid(),
      entry_id text not null,
      version integer not null,
      provider_id text not null references departments,
      source_id text not null references data_sources,
      -- The item that it is about; empty for the whole.
      item text not null,
      code text not null,
      params jsonb not null,
      found_at timestamptz not null default now(),
      -- The last look that found it.
      seen_at timestamptz not null default now(),
      -- When it no longer held.
      settled_at timestamptz,
      -- The provider's task.
      case_id text,
      foreign key (entry_id, version) references catalogue_entries (id, version)
    );
    create unique index catalogue_drifts_open on catalogue_drifts (entry_id, item, code) where settled_at is null;
    create index catalogue_drifts_provider on catalogue_drifts (provider_id, found_at desc, id desc);
    create index catalogue_drifts_case on catalogue_drifts (case_id) where case_id is not null;
  `);
}
