import type { Knex } from 'knex';

/** What people and other systems are told: an outbox beside the events, notices, mails, webhooks. docs/notices.md explains it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Personal data: read by the mailer and shown to its owner, nowhere else.
    alter table people add column email text;

    -- One row for each event, written in the transaction that records it. What follows is filled in by whoever publishes
    -- it: position is the order in which all readers see events, gapless, and never before an earlier one is there.
    create table outbox (
      id bigint generated always as identity primary key,
      stream_kind text not null,
      stream_id text not null,
      seq integer not null,
      recorded_at timestamptz not null default now(),
      position bigint unique,
      case_id text,
      parties text[],
      type text,
      at timestamptz
    );
    create index outbox_waiting on outbox (id) where position is null;
    create index outbox_old on outbox (recorded_at) where position is not null;

    -- One row. Its lock is the place of the one that publishes. Positions up to swept are gone.
    create table feed (
      one boolean primary key default true check (one),
      head bigint not null default 0,
      swept bigint not null default 0
    );
    insert into feed default values;

    -- No reference to cases or grants: those rows can be dropped and built again.
    create table notices (
      id bigint generated always as identity primary key,
      person_id text not null references people,
      position bigint not null,
      kind text not null,
      topic text not null,
      case_id text not null,
      grant_id text,
      params jsonb not null,
      at timestamptz not null,
      created_at timestamptz not null default now(),
      read_at timestamptz,
      unique (person_id, position)
    );
    create index notices_person on notices (person_id, id desc);
    create index notices_unread on notices (person_id, id desc) where read_at is null;
    create index notices_position on notices (position);
    create index notices_old on notices (created_at);

    create table notice_preferences (
      person_id text not null references people,
      topic text not null,
      mail text not null check (mail in ('immediately', 'daily', 'none')),
      primary key (person_id, topic)
    );

    -- A daily one takes notices until it is closed, which is when it is due.
    create table mails (
      id uuid primary key default gen_random_uuid(),
      person_id text not null references people,
      is_daily boolean not null,
      is_closed boolean not null,
      status text not null default 'pending' check (status in ('pending', 'sent', 'dead', 'dropped')),
      attempts integer not null default 0,
      due_at timestamptz not null,
      error text,
      created_at timestamptz not null default now(),
      ended_at timestamptz
    );
    create unique index mails_open on mails (person_id) where not is_closed;
    create index mails_due on mails (due_at) where status = 'pending';
    create index mails_old on mails (ended_at) where status <> 'pending';

    create table mail_notices (
      mail_id uuid not null references mails on delete cascade,
      notice_id bigint not null references notices on delete cascade,
      primary key (mail_id, notice_id)
    );
    create index mail_notices_notice on mail_notices (notice_id);

    -- Secrets are AES-256-GCM under SANTONG_SECRET_KEY. The one before is signed with as well until it runs out.
    create table webhooks (
      id uuid primary key,
      department_id text not null references departments,
      created_by text not null references people,
      url text not null,
      description text not null,
      types text[] not null,
      active boolean not null default true,
      sealed_secret bytea not null,
      sealed_secret_before bytea,
      secret_before_until timestamptz,
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      -- Gone for everybody; the row goes later, as a delivery under way may hold it.
      deleted_at timestamptz
    );
    create index webhooks_department on webhooks (department_id, created_at desc, id desc) where deleted_at is null;

    create table webhook_deliveries (
      id uuid primary key default gen_random_uuid(),
      webhook_id uuid not null references webhooks on delete cascade,
      -- Deliveries with the same order key go one after another, by position.
      order_key text not null,
      position bigint not null,
      type text not null,
      body text not null,
      status text not null default 'pending' check (status in ('pending', 'delivered', 'dead')),
      attempts integer not null default 0,
      due_at timestamptz not null default now(),
      log jsonb not null default '[]',
      created_at timestamptz not null default now(),
      ended_at timestamptz
    );
    create index webhook_deliveries_due on webhook_deliveries (due_at) where status = 'pending';
    create index webhook_deliveries_order on webhook_deliveries (webhook_id, order_key, position) where status = 'pending';
    create index webhook_deliveries_list on webhook_deliveries (webhook_id, created_at desc, id desc);
    create index webhook_deliveries_dead on webhook_deliveries (webhook_id) where status = 'dead';
    create index webhook_deliveries_old on webhook_deliveries (ended_at) where status <> 'pending';
  `);
}
