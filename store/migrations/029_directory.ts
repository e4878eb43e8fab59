import type { Knex } from 'knex';

/** Administrators keep people and departments over the API: who changed what, and passwords that hold for one login. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table people
      add column revision integer not null default 1,
      add column must_change_password boolean not null default false,
      add column last_login_at timestamptz;

    alter table departments
      add column revision integer not null default 1,
      add column ended_at timestamptz;

    create table directory_changes (
      id bigint generated always as identity primary key,
      kind text not null check (kind in ('person', 'department', 'setting')),
      target_id text not null,
      action text not null,
      -- What it was and what it is now, of the fields that were changed; never a password.
      before jsonb not null default '{}',
      after jsonb not null default '{}',
      changed_by text not null references people,
      changed_at timestamptz not null default now()
    );
    create index directory_changes_of on directory_changes (kind, target_id, id desc);
  `);
}
