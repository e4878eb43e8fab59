import type { Knex } from 'knex';

/** Applications while they are written: their author's alone, gone once they are filed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table share_request_drafts (
      id uuid primary key,
      person_id text not null references people,
      title text not null,
      -- As it was sent: nobody asks anything of what is in it.
      content json not null,
      revision integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index share_request_drafts_person on share_request_drafts (person_id, updated_at desc, id desc);
  `);
}
