import type { Knex } from 'knex';
import { catalogue } from '../../seed/catalogue.ts';
import { accounts, departments } from '../../seed/departments.ts';
import { record } from '../../store/record.ts';
import { insertDepartments, insertEntry, insertPerson } from '../../store/seeding.ts';
import { form, storeForm } from './cases.ts';
import type { PlayedCase } from './played-cases.ts';

/** The city's departments, their people and the catalogue, without any database of a department. */
export async function storeStaff(knex: Knex): Promise<void> {
  await insertDepartments(knex, departments);
  for (const { account, name, department, roles } of accounts) {
    await insertPerson(knex, { id: account, name, department, roles, passwordHash: '-' });
  }
  for (const entry of catalogue) await insertEntry(knex, entry);
}

/** Stores every version of the form that a played case speaks of. */
export async function storeForms(knex: Knex, { caseId, ref, entries }: PlayedCase): Promise<void> {
  const versions = entries.flatMap(({ event }) =>
    'form' in event && typeof event.form === 'object' ? [event.form] : [],
  );
  const known = new Map([ref, ...versions].map((one) => [one.version, one]));
  for (const version of known.values()) await storeForm(knex, caseId, version, form());
}

/** Records a played case in portions of so many events, as a workflow would hand them over. */
export async function storePlayed(
  knex: Knex,
  played: PlayedCase,
  { portion = played.entries.length }: { readonly portion?: number } = {},
): Promise<void> {
  const { caseId, entries } = played;
  await storeForms(knex, played);
  for (let from = 0; from < entries.length; from += portion) {
    await record(knex, { kind: 'share-request', streamId: caseId, entries: entries.slice(from, from + portion) });
  }
}
