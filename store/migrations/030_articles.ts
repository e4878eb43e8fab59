import type { Knex } from 'knex';

/** What the public site says beside data, in versions: each is what the public saw for a time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table articles (
      id uuid primary key,
      kind text not null check (kind in ('news', 'policy', 'training')),
      status text not null default 'draft' check (status in ('draft', 'published', 'withdrawn')),
      -- What is being written; the public sees none of it before it is published.
      content jsonb not null,
      revision integer not null default 1,
      -- The version that the public sees, or saw last; 0: none yet.
      version integer not null default 0,
      -- Whether what is written is not what was published last.
      is_changed boolean not null default true,
      published_at timestamptz,
      changed_by text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      -- Who did what when, oldest first.
      history jsonb not null default '[]'
    );
    create index articles_published on articles (kind, published_at desc, id desc) where status = 'published';
    create index articles_updated on articles (updated_at desc, id desc);

    create table article_versions (
      article_id uuid not null references articles,
      version integer not null,
      content jsonb not null,
      published_by text not null,
      published_at timestamptz not null,
      primary key (article_id, version)
    );
  `);
}
