import type { Knex } from 'knex';

export interface Department {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly creditCode: string;
}

export async function listDepartments(db: Knex): Promise<Department[]> {
  return db('departments')
    .select<Department[]>('id', 'name', 'name_en as nameEn', 'credit_code as creditCode')
    .orderBy('sort');
}
