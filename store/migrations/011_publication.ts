import type { Knex } from 'knex';

/** What the publication of entries brings about, once for each case. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A draft is filed together with the command that files it, before its case is recorded.
    alter table catalogue_drafts drop constraint catalogue_drafts_case_id_fkey;
    create index catalogue_drafts_case on catalogue_drafts (case_id) where case_id is not null;

    -- Of the entry: the same on all of its versions.
    alter table catalogue_entries
      add column status text not null default 'published' check (status in ('published', 'suspended', 'withdrawn')),
      add column status_reason text;

    create table catalogue_publications (
      case_id text primary key,
      entry_id text not null,
      version integer not null,
      kind text not null check (kind in ('publish', 'change', 'suspend', 'withdraw')),
      reason text,
      at timestamptz not null,
      foreign key (entry_id, version) references catalogue_entries (id, version)
    );
    create index catalogue_publications_entry on catalogue_publications (entry_id, at);

    insert into catalogue_codes (classification, sequence, entry_id)
    select split_part(code, '/', 1), split_part(code, '/', 2)::integer, id from catalogue_entries where current
    on conflict do nothing;
  `);
}
