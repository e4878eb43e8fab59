import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { seal } from '../../store/sealed.ts';
import { newSecret } from '../../notices/signature.ts';
import type { CaseEvent } from '../../domain/case.ts';
import type { GrantEvent } from '../../domain/kernel/grant.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { accounts, departments } from '../../seed/departments.ts';
import { record } from '../../store/record.ts';
import { insertCalendar, insertDepartment, insertEntry, insertPerson } from '../../store/seeding.ts';
import { storeForm, form, formRef } from './cases.ts';
import { play, type Play } from './play.ts';

/** Departments, people and one entry: what recording a case and telling of it needs of a database. */
export async function seedPeople(knex: Knex): Promise<void> {
  for (const department of departments) await insertDepartment(knex, department);
  for (const { account, name, department, roles } of accounts) {
    await insertPerson(knex, { id: account, name, department, roles, passwordHash: '-' });
  }
  const entry = catalogue.find(({ id }) => id === 'persons');
  if (!entry) throw new Error('No entry of persons');
  await insertEntry(knex, entry, entry.name);
  await insertCalendar(knex, await firstCalendar('data'), 'test');
}
