import { mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { isCreditCode, isIdCard } from '../../domain/check-digits.ts';
import { checkService } from '../../domain/service.ts';
import { seed } from '../../seed.ts';
import type { WrittenAccount } from '../../seed/accounts.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { accounts, databaseOf, departments, sourceOf } from '../../seed/departments.ts';
import { columnType } from '../../seed/tables.ts';
import { seal, unseal } from '../../store/sealed.ts';
import { adminUrl, platformDatabase, unique } from '../support/servers.ts';
import type { TestDatabase } from '../support/servers.ts';

const secretKey = Buffer.alloc(32, 7);
const suffix = unique('');
const databaseName = (department: string): string => databaseOf(department) + suffix;
let platform: TestDatabase;
let dataDir: string;
let admin: Knex;

const run = (departmentsAdminUrl = adminUrl()): Promise<void> =>
  seed({ platform: platform.knex, departmentsAdminUrl, secretKey, dataDir, databaseName });

beforeAll(async () => {
  platform = await platformDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'santong-seed-'));
  admin = knex({ client: 'pg', connection: adminUrl(), pool: { min: 0, max: 1 } });
  await run();
});

test('what can be called in the demonstration is there once, over entries whose items its filters are of', async () => {
  await run();
  const services = await platform
    .knex('services')
    .select('id', 'revision', 'entry_id as entryId', 'body')
    .orderBy('id');
  expect(services.map(({ id, revision }) => `${id} ${revision}`)).toEqual(['companies 1', 'divisions 1']);
  for (const { entryId, body } of services) {
    const entry = catalogue.find(({ id }) => id === entryId);
    expect(checkService(body, entry)).toEqual([]);
  }
});

afterAll(async () => {
  for (const { id } of departments) {
    await admin.raw('drop database if exists ?? with (force)', [databaseName(id)]);
    await admin.raw('drop role if exists ??', [databaseName(id)]);
  }
  await admin.destroy();
  await platform.drop();
  await rm(dataDir, { recursive: true });
});

async function address(department: string): Promise<string> {
  const row = await platform
    .knex('data_sources')
    .first('sealed_connection')
    .where({ id: sourceOf(department) });
  return unseal(secretKey, row.sealed_connection);
}

async function inDepartment<T>(department: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await address(department) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function writtenAccounts(): Promise<WrittenAccount[]> {
  return (JSON.parse(await readFile(join(dataDir, 'accounts.json'), 'utf8')) as { accounts: WrittenAccount[] })
    .accounts;
}

const rowsOf = async (entry: TableEntry): Promise<number> =>
  inDepartment(entry.provider, async (client) => {
    const table = `${pg.escapeIdentifier(entry.mount.schema)}.${pg.escapeIdentifier(entry.mount.table)}`;
    return Number((await client.query(`select count(*) from ${table}`)).rows[0].count);
  });

test.each(catalogue)('the entry $id is mounted on a table with exactly its items, comments and key', async (entry) => {
  const columns = await inDepartment(entry.provider, async (client) => {
    const found = await client.query(
      `select attname as name, format_type(atttypid, atttypmod) as type, col_description(attrelid, attnum) as comment
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [`${entry.mount.schema}.${entry.mount.table}`],
    );
    return found.rows as { name: string; type: string; comment: string }[];
  });
  const spelt = (type: string): string =>
    type.replace('character varying', 'varchar').replace('timestamp with time zone', 'timestamptz');
  expect(columns.map((column) => ({ name: column.name, type: spelt(column.type) }))).toEqual(
    entry.items.map((item) => ({ name: item.id, type: columnType(item) })),
  );
  const isMade = entry.provenance.includes('合成数据');
  for (const [index, column] of columns.entries()) {
    expect(column.comment).toContain(entry.items[index]?.name);
    expect(column.comment.includes('合成数据')).toBe(isMade);
  }
  const keys = await inDepartment(entry.provider, async (client) => {
    const found = await client.query(
      `select attname as name from pg_index, unnest(indkey) with ordinality as part (attnum, place)
       join pg_attribute using (attnum) where indrelid = $1::regclass and indisprimary and attrelid = indrelid
       order by place`,
      [`${entry.mount.schema}.${entry.mount.table}`],
    );
    return found.rows.map((row: { name: string }) => row.name);
  });
  expect(keys).toEqual(entry.key);
});

test('the departments hold their real data whole', async () => {
  const counts = Object.fromEntries(await Promise.all(catalogue.map(async (entry) => [entry.id, await rowsOf(entry)])));
  expect(counts).toEqual({
    'divisions-2026': 41_963,
    'division-code-changes': 5_276,
    'divisions-villages': 2_906,
    holidays: 769,
    'district-coordinates': 113,
    companies: 2_000,
    persons: 5_000,
    'sealed-juvenile-records': 40,
  });
});

test('Shenyang has 13 districts and 181 townships in the register, 190 streets and 2,703 villages in the statistics', async () => {
  const levels = async (department: string, table: string): Promise<Record<string, number>> =>
    inDepartment(department, async (client) => {
      const sql = `select level, count(*)::int as rows from ${table} where code like '2101__%' and level > 2 group by level`;
      const { rows } = await client.query<{ level: number; rows: number }>(sql);
      return Object.fromEntries(rows.map((row) => [row.level, row.rows]));
    });
  expect(await levels('civil-affairs', 'divisions_2026')).toEqual({ 3: 13, 4: 181 });
  expect(await levels('statistics', 'divisions_villages')).toEqual({ 3: 13, 4: 190, 5: 2_703 });
});

test('made-up companies and persons have distinct codes with valid check characters', async () => {
  const column = async (department: string, sql: string): Promise<string[]> =>
    inDepartment(department, async (client) => (await client.query(sql)).rows.map((row) => String(row.value)));
  const codes = await column('market-regulation', 'select credit_code as value from companies');
  const numbers = await column('public-security', 'select id_card as value from persons');
  expect(codes.filter((code) => !isCreditCode(code))).toEqual([]);
  expect(numbers.filter((number) => !isIdCard(number))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('every department of the platform has a well-formed credit code and an own database for deliveries', async () => {
  const rows = await platform.knex('departments').select('id', 'credit_code').orderBy('sort');
  expect(rows.map((row) => row.id)).toEqual(departments.map((department) => department.id));
  expect(rows.filter((row) => !isCreditCode(row.credit_code))).toEqual([]);
  for (const { id } of departments) {
    await inDepartment(id, (client) => client.query('create table received.probe (); drop table received.probe'));
  }
});

test('neither another department nor the platform gets into a department’s database', async () => {
  const own = new URL(await address('statistics'));
  const foreign = new URL(own);
  foreign.pathname = `/${databaseName('public-security')}`;
  const asPlatform = new URL(platform.url);
  asPlatform.pathname = foreign.pathname;
  for (const url of [foreign, asPlatform]) {
    const client = new pg.Client({ connectionString: url.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
  }
});

test('every account can log in with the password that was written down, for its owner only', async () => {
  const written = await writtenAccounts();
  expect((await stat(join(dataDir, 'accounts.json'))).mode & 0o777).toBe(0o600);
  expect(written).toEqual(accounts.map((account) => ({ ...account, password: expect.any(String) })));
  expect(new Set(written.map((account) => account.password)).size).toBe(25);
  const people = await platform.knex('people').select('id', 'password_hash');
  for (const { id, password_hash } of people) {
    const password = written.find((account) => account.account === id)?.password ?? '';
    expect(await verify(password_hash, password)).toBe(true);
  }
  const roles = await platform.knex('person_roles').where({ person_id: 'civil-affairs.lead' });
  expect(roles).toMatchObject([{ department_id: 'civil-affairs', role: 'sharing-lead' }]);
});

test('the catalogue and the first calendar are in the platform’s database as they were authored', async () => {
  const entries = await platform.knex('catalogue_entries').select('id', 'body').where({ current: true });
  expect(new Map(entries.map((row) => [row.id, row.body]))).toEqual(
    new Map(catalogue.map((entry) => [entry.id, entry])),
  );
  const calendar: Calendar = (await platform.knex('calendars').first('body').where({ version: 1 })).body;
  expect(calendar.official).toEqual(Array.from({ length: 23 }, (_, index) => 2_004 + index));
  expect(calendar.provisional[0]).toBe(2_027);
});

test('seeding again changes nothing', async () => {
  const snapshot = async (): Promise<unknown> => [
    await platform.knex('people').orderBy('id'),
    await platform.knex('data_sources').orderBy('id'),
    await platform.knex('catalogue_entries').orderBy('id'),
    await writtenAccounts(),
    await Promise.all(catalogue.map(rowsOf)),
  ];
  const before = await snapshot();
  await run();
  expect(await snapshot()).toEqual(before);
});

test('when the server’s socket has moved, seeding writes the connections anew, but not one that an administrator set', async () => {
  const set = 'postgresql://reader:secret@10.0.0.7:5432/register';
  const before = await platform
    .knex('data_sources')
    .first()
    .where({ id: sourceOf('transport') });
  await platform
    .knex('data_sources')
    .where({ id: before.id })
    .update({ sealed_connection: seal(secretKey, set) });
  const moved = new URL(adminUrl());
  const link = join(dataDir, 'moved');
  await symlink(moved.searchParams.get('host') ?? '', link);
  moved.searchParams.set('host', link);

  await run(moved.href);

  expect(new URL(await address('statistics')).searchParams.get('host')).toBe(link);
  expect(await inDepartment('statistics', async (client) => (await client.query('select 1')).rowCount)).toBe(1);
  expect(await address('transport')).toBe(set);
  await platform.knex('data_sources').where({ id: before.id }).update({ sealed_connection: before.sealed_connection });
  await run();
});
