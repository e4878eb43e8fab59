import type { Knex } from 'knex';

/** Lists of cases by whatever they can be asked for, newest first, without reading those that were not asked for. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index cases_status on cases (status, opened_at desc, id desc);
    create index cases_kind on cases (kind, opened_at desc, id desc);
    create index cases_applicant on cases (applicant_id, opened_at desc, id desc);
    create index cases_words on cases using gin (lower(title) gin_trgm_ops, lower(number) gin_trgm_ops);
  `);
}
