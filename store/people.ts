import type { Knex } from 'knex';

/** An account as login sees it. */
export interface Account {
  readonly id: string;
  readonly passwordHash: string;
  /** Seconds for which no login is tried any more; 0 when not locked. */
  readonly lockedFor: number;
}

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
  await db('people').where({ id }).andWhere('failed_logins', '>', 0).update({ failed_logins: 0 });
}

/** The names of people, by id. */
export async function namesOfPeople(db: Knex, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db('people')
    .select<{ id: string; name: string }[]>('id', 'name')
    .whereIn('id', [...new Set(ids)]);
  return new Map(rows.map((row) => [row.id, row.name]));
}
