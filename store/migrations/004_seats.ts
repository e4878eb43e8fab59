import type { Knex } from 'knex';

/**
 * Stages with several seats, several grants a case, numbers that outlast the projection. What the projection holds is
 * built again from the events by whoever runs the migrations.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table numbers (
      id text primary key,
      number text not null unique
    );
    insert into numbers (id, number) select id, number from cases union all select id, number from grants;

    alter table cases
      drop column contributors,
      -- The departments that the case concerns, which are those that may see it.
      add column parties text[] not null default '{}';
    update cases set parties = array[requester_id, provider_id];
    create index cases_parties on cases using gin (parties);
    -- What a case is about, where its form asks for no entry of the catalogue.
    alter table cases
      alter column entry_id drop not null,
      alter column entry_version drop not null,
      add column about_grant_id text references grants,
      add column about_case_id text references cases;
    create index cases_about_grant on cases (about_grant_id) where about_grant_id is not null;
    create index cases_about_case on cases (about_case_id) where about_case_id is not null;

    alter table grants drop constraint grants_case_id_key;
    -- The case in which the requester confirmed what became of the data (R809 Art.25–29).
    alter table grants add column disposal_case_id text references cases;
    create index grants_case on grants (case_id);

    alter table tasks
      add column holder_id text references people,
      -- Who may not answer, whatever roles they hold; empty once nobody can any more.
      add column barred text[] not null default '{}';
    drop index tasks_inbox;
    create index tasks_open on tasks (department_id, role, opened_at desc, id desc) where status = 'open';
    create index tasks_holder on tasks (holder_id, opened_at desc, id desc) where status = 'open';

    -- Absence with a stand-in (代理), both of one department. Ended early by ended_at, never deleted: answers rest on it.
    create table absences (
      id uuid primary key default gen_random_uuid(),
      person_id text not null references people,
      stand_in_id text not null references people,
      first_day date not null,
      last_day date not null,
      created_by text not null references people,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      check (person_id <> stand_in_id and first_day <= last_day)
    );
    create index absences_stand_in on absences (stand_in_id, last_day) where ended_at is null;
    create index absences_person on absences (person_id, last_day) where ended_at is null;
  `);
}
