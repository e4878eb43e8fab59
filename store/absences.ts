import type { Knex } from 'knex';
import type { Absent } from '../domain/case.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** Whom a person stands in for on a day (代理), as they could act themselves. */
export async function absentFor(db: Knex, standIn: string, today: string): Promise<Absent[]> {
  const asked = db.raw<{ rows: Absent[] }>(
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
  const { rows } = await asked.options({ name: 'absent-for' });
  const known = new Map(rows.map((row) => [row.person, row]));
  return [...known.values()];
}

/** Days on which somebody is away and another stands in; dates are first and last, in Asia/Shanghai. */
export interface Absence {
  readonly id: string;
  readonly person: string;
  readonly standIn: string;
  readonly department: string;
  readonly from: string;
  readonly until: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** Ended before its last day. */
  readonly endedAt: Date | null;
}

const COLUMNS = `a.id, a.person_id as person, a.stand_in_id as "standIn", p.department_id as department,
  a.first_day::text as "from", a.last_day::text as until, a.created_by as "createdBy", a.created_at as "createdAt",
  a.ended_at as "endedAt"`;

function absences(db: Knex): Knex.QueryBuilder {
  return db('absences as a').join('people as p', 'p.id', 'a.person_id');
}

export interface AbsenceFilter {
  /** Of this department's people; absent: of everybody. */
  readonly department?: string;
  /** In force or still to come on this day. */
  readonly since?: string;
}

/** The latest first. */
export async function listAbsences(
  db: Knex,
  { department, since }: AbsenceFilter,
  page: PageRequest,
): Promise<Page<Absence>> {
  const query = absences(db)
    .select<(Absence & { key: string })[]>(db.raw(`${COLUMNS}, a.created_at::text as key`))
    .orderByRaw('a.created_at desc, a.id desc')
    .limit(page.limit + 1);
  if (department !== undefined) void query.where('p.department_id', department);
  if (since !== undefined) void query.whereNull('a.ended_at').whereRaw('a.last_day >= ?::date', [since]);
  if (page.after) void query.whereRaw('(a.created_at, a.id) < (?::timestamptz, ?::uuid)', [...page.after]);
  return pageOf((await query) as (Absence & { key: string })[], page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

export async function findAbsence(db: Knex, id: string): Promise<Absence | undefined> {
  return absences(db).first<Absence | undefined>(db.raw(COLUMNS)).where('a.id', id);
}

/** One at a time for each department, so that no two absences come to be that exclude each other. */
export async function lockAbsences(trx: Knex.Transaction, department: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 3))', [department]);
}

/** The absences of a department that share a day with these dates and were not ended. */
export async function absencesDuring(
  db: Knex,
  department: string,
  { from, until }: Pick<Absence, 'from' | 'until'>,
): Promise<Absence[]> {
  return absences(db)
    .select<Absence[]>(db.raw(COLUMNS))
    .where('p.department_id', department)
    .whereNull('a.ended_at')
    .whereRaw('a.first_day <= ?::date and a.last_day >= ?::date', [until, from]);
}

export async function insertAbsence(
  trx: Knex.Transaction,
  absence: Pick<Absence, 'id' | 'person' | 'standIn' | 'from' | 'until' | 'createdBy'>,
): Promise<void> {
  await trx('absences').insert({
    id: absence.id,
    person_id: absence.person,
    stand_in_id: absence.standIn,
    first_day: absence.from,
    last_day: absence.until,
    created_by: absence.createdBy,
  });
}

/** False when it had been ended before. */
export async function endAbsence(db: Knex, id: string): Promise<boolean> {
  return (await db('absences').where({ id }).whereNull('ended_at').update({ ended_at: db.fn.now() })) > 0;
}
