import type { Knex } from 'knex';

/** Drafts of routes, moves of running cases to another version, and opinions that are not given yet. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table routes
      -- Who published it and why; empty for those that ship with the platform.
      add column published_by text references people,
      add column note text;

    create table route_drafts (
      id uuid primary key,
      route_id text not null,
      -- The version it was begun from; null where it came as a whole.
      based_on integer,
      body jsonb not null,
      -- Moves with every change: what If-Match is held against.
      revision integer not null default 1,
      created_by text not null references people,
      created_at timestamptz not null default now(),
      updated_by text not null references people,
      updated_at timestamptz not null default now(),
      -- Set once it is published; it is never changed after that.
      published_as integer,
      foreign key (route_id, based_on) references routes (id, version),
      foreign key (route_id, published_as) references routes (id, version)
    );
    create index route_drafts_route on route_drafts (route_id, updated_at desc) where published_as is null;

    -- Which running cases take which route: what a move of them asks.
    create index cases_running_route on cases ((state -> 'route' ->> 'id'), id) where ended_at is null;

    -- A move of running cases to another version, or a look at what it would do.
    create table route_migrations (
      id uuid primary key,
      route_id text not null,
      to_version integer not null,
      is_dry_run boolean not null,
      -- The key under which it was asked for: those of its commands are made from it.
      command_id text not null unique,
      actor jsonb not null,
      received_at timestamptz not null,
      ended_at timestamptz,
      foreign key (route_id, to_version) references routes (id, version)
    );
    create index route_migrations_open on route_migrations (received_at) where ended_at is null;

    create table route_migration_cases (
      migration_id uuid not null references route_migrations on delete cascade,
      position integer not null,
      case_id text not null,
      outcome text not null default 'waiting'
        check (outcome in ('waiting', 'would-move', 'moved', 'unchanged', 'refused')),
      -- What is told of it: the version it was on, what lapsed, what was dropped, why not.
      detail jsonb not null default '{}',
      primary key (migration_id, position),
      unique (migration_id, case_id)
    );
    create index route_migration_cases_waiting on route_migration_cases (migration_id, position)
      where outcome = 'waiting';

    -- An opinion that somebody is still writing. In no history, and gone once the task is answered. It points to no task,
    -- as tasks are built again from the events.
    create table opinion_drafts (
      task_id text not null,
      person_id text not null references people,
      opinion text not null,
      updated_at timestamptz not null default now(),
      primary key (task_id, person_id)
    );
  `);
}
