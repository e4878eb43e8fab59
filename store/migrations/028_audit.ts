import type { Knex } from 'knex';

/** What auditors have read goes on record; cases are found by the items that they ask for. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table reads (
      id bigint generated always as identity primary key,
      person_id text not null references people,
      what text not null,
      -- What was read, by its id, and the case that it belongs to where that is known from the address.
      target_id text not null,
      case_id text,
      -- The event after which it was looked at as it stood then.
      event integer,
      address text not null,
      request_id text not null,
      read_at timestamptz not null default now()
    );
    create index reads_person on reads (person_id, id desc);
    create index reads_case on reads (case_id, id desc) where case_id is not null;

    create index forms_asked on forms using gin (body jsonb_path_ops);
    create index tasks_verdict on tasks (verdict, case_id) where verdict is not null;
  `);
}
