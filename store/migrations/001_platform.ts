import type { Knex } from 'knex';

/** The platform's own tables; departments' data stays in their own databases. Forward only: to go back, restore a backup. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create extension if not exists pg_trgm;
    create table departments (
      id text primary key,
      name text not null,
      name_en text not null,
      credit_code text not null unique,
      sort integer not null
    );

    create table people (
      id text primary key,
      name text not null,
      department_id text not null references departments,
      password_hash text not null,
      active boolean not null default true,
      failed_logins integer not null default 0,
      locked_until timestamptz
    );

    create table person_roles (
      person_id text not null references people,
      department_id text not null references departments,
      role text not null,
      primary key (person_id, department_id, role)
    );
    create index person_roles_holders on person_roles (department_id, role);

    create table sessions (
      id uuid primary key default gen_random_uuid(),
      token_digest bytea not null unique,
      csrf_digest bytea not null,
      person_id text not null references people,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      revoked_at timestamptz
    );
    create index sessions_person on sessions (person_id);

    -- Connections to the departments' own databases. sealed_connection is AES-256-GCM under SANTONG_SECRET_KEY.
    create table data_sources (
      id text primary key,
      department_id text not null references departments,
      name text not null,
      sealed_connection bytea not null
    );

    create table catalogue_entries (
      id text not null,
      version integer not null,
      code text not null,
      name text not null,
      provider_id text not null references departments,
      share_type text not null,
      body jsonb not null,
      search text not null,
      current boolean not null default true,
      published_at timestamptz not null,
      primary key (id, version)
    );
    create unique index catalogue_entries_current on catalogue_entries (id) where current;
    create index catalogue_entries_search on catalogue_entries using gin (search gin_trgm_ops) where current;

    create table calendars (
      version integer primary key,
      source text not null,
      body jsonb not null,
      created_at timestamptz not null default now()
    );

    create table routes (
      id text not null,
      version integer not null,
      body jsonb not null,
      published_at timestamptz not null default now(),
      primary key (id, version)
    );

    create table forms (
      id uuid not null,
      version integer not null,
      case_id text not null,
      body jsonb not null,
      parts jsonb not null,
      digest text not null,
      created_by text not null references people,
      created_at timestamptz not null default now(),
      primary key (id, version)
    );
    create index forms_case on forms (case_id);

    create table attachments (
      id uuid primary key,
      name text not null,
      media_type text not null,
      size integer not null,
      sha256 text not null,
      content bytea not null,
      department_id text not null references departments,
      uploaded_by text not null references people,
      uploaded_at timestamptz not null default now()
    );

    -- A command that the API answered for, written before it is sent to its workflow, so that a crash loses none.
    create table commands (
      id text primary key,
      person_id text not null references people,
      target_kind text not null,
      target_id text not null,
      body_digest text not null,
      command jsonb not null,
      status text not null default 'pending' check (status in ('pending', 'done', 'refused')),
      outcome jsonb,
      received_at timestamptz not null,
      settled_at timestamptz
    );
    create index commands_pending on commands (received_at) where status = 'pending';

    -- Every event of every machine (case or grant), once, in order. digest = sha256(previous digest + canonical event).
    create table events (
      stream_id text not null,
      seq integer not null,
      stream_kind text not null,
      command_id text not null,
      event jsonb not null,
      digest text not null,
      recorded_at timestamptz not null default now(),
      primary key (stream_id, seq)
    );

    create sequence case_numbers;
    create table cases (
      id text primary key,
      number text not null unique,
      kind text not null,
      title text not null,
      status text not null,
      stage text,
      requester_id text not null references departments,
      provider_id text not null references departments,
      applicant_id text not null references people,
      -- Of the state, as inboxes ask it of many cases at once: who may not decide.
      contributors text[] not null,
      entry_id text not null,
      entry_version integer not null,
      form_id uuid not null,
      form_version integer not null,
      state jsonb not null,
      seq integer not null,
      due_on date,
      opened_at timestamptz not null,
      updated_at timestamptz not null,
      ended_at timestamptz,
      foreign key (entry_id, entry_version) references catalogue_entries (id, version)
    );
    create index cases_requester on cases (requester_id, opened_at desc, id desc);
    create index cases_provider on cases (provider_id, opened_at desc, id desc);
    create index cases_opened on cases (opened_at desc, id desc);

    create table tasks (
      id text primary key,
      case_id text not null references cases,
      stage text not null,
      activation integer not null,
      seat integer not null,
      department_id text not null references departments,
      role text not null,
      status text not null check (status in ('open', 'waiting', 'done', 'superseded', 'lapsed', 'closed')),
      verdict text,
      decided_by text references people,
      opened_at timestamptz not null,
      closed_at timestamptz,
      due_on date
    );
    create index tasks_inbox on tasks (department_id, role, opened_at desc, id desc) where status = 'open';
    create index tasks_done on tasks (decided_by, closed_at desc, id desc) where decided_by is not null;
    create index tasks_case on tasks (case_id);

    -- Who was told without anything for them to do (抄送). Lives on when the case ends.
    create table copies (
      case_id text not null references cases,
      stage text not null,
      department_id text not null references departments,
      role text not null,
      told_at timestamptz not null,
      primary key (case_id, stage, department_id, role)
    );
    create index copies_told on copies (department_id, role, told_at desc, case_id desc);

    create sequence grant_numbers;
    create table grants (
      id text primary key,
      number text not null unique,
      case_id text not null unique references cases,
      requester_id text not null references departments,
      provider_id text not null references departments,
      entry_id text not null,
      entry_version integer not null,
      body jsonb not null,
      status text not null check (status in ('active', 'suspended', 'terminated', 'expired')),
      state jsonb,
      seq integer not null,
      valid_from date not null,
      valid_to date not null,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index grants_requester on grants (requester_id, created_at desc, id desc);
    create index grants_provider on grants (provider_id, created_at desc, id desc);

    -- What Casbin evaluates. Lines are never changed: they end (until) and others follow, so the past can be asked.
    create table sharing_lines (
      id text primary key,
      grant_id text not null references grants,
      case_id text not null references cases,
      department_id text not null,
      entry_id text not null,
      line jsonb not null,
      since timestamptz not null,
      until timestamptz
    );
    create index sharing_lines_asked on sharing_lines (department_id, entry_id) where until is null;

    create table deliveries (
      id text primary key,
      grant_id text not null references grants,
      requested_by text not null,
      status text not null check (status in ('waiting', 'running', 'delivered', 'failed')),
      attempt integer not null default 0,
      rows_done bigint not null default 0,
      rows_total bigint,
      reason jsonb,
      manifest jsonb,
      manifest_digest text,
      created_at timestamptz not null,
      started_at timestamptz,
      ended_at timestamptz
    );
    create index deliveries_grant on deliveries (grant_id, created_at desc, id desc);

    create table settings (
      key text primary key,
      value jsonb not null
    );
  `);
}
