import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { loadConfig, projectRoot, settingsOrEnd } from './config.ts';
import { hashPassword, writeAddresses, writePasswords } from './seed/accounts.ts';
import { seedArticles } from './seed/articles.ts';
import { CALENDAR_SOURCE, firstCalendar } from './seed/calendar.ts';
import { catalogue } from './seed/catalogue.ts';
import { accounts, databaseOf, departments, sourceOf } from './seed/departments.ts';
import type { SeedDepartment } from './seed/departments.ts';
import { seedServices } from './seed/services.ts';
import { csvOf, DEFAULT_SIZES, tableOf } from './seed/tables.ts';
import type { SyntheticSizes } from './seed/tables.ts';
import { ensureDepartmentDatabase, ensureReceivedSchema, loadTable } from './store/department-databases.ts';
import { seal, unseal } from './store/sealed.ts';
import * as seeding from './store/seeding.ts';

export interface SeedOptions {
  /** The platform's database, migrated. */
  readonly platform: Knex;
  /** An administrator's address on the server that the departments' databases are made on. */
  readonly departmentsAdminUrl: string;
  /** 32 bytes: seals the connections to the departments' databases. */
  readonly secretKey: Uint8Array;
  /** Where `accounts.json` and `departments.json` are written. */
  readonly dataDir: string;
  /** One password for all accounts; absent: a random one each. */
  readonly password?: string;
  readonly sizes?: SyntheticSizes;
  /** The name of a department's database and role; `dept_<department>` unless one server holds several seeds, as in tests. */
  readonly databaseName?: (departmentId: string) => string;
  /** More to seed in the same transaction, after the rest. */
  readonly also?: readonly ((transaction: Knex) => Promise<void>)[];
}

/**
 * Departments, accounts, their databases with data, catalogue and calendar. It may run at every start, and again after it
 * was cut off anywhere: the platform's rows come in one transaction, each table of a department in one of its own, and what
 * is there is left alone. Connections by socket are written anew when the server's socket has moved.
 */
export async function seed(options: SeedOptions): Promise<void> {
  await options.platform.transaction(async (transaction) => {
    await seeding.lockSeeding(transaction);
    await seeding.insertDepartments(transaction, departments);
    await seedDatabases(transaction, options);
    await seedAccounts(transaction, options);
    for (const entry of catalogue) await seeding.insertEntry(transaction, entry);
    await seeding.insertCalendar(transaction, await firstCalendar(DATA), CALENDAR_SOURCE);
    await seedServices(transaction);
    await seedArticles(transaction);
    for (const more of options.also ?? []) await more(transaction);
  });
}

const DATA = join(projectRoot, 'data');

async function seedDatabases(transaction: Knex, options: SeedOptions): Promise<void> {
  const admin = knex({ client: 'pg', connection: options.departmentsAdminUrl, pool: { min: 0, max: 1 } });
  try {
    const addresses = new Map<string, string>();
    for (const department of departments) {
      const address = await seedDatabase(transaction, admin, { department, options });
      // One that an administrator set to another server is theirs, and not written down.
      if (new URL(address).host === new URL(options.departmentsAdminUrl).host) addresses.set(department.id, address);
    }
    await writeAddresses(options.dataDir, addresses);
  } finally {
    await admin.destroy();
  }
}

/** Returns the address of the department's database. */
async function seedDatabase(
  transaction: Knex,
  admin: Knex,
  { department, options }: { department: SeedDepartment; options: SeedOptions },
): Promise<string> {
  const id = sourceOf(department.id);
  const sealed = await seeding.sealedConnection(transaction, id);
  const before = sealed === undefined ? undefined : new URL(unseal(options.secretKey, sealed));
  if (before !== undefined && !isBySocket(before)) return before.href;

  const name = (options.databaseName ?? databaseOf)(department.id);
  const password = before?.password ?? randomBytes(24).toString('base64url');
  await ensureDepartmentDatabase(admin, name, password);
  const address = new URL(options.departmentsAdminUrl);
  address.username = name;
  address.password = password;
  address.pathname = `/${name}`;
  await fill(address.href, department.id, options.sizes ?? DEFAULT_SIZES);
  if (before?.href === address.href) return address.href;
  await seeding.putDataSource(transaction, {
    id,
    department: department.id,
    name: `${department.name}主库`,
    sealed: seal(options.secretKey, address.href),
  });
  return address.href;
}

/** A source by socket is on this machine and was made here; any other was set by an administrator and stays. */
function isBySocket(address: URL): boolean {
  return address.searchParams.get('host')?.startsWith('/') === true;
}

async function fill(connectionString: string, departmentId: string, sizes: SyntheticSizes): Promise<void> {
  const client = new pg.Client({ connectionString });
  // The query under way is rejected as well; unheard, this event would end the process without a word why.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await ensureReceivedSchema(client);
    for (const entry of catalogue.filter((candidate) => candidate.provider === departmentId)) {
      await loadTable(client, tableOf(entry), await csvOf(entry, DATA, sizes));
    }
  } finally {
    await client.end();
  }
}

async function seedAccounts(transaction: Knex, options: SeedOptions): Promise<void> {
  const missing = await seeding.missingPeople(
    transaction,
    accounts.map((account) => account.account),
  );
  const newcomers = accounts.filter((account) => missing.has(account.account));
  const written = await writePasswords(options.dataDir, newcomers, options.password);
  // One password for all is hashed once: another salt would hide nothing.
  const hashes = new Map<string, Promise<string>>();
  const hashOf = (password: string): Promise<string> => {
    const hash = hashes.get(password) ?? hashPassword(password);
    hashes.set(password, hash);
    return hash;
  };
  const hashed = await Promise.all(
    written.map(async (person) => ({ ...person, id: person.account, passwordHash: await hashOf(person.password) })),
  );
  for (const person of hashed) await seeding.insertPerson(transaction, person);
}

async function main(): Promise<void> {
  const config = settingsOrEnd(() => loadConfig(process.env));
  if (config.departmentsDatabaseUrl === undefined) {
    throw new Error(
      'SANTONG_DEPARTMENTS_DATABASE_URL 没有设置：准备演示数据时在那里建立各部门的数据库。 ' +
        'SANTONG_DEPARTMENTS_DATABASE_URL is missing: seeding makes the departments’ databases there.',
    );
  }
  const platform = knex({ client: 'pg', connection: config.databaseUrl, pool: { min: 0, max: 2 } });
  try {
    await seed({
      platform,
      departmentsAdminUrl: config.departmentsDatabaseUrl,
      secretKey: config.secretKey,
      dataDir: config.dataDir,
      ...(config.demoPassword === undefined ? {} : { password: config.demoPassword }),
    });
  } finally {
    await platform.destroy();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
