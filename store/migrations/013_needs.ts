import type { Knex } from 'knex';

/** What departments lack (需求), and what became of it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create sequence need_numbers;
    create table needs (
      id uuid primary key,
      number text not null unique,
      department_id text not null references departments,
      title text not null,
      description text not null,
      -- Names of data items that are wanted.
      items text[] not null,
      purpose text not null,
      legal_basis text not null,
      theme text,
      wanted_by date,
      status text not null default 'open' check (status in ('open', 'matched', 'assigned', 'withdrawn', 'met')),
      entry_id text,
      source_id text references departments,
      created_by text not null references people,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      -- Who did what when, oldest first.
      history jsonb not null default '[]'
    );
    create index needs_status on needs (status, created_at, id);
    create index needs_department on needs (department_id, created_at, id);
    create index needs_title on needs using gin (title gin_trgm_ops) where status = 'open';
    create index needs_items on needs using gin (items) where status = 'open';
  `);
}
