import type { Knex } from 'knex';

/** People are shown their own sessions: from where, with what, when last; and those that an OpenID provider vouches for end with it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sessions
      -- The network address and the User-Agent of whoever logged in; empty for sessions from before this.
      add column address text not null default '',
      add column agent text not null default '',
      -- To the minute.
      add column seen_at timestamptz not null default now(),
      -- Of sessions that a provider vouches for: its subject and session, and its ID token under SANTONG_SECRET_KEY,
      -- which it wants to see again when somebody logs out.
      add column provider_subject text,
      add column provider_session text,
      add column sealed_id_token bytea;
    create index sessions_provider on sessions (provider_subject) where provider_subject is not null;
  `);
}
