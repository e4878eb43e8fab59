import type { Knex } from 'knex';
import type { GrantState } from '../../domain/kernel/grant-event.ts';
import { nextRunOf } from '../../domain/kernel/grant-schedule.ts';

/** What monitoring asks for again and again is found by an index; alerts, and the rules that a place has changed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- When the schedule of a grant makes its next delivery; null: none by itself, or one is under way.
    alter table grants add column next_run_at timestamptz;
    create index grants_status on grants (status, id);
    create index grants_next_run on grants (next_run_at) where next_run_at is not null;
    create index grants_failed on grants (id) where state->'lastReport'->>'outcome' = 'failed';
    create index deliveries_status on deliveries (grant_id, status, created_at desc);
    create index deliveries_open on deliveries (status) where status in ('waiting', 'running');
    create index mails_dead on mails (ended_at) where status = 'dead';

    -- Rules that differ from those that ship, and those that a place has added.
    create table alert_rules (
      id text primary key,
      watches text not null,
      threshold double precision not null,
      for_seconds integer not null,
      calm_seconds integer not null,
      tells jsonb not null,
      enabled boolean not null,
      revision integer not null,
      changed_by text not null references people,
      changed_at timestamptz not null default now()
    );

    -- One row from when the threshold is first crossed until it has been calm for long enough. opened_at: when the rule's
    -- time had passed and people were told; null: it has not yet.
    create table alerts (
      id uuid primary key default gen_random_uuid(),
      rule_id text not null,
      watches text not null,
      -- The link that it is about, as GET /api/links names it.
      subject text not null,
      title text not null,
      provider_id text references departments,
      requester_id text references departments,
      threshold double precision not null,
      value double precision not null,
      worst double precision not null,
      since timestamptz not null,
      opened_at timestamptz,
      calm_since timestamptz,
      closed_at timestamptz,
      seen_at timestamptz not null,
      acknowledged_by text references people,
      acknowledged_at timestamptz,
      note text
    );
    create unique index alerts_open on alerts (rule_id, subject) where closed_at is null;
    create index alerts_list on alerts (opened_at desc, id desc) where opened_at is not null;
    create index alerts_provider on alerts (provider_id, opened_at desc, id desc) where opened_at is not null;
    create index alerts_requester on alerts (requester_id, opened_at desc, id desc) where opened_at is not null;
  `);
  const rows = await knex('grants')
    .where({ status: 'active' })
    .whereNotNull('state')
    .select<{ id: string; state: GrantState }[]>('id', 'state');
  for (const { id, state } of rows) {
    const next = nextRunOf(state);
    if (next !== undefined) await knex('grants').where({ id }).update({ next_run_at: next });
  }
}
