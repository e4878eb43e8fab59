import type { Knex } from 'knex';

/** Two sources of the same thing held against each other, what differs, and how the providers settle it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table reconciliations (
      id uuid primary key,
      name text not null,
      -- What is compared with what (domain/reconciliation/spec.ts).
      spec jsonb not null,
      left_provider_id text not null references departments,
      right_provider_id text not null references departments,
      status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed')),
      -- How often it has run to its end.
      run integer not null default 0,
      taken_by uuid,
      taken_until timestamptz,
      rows_done bigint not null default 0,
      -- Of the last run that came to its end: rows, differences by kind, versions of the entries.
      counts jsonb,
      -- Of the last run, where it did not: { "code", "side" }.
      failure jsonb,
      created_by text not null references people,
      created_at timestamptz not null default now(),
      asked_at timestamptz not null default now(),
      started_at timestamptz,
      ended_at timestamptz
    );
    create index reconciliations_waiting on reconciliations (asked_at) where status in ('waiting', 'running');
    create index reconciliations_left on reconciliations (left_provider_id, created_at, id);
    create index reconciliations_right on reconciliations (right_provider_id, created_at, id);

    create table reconciliation_differences (
      -- Made of the reconciliation and the key, so that a difference keeps its id from run to run.
      id uuid primary key,
      reconciliation_id uuid not null references reconciliations,
      kind text not null check (kind in ('only-left', 'only-right', 'differs', 'repeated')),
      -- Key and values; null in the place of what is sensitive.
      body jsonb not null,
      -- Keyed: the same as long as nothing of the difference changes, also nothing sensitive.
      digest text not null,
      explanations jsonb not null default '[]',
      first_run integer not null,
      last_run integer not null,
      -- Its place in the order of keys within its last run.
      position integer not null,
      settlement_id bigint
    );
    create index reconciliation_differences_order
      on reconciliation_differences (reconciliation_id, last_run, position);

    -- Only added to: what was settled once stays on record.
    create table reconciliation_settlements (
      id bigint generated always as identity primary key,
      difference_id uuid not null references reconciliation_differences,
      run integer not null,
      -- The difference as it was then.
      kind text not null,
      body jsonb not null,
      digest text not null,
      decision text not null check (decision in ('left', 'right', 'both', 'mended')),
      reason text not null,
      person_id text not null references people,
      department_id text not null references departments,
      at timestamptz not null
    );
    create index reconciliation_settlements_difference on reconciliation_settlements (difference_id, id);
    alter table reconciliation_differences
      add foreign key (settlement_id) references reconciliation_settlements;
  `);
}
