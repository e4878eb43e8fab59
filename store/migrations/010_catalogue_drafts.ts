import type { Knex } from 'knex';

/** What departments compile before it is published, and the numbers of codes, which are never given twice. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table catalogue_drafts (
      id uuid primary key default gen_random_uuid(),
      -- The entry that it becomes, or changes.
      entry_id text not null,
      -- The published version that it goes out from; null for a new entry.
      based_on integer,
      provider_id text not null references departments,
      origin text not null check (origin in ('hand', 'database', 'import', 'entry')),
      name text not null default '',
      body jsonb not null,
      -- What was found out about it and is for a person to accept, with the evidence.
      suggestions jsonb not null default '[]',
      status text not null default 'open' check (status in ('open', 'filed', 'published', 'dropped')),
      case_id text references cases,
      revision integer not null default 1,
      created_by text not null references people,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      foreign key (entry_id, based_on) references catalogue_entries (id, version)
    );
    create index catalogue_drafts_provider on catalogue_drafts (provider_id, updated_at desc, id desc) where status in ('open', 'filed');
    -- Nobody changes an entry in two ways at once.
    create unique index catalogue_drafts_entry on catalogue_drafts (entry_id) where status in ('open', 'filed');

    -- One code for each entry and classification (2017 guide); a number that was given is never given again.
    create table catalogue_codes (
      classification text not null,
      sequence integer not null,
      entry_id text not null,
      primary key (classification, sequence),
      unique (entry_id, classification)
    );
    insert into catalogue_codes (classification, sequence, entry_id)
    select split_part(code, '/', 1), split_part(code, '/', 2)::integer, id from catalogue_entries where current
    on conflict do nothing;
  `);
}
