import type { Knex } from 'knex';

/** Everybody of a department is looked up whenever a case is shown: who could be handed a task of it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index people_department on people (department_id) where active');
}
