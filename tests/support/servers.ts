import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import knex, { type Knex } from 'knex';
import type { Seeded } from './seeded.ts';
import { until } from './until.ts';

/** Where the servers of this run are, as the process that keeps them says. */
export interface TestServers {
  readonly adminUrl: string;
  readonly santongPassword: string;
  readonly template: string;
  readonly temporal: { readonly value: string } | { readonly error: string };
  readonly testServer: { readonly value: string } | { readonly error: string };
  /** Where the bundle of workflows is, once it is made; why it is not, at the same path with `.error`. */
  readonly workflowBundle: string;
  /** Where it says which databases are copied for a seeded platform, once they are made. */
  readonly seeded: string;
}

export interface TestDatabase {
  readonly name: string;
  /** The address for the role that owns the database. */
  readonly url: string;
  /** The same database for the superuser, to look behind what its owner may see. */
  readonly adminUrl: string;
  readonly knex: Knex;
  /** Closes `knex`, ends every other connection and removes the database. Call it in afterAll. */
  drop(): Promise<void>;
}

export interface DepartmentDatabase extends TestDatabase {
  /** The login role of this department, which nothing but its own database lets in. */
  readonly role: string;
}

/** A fresh platform database with all migrations applied, owned by the role `santong`. */
export async function platformDatabase(): Promise<TestDatabase> {
  return copyOf(servers().template);
}

async function copyOf(template: string): Promise<TestDatabase> {
  const name = unique('santong');
  await asAdmin((admin) => admin.raw(`create database ${name} template ${template} owner santong`));
  return handle(name, 'santong', servers().santongPassword);
}

/** A fresh database without a table, owned by the role `santong`. */
export async function emptyDatabase(prefix = 'empty'): Promise<TestDatabase> {
  const name = unique(prefix);
  await asAdmin((admin) => admin.raw(`create database ${name} owner santong`));
  return handle(name, 'santong', servers().santongPassword);
}

/** A fresh, empty database of a department (`civil-affairs`), with a login role of its own that owns it alone. */
export async function departmentDatabase(department: string): Promise<DepartmentDatabase> {
  const name = unique(`dept_${department.replaceAll('-', '_')}`);
  const password = randomBytes(18).toString('base64url');
  await asAdmin(async (admin) => {
    await admin.raw(`create role ${name} login password '${password}'`);
    await admin.raw(`create database ${name} owner ${name}`);
    await admin.raw(`revoke connect on database ${name} from public`);
  });
  const database = handle(name, name, password);
  return {
    ...database,
    role: name,
    async drop() {
      await database.drop();
      await asAdmin((admin) => admin.raw(`drop role if exists ${name}`));
    },
  };
}

/** The address of the superuser on the test server, where seeding can make databases. */
export function adminUrl(database = 'postgres'): string {
  return at(servers().adminUrl, { database });
}

/** `host:port` of the real Temporal server. It is shared: task queues and workflow ids must be a test's own. */
export function temporalAddress(): string {
  return valueOf(servers().temporal);
}

/** The path of the Temporal server that skips time. */
export function testServerPath(): string {
  return valueOf(servers().testServer);
}

/** The code of the workflows, bundled once for the whole run. */
export async function workflowBundle(): Promise<{ readonly codePath: string }> {
  const { workflowBundle: codePath } = servers();
  await published(codePath);
  return { codePath };
}

/** A fresh copy of the seeded platform's own database, and what goes with it. */
export async function seededDatabase(): Promise<{ readonly database: TestDatabase; readonly seeded: Seeded }> {
  const path = servers().seeded;
  await published(path);
  const seeded = JSON.parse(readFileSync(path, 'utf8')) as Seeded;
  return { database: await copyOf(seeded.platform), seeded };
}

/** Waits for what the process that keeps the servers makes in the meantime. */
async function published(path: string): Promise<void> {
  await until(async () => existsSync(path) || existsSync(`${path}.error`));
  if (!existsSync(path)) throw new Error(readFileSync(`${path}.error`, 'utf8'));
}

/** A name that no other test, file or run uses: `prefix_` and twelve hexadecimal digits. */
export function unique(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}

function handle(name: string, role: string, password: string): TestDatabase {
  const url = at(servers().adminUrl, { role, password, database: name });
  const connection = knex({ client: 'pg', connection: url, pool: { min: 0, max: 5 } });
  return {
    name,
    url,
    adminUrl: adminUrl(name),
    knex: connection,
    async drop() {
      await connection.destroy();
      await asAdmin((admin) => admin.raw(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asAdmin(work: (admin: Knex) => Promise<unknown>): Promise<void> {
  const admin = knex({ client: 'pg', connection: adminUrl(), pool: { min: 0, max: 1 } });
  try {
    await work(admin);
  } finally {
    await admin.destroy();
  }
}

function at(base: string, parts: { role?: string; password?: string; database?: string }): string {
  const url = new URL(base);
  if (parts.role !== undefined) url.username = parts.role;
  if (parts.password !== undefined) url.password = parts.password;
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  return url.href;
}

function servers(): TestServers {
  const told = process.env['SANTONG_TEST_SERVERS'];
  if (told === undefined)
    throw new Error('The servers for tests run only under jest with the configuration of this project');
  return JSON.parse(told) as TestServers;
}

function valueOf(outcome: TestServers['temporal']): string {
  if ('error' in outcome) throw new Error(outcome.error);
  return outcome.value;
}
