import type { Knex } from 'knex';
import type { Role } from '../domain/language.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';
import { PLATFORM } from './people.ts';

/** A person as administrators see them. */
export interface DirectoryPerson {
  /** The account. */
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly mustChangePassword: boolean;
  readonly lockedUntil: Date | null;
  readonly lastLoginAt: Date | null;
  readonly revision: number;
}

const COLUMNS = `p.id, p.name, p.department_id as department, p.active, p.revision,
  p.must_change_password as "mustChangePassword", p.last_login_at as "lastLoginAt",
  case when p.locked_until > now() then p.locked_until end as "lockedUntil",
  array(select r.role from person_roles r
         where r.person_id = p.id and r.department_id = p.department_id order by r.role) as roles`;

export interface PeopleFilter {
  /** Part of a name or an account. */
  readonly q?: string;
  readonly department?: string;
  readonly role?: Role;
  readonly active?: boolean;
}

/** By account. The platform itself, in whose name cases are filed, is nobody here. */
export async function listPeople(
  db: Knex,
  { q, department, role, active }: PeopleFilter,
  page: PageRequest,
): Promise<Page<DirectoryPerson>> {
  const query = db('people as p')
    .select<(DirectoryPerson & { key: string })[]>(db.raw(`${COLUMNS}, p.id as key`))
    .whereNot('p.id', PLATFORM)
    .orderBy('p.id')
    .limit(page.limit + 1);
  if (q !== undefined) void query.whereRaw('(strpos(lower(p.id), lower(?)) > 0 or strpos(p.name, ?) > 0)', [q, q]);
  if (department !== undefined) void query.where('p.department_id', department);
  if (active !== undefined) void query.where('p.active', active);
  if (role !== undefined) {
    void query.whereRaw(
      `exists (select 1 from person_roles r
                where r.person_id = p.id and r.department_id = p.department_id and r.role = ?)`,
      [role],
    );
  }
  if (page.after) void query.where('p.id', '>', page.after[1]);
  return pageOf(await query, page.limit, { placeOf: ({ key, id }) => [key, id], read: withoutKey });
}

export async function findPerson(db: Knex, id: string): Promise<DirectoryPerson | undefined> {
  return db('people as p')
    .first<DirectoryPerson | undefined>(db.raw(COLUMNS))
    .where('p.id', id)
    .whereNot('p.id', PLATFORM);
}

export interface PersonFields {
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
}

/** Whether the account was free. */
export async function addPerson(
  trx: Knex.Transaction,
  { id, name, department, roles, passwordHash }: PersonFields & { readonly id: string; readonly passwordHash: string },
): Promise<boolean> {
  const rows = await trx('people')
    .insert({ id, name, department_id: department, password_hash: passwordHash, must_change_password: true })
    .onConflict('id')
    .ignore()
    .returning('id');
  if (rows.length === 0) return false;
  await putRoles(trx, { id, department, roles });
  return true;
}

/** Whether the person was still at this revision. */
export async function changePerson(
  trx: Knex.Transaction,
  { id, revision }: Pick<DirectoryPerson, 'id' | 'revision'>,
  { name, department, roles }: PersonFields,
): Promise<boolean> {
  const changed = await trx('people')
    .where({ id, revision })
    .update({ name, department_id: department, revision: revision + 1 });
  if (changed === 0) return false;
  await trx('person_roles').where({ person_id: id }).delete();
  await putRoles(trx, { id, department, roles });
  return true;
}

async function putRoles(
  trx: Knex.Transaction,
  { id, department, roles }: Pick<PersonFields, 'department' | 'roles'> & { readonly id: string },
): Promise<void> {
  if (roles.length === 0) return;
  await trx('person_roles').insert(roles.map((role) => ({ person_id: id, department_id: department, role })));
}

export async function setActive(trx: Knex.Transaction, id: string, active: boolean): Promise<void> {
  await trx('people')
    .where({ id })
    .update({ active, revision: trx.raw('revision + 1') });
}

export async function unlock(trx: Knex.Transaction, id: string): Promise<void> {
  await trx('people').where({ id }).update({ failed_logins: 0, locked_until: null });
}

/** `once`: it holds for the next login only, after which another has to be chosen. A lock ends with it. */
export async function setPassword(
  trx: Knex,
  { id, passwordHash, once }: { readonly id: string; readonly passwordHash: string; readonly once: boolean },
): Promise<void> {
  await trx('people')
    .where({ id })
    .update({ password_hash: passwordHash, must_change_password: once, failed_logins: 0, locked_until: null });
}

/** Holds back other changes of who administers until this one is through. */
export async function otherAdministrators(trx: Knex.Transaction, id: string, bureau: string): Promise<number> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('administrators', 0))`);
  const row = await trx('person_roles as r')
    .join('people as p', 'p.id', 'r.person_id')
    .where({ 'p.active': true, 'r.role': 'administrator', 'r.department_id': bureau })
    .whereNot('p.id', id)
    .first<{ many: string }>(trx.raw('count(*) as many'));
  return Number(row?.many ?? 0);
}

/** A task that somebody could answer: theirs alone where it was handed to them, else of whoever holds the role. */
export interface HeldTask {
  readonly id: string;
  readonly caseId: string;
  readonly number: string;
  readonly role: Role;
  readonly isTheirs: boolean;
  /** Who else holds the role in the department. */
  readonly others: number;
}

const MOST_TASKS = 50;

/** What waits for a person, oldest first. */
export async function openTasksOf(db: Knex, { id, department, roles }: DirectoryPerson): Promise<HeldTask[]> {
  const { rows } = await db.raw<{ rows: HeldTask[] }>(
    `select t.id, t.case_id as "caseId", c.number, t.role, t.holder_id is not null as "isTheirs",
            (select count(*)::int from person_roles r join people p on p.id = r.person_id and p.active
              where r.department_id = t.department_id and p.department_id = t.department_id
                and r.role = t.role and p.id <> :id) as others
       from tasks t join cases c on c.id = t.case_id
      where t.status = 'open'
        and (t.holder_id = :id
             or (t.holder_id is null and t.department_id = :department and t.role = any(:roles::text[])))
      order by t.opened_at, t.id limit ${MOST_TASKS}`,
    { id, department, roles: [...roles] },
  );
  return rows;
}
