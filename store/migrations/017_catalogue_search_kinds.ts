import type { Knex } from 'knex';

/**
 * The rows of the search become narrow, so that counting reads few pages; see docs/decisions/search-by-grams.md. They are
 * made anew from the current versions by `indexMissing` (store/catalogue-search.ts), which every start runs after this.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table catalogue_search;

    -- What the facets are counted by: each set of values once, under a number made from them.
    create table catalogue_kinds (
      id bigint primary key,
      provider_id text not null,
      share_type text not null,
      theme text,
      base text,
      format text not null
    );

    create table catalogue_search (
      -- The kind first: it is what counting reads.
      kind bigint not null,
      published_at timestamptz not null,
      version integer not null,
      entry_id text primary key,
      code text not null,
      provider_id text not null,
      share_type text not null,
      openness text,
      base text,
      theme text,
      format text not null,
      update_cycle text not null,
      -- Whether there is anything to deliver from (挂接).
      mounted boolean not null,
      -- All of these normalised. Name and English name, a line each; the same of the items, with their ids; the rest.
      name text not null,
      items text not null,
      rest text not null,
      -- Initials and full pinyin of the name.
      pinyin text not null,
      -- Names, English names and ids of items as numbers of catalogue_terms.
      terms integer[] not null,
      -- What stands side by side, behind a mark that says where: n(ame), ~ (its sound), i(tems), * anywhere.
      grams text[] not null,
      foreign key (entry_id, version) references catalogue_entries (id, version)
    ) with (toast_tuple_target = 128);
    -- Texts are kept out of line, but for the name and its sound, which many rows are looked into for.
    alter table catalogue_search
      alter column name set storage main, alter column items set storage external,
      alter column rest set storage external, alter column pinyin set storage main,
      alter column terms set storage external, alter column grams set statistics 500;
    create index catalogue_search_grams on catalogue_search using gin (grams) with (fastupdate = off);
    create index catalogue_search_terms on catalogue_search using gin (terms) with (fastupdate = off);
    create index catalogue_search_name on catalogue_search using gin (name gin_trgm_ops) with (fastupdate = off);
    create index catalogue_search_kind on catalogue_search (kind);
    create index catalogue_search_code on catalogue_search (code text_pattern_ops, entry_id);
    create index catalogue_search_beginning on catalogue_search (name text_pattern_ops);
    create index catalogue_search_order on catalogue_search (code, entry_id);
    create index catalogue_search_published on catalogue_search (published_at, entry_id);
    create index catalogue_search_provider on catalogue_search (provider_id, code, entry_id);
    create index catalogue_search_theme on catalogue_search (theme, code, entry_id);
    create index catalogue_search_base on catalogue_search (base, code, entry_id);
  `);
}
