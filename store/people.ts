import type { Knex } from 'knex';
import type { Actor } from '../domain/language.ts';

/** An account as login sees it. */
export interface Account {
  readonly id: string;
  readonly passwordHash: string;
  /** Seconds for which no login is tried any more; 0 when not locked. */
  readonly lockedFor: number;
}

/** The cost of an account's password: Argon2id with the least that OWASP advises, 19 MiB, two passes, about 20 ms. */
export const PASSWORD_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** After so many failures in a row an account is locked for so long. */
export const LOCK_OUT = { failures: 5, seconds: 900 } as const;

export async function findAccount(db: Knex, id: string): Promise<Account | undefined> {
  const { rows } = await db.raw<{ rows: { id: string; hash: string; locked: number }[] }>(
    `select id, password_hash as hash,
            greatest(0, ceil(extract(epoch from locked_until - now())))::int as locked
       from people where id = ? and active`,
    [id],
  );
  const [row] = rows;
  return row && { id: row.id, passwordHash: row.hash, lockedFor: row.locked ?? 0 };
}

/** Counts a failed login; the one that reaches the limit locks the account and starts the count afresh. */
export async function noteFailedLogin(db: Knex, id: string): Promise<void> {
  await db.raw(
    `update people
        set failed_logins = case when failed_logins + 1 >= :failures then 0 else failed_logins + 1 end,
            locked_until = case when failed_logins + 1 >= :failures
                                then now() + make_interval(secs => :seconds) else locked_until end
      where id = :id`,
    { id, ...LOCK_OUT },
  );
}

export async function noteLogin(db: Knex, id: string): Promise<void> {
  await db('people').where({ id }).update({ failed_logins: 0, last_login_at: db.fn.now() });
}

export async function setPassword(db: Knex, id: string, passwordHash: string): Promise<void> {
  await db('people').where({ id }).update({ password_hash: passwordHash });
}

/** Whether somebody who is active has this account. */
export async function isAccount(db: Knex, id: string): Promise<boolean> {
  return (await db('people').where({ id, active: true }).first('id')) !== undefined;
}

/** People who are active as they could act: each in the department of their account, with the roles they hold there. */
const ACTORS = `select p.id as person, p.department_id as department, array_agg(r.role order by r.role) as roles
  from people p join person_roles r on r.person_id = p.id and r.department_id = p.department_id
 where p.active`;

/** A person as they could act; undefined where there is none, or without a role. */
export async function findActor(db: Knex, id: string): Promise<Actor | undefined> {
  const { rows } = await db.raw<{ rows: Actor[] }>(`${ACTORS} and p.id = ? group by p.id`, [id]);
  return rows[0];
}

/** Everybody of some departments as they could act. */
export async function actorsIn(db: Knex, departments: readonly string[]): Promise<Actor[]> {
  if (departments.length === 0) return [];
  const { rows } = await db.raw<{ rows: Actor[] }>(
    `${ACTORS} and p.department_id = any(?) group by p.id order by p.id`,
    [departments as string[]] as never,
  );
  return rows;
}

/** The names of some people, and everybody of some departments as they could act: what showing cases takes, in one go. */
export async function peopleAround(
  db: Knex,
  { ids, departments }: { readonly ids: readonly string[]; readonly departments: readonly string[] },
): Promise<{ readonly names: ReadonlyMap<string, string>; readonly colleagues: readonly Actor[] }> {
  const { rows } = await db
    .raw<{ rows: (Actor & { name: string; isColleague: boolean })[] }>(
      `select p.id as person, p.name, p.department_id as department,
              p.active and p.department_id = any(:departments::text[]) as "isColleague",
              array(select r.role from person_roles r
                     where r.person_id = p.id and r.department_id = p.department_id order by r.role) as roles
         from people p
        where p.id = any(:ids::text[]) or (p.active and p.department_id = any(:departments::text[]))
        order by p.id`,
      { ids: [...new Set(ids)], departments: [...new Set(departments)] },
    )
    .options({ name: 'people-around' });
  return {
    names: new Map(rows.map(({ person, name }) => [person, name])),
    colleagues: rows.flatMap(({ person, department, roles, isColleague }) =>
      isColleague && roles.length > 0 ? [{ person, department, roles }] : [],
    ),
  };
}

/** In whose name the platform itself files. */
export const PLATFORM = 'santong';

/** Makes the platform somebody that a case can name. It has no role, and nobody can log in as it. */
export async function putPlatform(db: Knex, department: string): Promise<void> {
  await db('people')
    .insert({ id: PLATFORM, name: '三通平台', department_id: department, password_hash: '!', active: false })
    .onConflict('id')
    .ignore();
}

/** The names of people, by id. */
export async function namesOfPeople(db: Knex, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db('people')
    .select<{ id: string; name: string }[]>('id', 'name')
    .whereIn('id', [...new Set(ids)]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Who holds which role where, of those who are active. */
export async function holdersOfRoles(
  db: Knex,
): Promise<{ readonly person: string; readonly role: string; readonly department: string }[]> {
  return db('person_roles as r')
    .join('people as p', 'p.id', 'r.person_id')
    .where('p.active', true)
    .select('r.person_id as person', 'r.role', 'r.department_id as department');
}
