import type { Knex } from 'knex';
import type { Absent } from '../domain/case.ts';

/** Whom a person stands in for on a day (代理), as they could act themselves. */
export async function absentFor(db: Knex, standIn: string, today: string): Promise<Absent[]> {
  const { rows } = await db.raw<{ rows: Absent[] }>(
    `select a.person_id as person, p.department_id as department, array_agg(r.role order by r.role) as roles,
            a.first_day::text as "from", a.last_day::text as until
       from absences a
       join people p on p.id = a.person_id and p.active
       join person_roles r on r.person_id = p.id and r.department_id = p.department_id
      where a.stand_in_id = ? and a.ended_at is null and ?::date between a.first_day and a.last_day
      group by a.id, a.person_id, p.department_id, a.first_day, a.last_day
      order by a.person_id, a.last_day desc`,
    [standIn, today],
  );
  const known = new Map(rows.map((row) => [row.person, row]));
  return [...known.values()];
}
