import { randomBytes } from 'node:crypto';
import knex, { type Knex } from 'knex';
import { seed } from '../../seed.ts';
import { writeAddresses, writePasswords } from '../../seed/accounts.ts';
import { accounts, databaseOf, departments, sourceOf } from '../../seed/departments.ts';
import { seal } from '../../store/sealed.ts';

/** A seeded platform that is made once in a run; every test file that needs one gets a copy of its databases. */
export interface Seeded {
  readonly platform: string;
  /** The password of all accounts. */
  readonly password: string;
  /** What its connections are sealed with, in hexadecimal digits. */
  readonly secretKey: string;
}

interface Making {
  readonly adminUrl: (database?: string) => string;
  /** A database with all migrations applied, which nobody is connected to. */
  readonly template: string;
  readonly dataDir: string;
}

const seededDatabase = (department: string): string => `seeded_${databaseOf(department)}`;

/** Makes the databases that are copied. */
export async function makeSeeded({ adminUrl, template, dataDir }: Making): Promise<Seeded> {
  const platform = 'seeded_santong';
  const secretKey = randomBytes(32);
  const password = randomBytes(12).toString('base64url');
  const admin = connect(adminUrl());
  try {
    await admin.raw(`create database ${platform} template ${template} owner santong`);
    const database = connect(adminUrl(platform));
    await seed({
      platform: database,
      departmentsAdminUrl: adminUrl(),
      secretKey,
      dataDir,
      password,
      databaseName: seededDatabase,
      sizes: { companies: 50, persons: 200 },
    }).finally(() => database.destroy());
    // What a role owns is handed over in each copy; the database that is copied must not go with it.
    for (const { id } of departments) await admin.raw('alter database ?? owner to current_user', [seededDatabase(id)]);
  } finally {
    await admin.destroy();
  }
  return { platform, password, secretKey: secretKey.toString('hex') };
}

export interface Copying {
  readonly adminUrl: (database?: string) => string;
  /** The copy of the platform's own database. */
  readonly platform: Knex;
  readonly secretKey: Uint8Array;
  readonly password: string;
  readonly dataDir: string;
  /** What the copies of a department's database and role are called. */
  readonly databaseName: (department: string) => string;
}

/** Copies the departments' databases, each for a role of its own, and lets the platform into them. */
export async function copyDepartments({ adminUrl, platform, ...copying }: Copying): Promise<void> {
  const { databaseName, secretKey, dataDir, password } = copying;
  const admin = connect(adminUrl(), 3);
  const addresses = new Map<string, string>();
  try {
    await Promise.all(
      departments.map(async ({ id }) => {
        const name = databaseName(id);
        const address = new URL(adminUrl(name));
        address.username = name;
        address.password = randomBytes(18).toString('base64url');
        await admin.raw(`create role ?? login password '${address.password}'`, [name]);
        await admin.raw('create database ?? template ?? owner ??', [name, seededDatabase(id), name]);
        await admin.raw('revoke all on database ?? from public', [name]);
        const copy = connect(adminUrl(name));
        await copy.raw('reassign owned by ?? to ??', [seededDatabase(id), name]).finally(() => copy.destroy());
        addresses.set(id, address.href);
      }),
    );
  } finally {
    await admin.destroy();
  }
  for (const [id, address] of addresses) {
    const sealed = Buffer.from(seal(secretKey, address));
    await platform('data_sources')
      .where({ id: sourceOf(id) })
      .update({ sealed_connection: sealed });
  }
  await writeAddresses(dataDir, addresses);
  await writePasswords(dataDir, accounts, password);
}

function connect(url: string, max = 1): Knex {
  return knex({ client: 'pg', connection: url, pool: { min: 0, max } });
}
