import type { Knex } from 'knex';

/** Who wants to be told of what in the catalogue, and notices that are about something else than a case. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table catalogue_subscriptions (
      id uuid primary key default gen_random_uuid(),
      person_id text not null references people,
      kind text not null check (kind in ('entry', 'provider', 'search')),
      -- { "entryId" }, { "provider" }, or the filter of a search.
      target jsonb not null,
      created_at timestamptz not null default now(),
      unique (person_id, kind, target)
    );
    create index catalogue_subscriptions_entry on catalogue_subscriptions ((target->>'entryId')) where kind = 'entry';
    create index catalogue_subscriptions_provider on catalogue_subscriptions ((target->>'provider')) where kind = 'provider';
    create index catalogue_subscriptions_search on catalogue_subscriptions (target) where kind = 'search';

    -- What people are told that follows from no event of a case: it says itself what, and to whom.
    alter table outbox add column telling jsonb;
    alter table notices alter column case_id drop not null, add column href text,
      add constraint notices_about check (case_id is not null or href is not null);
  `);
}
