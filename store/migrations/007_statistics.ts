import type { Knex } from 'knex';

/**
 * What statistics are taken from. It follows from the events: whoever runs the migrations builds the projection again, and
 * so fills it for the cases that are there.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- One row for each activation of a stage and each department that had to answer in it.
    create table stage_visits (
      case_id text not null references cases,
      stage text not null,
      activation integer not null,
      department_id text not null references departments,
      process text not null,
      -- The stage as the route names it: the same in every branch.
      step text not null,
      opened_at timestamptz not null,
      answers integer not null,
      -- Of the department's last answer.
      answered_at timestamptz,
      verdict text,
      -- Null while the department still has to answer.
      closed_at timestamptz,
      due_on date,
      promised_on date,
      has_passed boolean not null,
      returns integer not null,
      -- Of working days: 86,400,000 are one. Without the time for which there was nothing to do.
      handled_ms bigint not null,
      primary key (case_id, stage, activation, department_id)
    );
    create index stage_visits_closed on stage_visits (closed_at) where closed_at is not null;
    create index stage_visits_department on stage_visits (department_id, closed_at) where closed_at is not null;
    create index stage_visits_held on stage_visits (department_id, opened_at) where closed_at is null;

    -- Working time from filing to the end, counted as in stage_visits.
    alter table cases add column duration_ms bigint;
    create index cases_ended on cases (ended_at) where ended_at is not null;
    create index cases_under_way on cases (opened_at) where ended_at is null;
  `);
}
