import type { Knex } from 'knex';

export interface Department {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly creditCode: string;
}

/** A department as administrators see it. */
export interface DirectoryDepartment extends Department {
  readonly revision: number;
  /** Since when it is no longer there: nobody can be added to it. */
  readonly endedAt: Date | null;
  /** How many people who are active belong to it. */
  readonly people: number;
}

export async function listDepartments(db: Knex): Promise<Department[]> {
  return db('departments')
    .select<Department[]>('id', 'name', 'name_en as nameEn', 'credit_code as creditCode')
    .orderBy('sort');
}

const COLUMNS = `d.id, d.name, d.name_en as "nameEn", d.credit_code as "creditCode", d.revision, d.ended_at as "endedAt",
  (select count(*)::int from people p where p.department_id = d.id and p.active) as people`;

/** In the order of the city. */
export async function directoryDepartments(db: Knex): Promise<DirectoryDepartment[]> {
  return db('departments as d').select<DirectoryDepartment[]>(db.raw(COLUMNS)).orderBy('d.sort');
}

export async function findDepartment(db: Knex, id: string): Promise<DirectoryDepartment | undefined> {
  return db('departments as d').first<DirectoryDepartment | undefined>(db.raw(COLUMNS)).where('d.id', id);
}

/** Which of a department's id and code another one has already. */
export async function departmentClashes(
  db: Knex,
  { id, creditCode }: Pick<Department, 'id' | 'creditCode'>,
): Promise<{ readonly id: boolean; readonly creditCode: boolean }> {
  const others = await db('departments')
    .select<Pick<Department, 'id' | 'creditCode'>[]>('id', 'credit_code as creditCode')
    .where({ id })
    .orWhere({ credit_code: creditCode });
  return {
    id: others.some((one) => one.id === id),
    creditCode: others.some((one) => one.id !== id && one.creditCode === creditCode),
  };
}

/** After all others. */
export async function addDepartment(
  trx: Knex.Transaction,
  { id, name, nameEn, creditCode }: Department,
): Promise<void> {
  const last = trx('departments').select(trx.raw('coalesce(max(sort), 0) + 1'));
  await trx('departments').insert({ id, name, name_en: nameEn, credit_code: creditCode, sort: last });
}

/** Whether the department was still at this revision. */
export async function changeDepartment(
  trx: Knex.Transaction,
  { id, revision, endedAt }: DirectoryDepartment,
  { name, nameEn, creditCode, ended }: Omit<Department, 'id'> & { readonly ended: boolean },
): Promise<boolean> {
  const changed = await trx('departments')
    .where({ id, revision })
    .update({
      name,
      name_en: nameEn,
      credit_code: creditCode,
      ended_at: ended ? (endedAt ?? trx.fn.now()) : null,
      revision: revision + 1,
    });
  return changed > 0;
}
