import type pg from 'pg';
import type { DataSource } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import type { Side } from '../../domain/delivery-failure.ts';
import { startMariaDb } from './mariadb.ts';
import { departmentDatabase } from './servers.ts';
import { connected } from './transfer.ts';

/** A department's database of one kind, as the tests that every connector has to pass see it. */
export interface DatabaseUnderTest {
  /** Where the department's own tables are. */
  readonly schema: string;
  readonly url: string;
  at(side: Side, sourceId: string): DataSource;
  /** Runs a statement of the department's own; all values as texts. */
  run(sql: string): Promise<Record<string, string | null>[]>;
  /** Fills a table of the department's with rows. */
  insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** A table of the platform's as SQL names it. */
  received(table: string): string;
  /** The names of the tables of the platform's in it. */
  receivedTables(): Promise<string[]>;
  /** Ends every session of a delivery. */
  cutDeliveries(): Promise<void>;
  drop(): Promise<void>;
}

export interface ConnectorUnderTest {
  readonly name: string;
  open(department: string): Promise<DatabaseUnderTest>;
  /** The types of the table of persons, in the order of `PERSONS`. */
  readonly types: Readonly<Record<(typeof PERSONS)[number], string>>;
  /** Changes a row's time whenever it is written. */
  readonly stamped: string;
  /** Makes the column `born` a text. */
  readonly bornAsText: string;
  close(): Promise<void>;
}

export const PERSONS = [
  'id',
  'code',
  'name',
  'phone',
  'district',
  'born',
  'balance',
  'seen',
  'active',
  'note',
  'serial',
  'weight',
  'photo',
  'gone',
] as const;

/** Creates the department's table of persons, which every kind of database can hold. */
export function createPersons({ types, stamped }: ConnectorUnderTest, table = 'persons'): string {
  const columns = PERSONS.map((name) => `${name} ${types[name]}`).join(', ');
  return `create table ${table} (${columns}, changed ${stamped}, primary key (id))`;
}

/** PostgreSQL, or what speaks its protocol, opened in another way. */
export function postgresConnector(
  name = 'PostgreSQL',
  open: typeof databaseSource = databaseSource,
): ConnectorUnderTest {
  return {
    name,
    types: {
      id: 'integer not null',
      code: 'varchar(40)',
      name: 'varchar(100)',
      phone: 'text',
      district: 'text',
      born: 'date',
      balance: 'numeric(14,2)',
      seen: 'timestamp',
      active: 'boolean',
      note: 'text',
      serial: 'bigint',
      weight: 'double precision',
      photo: 'bytea',
      gone: 'boolean',
    },
    stamped: "timestamptz default '2026-01-01 00:00:00+00'",
    bornAsText: 'alter table persons alter column born type text',
    async open(department) {
      const database = await departmentDatabase(department);
      return {
        schema: 'public',
        url: database.url,
        at: (side, sourceId) => open(side, sourceId, database.url),
        run: (sql) => askPostgres(database.url, sql),
        async insert(table, rows) {
          if (rows.length > 0) await database.knex.batchInsert(table, [...rows], 500);
        },
        received: (table) => `received."${table}"`,
        async receivedTables() {
          const rows = await askPostgres(
            database.url,
            `select tablename as name from pg_tables where schemaname = 'received'`,
          );
          return rows.map(({ name }) => name ?? '').toSorted();
        },
        async cutDeliveries() {
          await askPostgres(
            database.adminUrl,
            `select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and application_name like 'santong %'`,
          );
        },
        drop: () => database.drop(),
      };
    },
    close: async () => undefined,
  };
}

async function askPostgres(url: string, sql: string): Promise<Record<string, string | null>[]> {
  return connected(url, async (client) => {
    const { rows } = await client.query<Record<string, string | null>>({
      text: sql,
      types: { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig,
    });
    return rows;
  });
}

export function mariaDbConnector(): ConnectorUnderTest {
  let started: ReturnType<typeof startMariaDb> | undefined;
  return {
    name: 'MariaDB',
    types: {
      id: 'int not null',
      code: 'varchar(40)',
      name: 'varchar(100)',
      phone: 'varchar(40)',
      district: 'varchar(40)',
      born: 'date',
      balance: 'decimal(14,2)',
      seen: 'datetime(6)',
      active: 'boolean',
      note: 'text',
      serial: 'bigint',
      weight: 'double',
      photo: 'varbinary(100)',
      gone: 'boolean',
    },
    stamped: "timestamp(6) default '2026-01-01 00:00:00'",
    bornAsText: 'alter table persons modify born text',
    async open() {
      const server = await (started ??= startMariaDb());
      const database = await server.database();
      return {
        schema: database.name,
        url: database.url,
        at: (side, sourceId) => databaseSource(side, sourceId, database.url),
        run: (sql) => database.run(sql),
        async insert(table, rows) {
          for (let at = 0; at < rows.length; at += 500) {
            const some = rows.slice(at, at + 500);
            const names = Object.keys(some[0] ?? {});
            const marks = some.map(() => `(${names.map(() => '?').join(', ')})`).join(', ');
            const values = some.flatMap((row) => names.map((name) => row[name] ?? null));
            await database.run(`insert into ${table} (${names.join(', ')}) values ${marks}`, values);
          }
        },
        received: (table) => `\`${table}\``,
        async receivedTables() {
          const rows = await database.run(
            `select table_name as name from information_schema.tables where table_schema = database() and table_name like 'received%'`,
          );
          return rows.map(({ name }) => name ?? '').toSorted();
        },
        async cutDeliveries() {
          const sessions = await server.admin<{ id: string }>(
            `select id from information_schema.processlist where db = '${database.name}'`,
          );
          for (const { id } of sessions) await server.admin(`kill ${id}`).catch(() => undefined);
        },
        drop: () => server.admin(`drop database ${database.name}`).then(() => undefined),
      };
    },
    async close() {
      await (await started)?.stop();
    },
  };
}
