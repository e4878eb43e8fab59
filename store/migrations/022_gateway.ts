import type { Knex } from 'knex';

/**
 * Services that departments register, the keys by which grants are called, and every call.
 * What changes a decision is told to all processes in the transaction that changes it (docs/decisions/gateway-cache.md).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Every revision stays: who changed what, and when.
    create table services (
      id text not null,
      revision integer not null,
      provider_id text not null references departments,
      entry_id text not null,
      body jsonb not null,
      changed_by text not null references people,
      changed_at timestamptz not null default now(),
      current boolean not null default true,
      primary key (id, revision)
    );
    create unique index services_current on services (id) where current;
    create index services_entry on services (entry_id) where current;

    -- A key is shown once: what is kept is its SHA-256, and as much of its end as tells people which one it is.
    create table grant_keys (
      id text primary key,
      grant_id text not null references grants,
      digest bytea not null unique,
      hint text not null,
      made_by text not null references people,
      made_at timestamptz not null default now(),
      expires_at timestamptz,
      revoked_at timestamptz,
      revoked_by text references people
    );
    create index grant_keys_grant on grant_keys (grant_id, made_at);

    -- How much of a rate has been taken by all processes together, in the span that runs.
    create table gateway_counters (
      grant_id text not null references grants,
      span text not null check (span in ('second', 'minute', 'day')),
      starts timestamptz not null,
      used bigint not null,
      taken bigint not null,
      most bigint not null,
      primary key (grant_id, span)
    ) with (fillfactor = 50);

    create table gateway_calls (
      at timestamptz not null,
      request_id text not null,
      grant_id text not null,
      key_id text not null,
      service_id text not null,
      outcome text not null,
      status smallint not null,
      rows integer not null,
      bytes bigint not null,
      ms real not null
    ) partition by range (at);
    create index gateway_calls_grant on gateway_calls (grant_id, at desc);
    create index gateway_calls_service on gateway_calls (service_id, at desc);

    -- The same by day (Asia/Shanghai), so that usage is read without reading calls.
    create table gateway_usage (
      day date not null,
      grant_id text not null,
      service_id text not null,
      outcome text not null,
      calls bigint not null,
      rows bigint not null,
      bytes bigint not null,
      ms double precision not null,
      primary key (grant_id, service_id, day, outcome)
    );
    create index gateway_usage_service on gateway_usage (service_id, day);

    -- Batches of calls that are written: one that is sent again is known.
    create table gateway_batches (
      id uuid primary key,
      at timestamptz not null default now()
    );

    -- Says which entry, grant, service or source it is about, and nothing else.
    create function tell_gateway() returns trigger language plpgsql as $$
    declare
      changed jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
    begin
      perform pg_notify('santong_gateway', tg_argv[0] || ':' || (changed ->> tg_argv[1]));
      return null;
    end $$;
    create trigger tell_gateway after update or delete on sharing_lines
      for each row execute function tell_gateway('entry', 'entry_id');
    -- What allows more is found by the read before every refusal: granting need not wait for the lock of who notifies.
    create trigger tell_gateway_of_denial after insert on sharing_lines
      for each row when (new.line ->> 'effect' = 'deny') execute function tell_gateway('entry', 'entry_id');
    create trigger tell_gateway after insert or update on catalogue_publications
      for each row when (new.kind = 'withdraw') execute function tell_gateway('entry', 'entry_id');
    create trigger tell_gateway after insert or update or delete on grant_keys
      for each row execute function tell_gateway('grant', 'grant_id');
    create trigger tell_gateway after insert or update or delete on services
      for each row execute function tell_gateway('service', 'id');
    create trigger tell_gateway after update of sealed_connection on data_sources
      for each row execute function tell_gateway('source', 'id');
  `);
}
