import type { Knex } from 'knex';
import type { Calendar } from '../domain/calendar.ts';
import type { Entry } from '../domain/catalogue.ts';
import type { Role } from '../domain/language.ts';
import { insertEntryVersion } from './catalogue.ts';
import { digestOfVersion, noteChange } from './catalogue-changes.ts';

/** Rows that a first start puts into the platform's database. All of these leave alone what is there already. */

/** Any number that nothing else locks. */
const SEEDING_LOCK = 7_265_746;

/** Waits until no other seed runs on this database; the lock ends with the transaction. */
export async function lockSeeding(transaction: Knex.Transaction): Promise<void> {
  await transaction.raw('select pg_advisory_xact_lock(?)', [SEEDING_LOCK]);
}

export async function insertDepartments(
  transaction: Knex,
  rows: readonly { id: string; name: string; nameEn: string; creditCode: string; sort: number }[],
): Promise<void> {
  await transaction('departments')
    .insert(
      rows.map((row) => ({
        id: row.id,
        name: row.name,
        name_en: row.nameEn,
        credit_code: row.creditCode,
        sort: row.sort,
      })),
    )
    .onConflict('id')
    .ignore();
}

/** Those of the ids that no person has. */
export async function missingPeople(transaction: Knex, ids: readonly string[]): Promise<Set<string>> {
  const there = await transaction('people').select<{ id: string }[]>('id').whereIn('id', ids);
  const known = new Set(there.map((row) => row.id));
  return new Set(ids.filter((id) => !known.has(id)));
}

export async function insertPerson(
  transaction: Knex,
  person: { id: string; name: string; department: string; roles: readonly Role[]; passwordHash: string },
): Promise<void> {
  await transaction('people').insert({
    id: person.id,
    name: person.name,
    department_id: person.department,
    password_hash: person.passwordHash,
  });
  const roles = person.roles.map((role) => ({ person_id: person.id, department_id: person.department, role }));
  await transaction('person_roles').insert(roles);
}

/** The sealed connection of a data source, or undefined if there is no such source. */
export async function sealedConnection(transaction: Knex, sourceId: string): Promise<Uint8Array | undefined> {
  const row = await transaction('data_sources')
    .first<{ sealed_connection: Buffer } | undefined>('sealed_connection')
    .where({
      id: sourceId,
    });
  return row?.sealed_connection;
}

/** Inserts a data source, or gives the one that is there another connection. */
export async function putDataSource(
  transaction: Knex,
  source: { id: string; department: string; name: string; sealed: Uint8Array },
): Promise<void> {
  await transaction('data_sources')
    .insert({
      id: source.id,
      department_id: source.department,
      name: source.name,
      sealed_connection: Buffer.from(source.sealed),
    })
    .onConflict('id')
    .merge({ sealed_connection: Buffer.from(source.sealed), entered_by: null });
}

/** A first version is current; an entry that has versions already keeps its own. Its code is given to nothing else. */
export async function insertEntry(transaction: Knex, entry: Entry): Promise<void> {
  const known = await transaction('catalogue_entries').first('id').where({ id: entry.id });
  if (known !== undefined) return;
  await insertEntryVersion(transaction, entry);
  const { id: entryId, version, publishedAt: at } = entry;
  await noteChange(transaction, { entryId, version, kind: 'publish', digest: digestOfVersion(entry), at });
  const [classification = '', sequence] = entry.code.split('/');
  await transaction('catalogue_codes')
    .insert({ classification, sequence: Number(sequence), entry_id: entry.id })
    .onConflict()
    .ignore();
}

export async function insertCalendar(transaction: Knex, calendar: Calendar, source: string): Promise<void> {
  await transaction('calendars')
    .insert({ version: calendar.version, source, body: JSON.stringify(calendar) })
    .onConflict('version')
    .ignore();
}
