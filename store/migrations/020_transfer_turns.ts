import type { Knex } from 'knex';

/** Whose turn it is at a source: deliveries that read from it, and those that wait to. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table transfer_turns (
      delivery_id text primary key references deliveries on delete cascade,
      source_id text not null,
      asked_at timestamptz not null,
      -- The last sign of life: a worker that was killed gives none, and its turn passes on.
      seen_at timestamptz not null,
      held boolean not null default false
    );
    create index transfer_turns_source on transfer_turns (source_id);
  `);
}
