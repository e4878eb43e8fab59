import knex, { type Knex } from 'knex';

/** Text of the rows of every table, in an order of their own. */
export type Dump = Readonly<Record<string, readonly string[]>>;

/**
 * Columns that a row built again may have another value in, each for a reason:
 * - `recorded_at`: an event that is appended is recorded now;
 * - `outbox.id`: what is appended waits to be told anew.
 */
const VOLATILE: Readonly<Record<string, readonly string[]>> = {
  events: ['recorded_at'],
  outbox: ['id', 'recorded_at'],
};

async function tablesOf(db: Knex): Promise<string[]> {
  const rows = await db('pg_tables').where({ schemaname: 'public' }).orderBy('tablename').pluck<string[]>('tablename');
  return rows.filter((name) => !name.startsWith('knex_'));
}

/** Every row of every table but for the columns that are volatile; `more` are those of the occasion. */
export async function dump(db: Knex, more: Readonly<Record<string, readonly string[]>> = {}): Promise<Dump> {
  const read = (await tablesOf(db)).map(async (table) => {
    const without = [...(VOLATILE[table] ?? []), ...(more[table] ?? [])];
    const { rows } = await db.raw<{ rows: { row: string }[] }>(
      'select (to_jsonb(t) - ?::text[])::text as row from ?? t order by 1',
      [without as never, table],
    );
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

export interface Backup {
  /** Puts every row and every sequence back to what it was, whatever happened since. */
  restore(): Promise<void>;
}

/** A back-up of a platform's database, kept beside it in the same one; `adminUrl` is the superuser's address of it. */
export async function backUp(adminUrl: string, name: string): Promise<Backup> {
  const schema = `backup_${name}`;
  const within = async (work: (db: Knex) => Promise<void>): Promise<void> => {
    const db = knex({ client: 'pg', connection: adminUrl, pool: { min: 0, max: 1 } });
    try {
      await db.transaction(async (trx) => {
        // Rows come back in any order.
        await trx.raw('set local session_replication_role = replica');
        await work(trx);
      });
    } finally {
      await db.destroy();
    }
  };
  await within(async (db) => {
    await db.raw('create schema ??', [schema]);
    for (const table of await tablesOf(db)) await db.raw('create table ??.?? as table ??', [schema, table, table]);
    await db.raw(
      'create table ??."sequences of it" as select sequencename as name, last_value from pg_sequences where schemaname = ?',
      [schema, 'public'],
    );
  });
  return {
    restore: () =>
      within(async (db) => {
        const tables = await tablesOf(db);
        await db.raw(`truncate ${tables.map(() => '??').join(', ')} cascade`, tables);
        for (const table of tables) {
          await db.raw('insert into ?? overriding system value select * from ??.??', [table, schema, table]);
        }
        await db.raw(
          'select setval(format(?, name)::regclass, coalesce(last_value, 1), last_value is not null) from ??."sequences of it"',
          ['%I', schema],
        );
      }),
  };
}
