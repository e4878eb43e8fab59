import type { Knex } from 'knex';

/** Who could read what on a day of the past is asked by entry and by department, over lines that have ended as well. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index sharing_lines_of_entry on sharing_lines (entry_id, since desc, id desc);
    create index sharing_lines_of_department on sharing_lines (department_id, since desc, id desc);
    create index sharing_lines_since on sharing_lines (since desc, id desc);
  `);
}
