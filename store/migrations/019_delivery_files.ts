import type { Knex } from 'knex';

/** Files that are delivered: those the platform keeps to be downloaded, links that are good for once, and who fetched what. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A file and what lies beside it, in pieces, so that neither writing nor reading holds the whole.
    create table delivery_files (
      delivery_id text not null,
      part text not null check (part in ('data', 'digest', 'dictionary', 'dictionary-csv', 'manifest')),
      name text not null,
      bytes bigint not null,
      written_at timestamptz not null default now(),
      primary key (delivery_id, part)
    );
    create table delivery_file_pieces (
      delivery_id text not null,
      part text not null,
      nth integer not null,
      content bytea not null,
      primary key (delivery_id, part, nth),
      foreign key (delivery_id, part) references delivery_files on delete cascade
    );
    alter table delivery_file_pieces alter column content set storage external;

    create table delivery_links (
      id uuid primary key,
      delivery_id text not null references deliveries,
      part text not null,
      made_by text not null references people,
      made_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create index delivery_links_delivery on delivery_links (delivery_id);

    -- Usage records are kept for at least 3 years (R809): nothing removes them.
    create table delivery_downloads (
      id bigint generated always as identity primary key,
      delivery_id text not null references deliveries,
      part text not null,
      person_id text references people,
      link_id uuid references delivery_links,
      address text not null,
      at timestamptz not null default now(),
      check ((person_id is null) <> (link_id is null))
    );
    create index delivery_downloads_delivery on delivery_downloads (delivery_id, id desc);
  `);
}
