import knex from 'knex';
import type { Postgres } from './postgres.ts';

/** Makes the platform's role and database where they are missing, and closes the server's own databases to other roles. */
export async function ensurePlatformDatabase(postgres: Postgres, password: string): Promise<string> {
  const admin = knex({ client: 'pg', connection: postgres.adminUrl(), pool: { min: 0, max: 1 } });
  try {
    const { rows: roles } = await admin.raw("select 1 from pg_roles where rolname = 'santong'");
    // The password is our own and holds letters, digits, - and _ only.
    await admin.raw(`${roles.length > 0 ? 'alter' : 'create'} role santong login password '${password}'`);
    const { rows: databases } = await admin.raw("select 1 from pg_database where datname = 'santong'");
    if (databases.length === 0) await admin.raw('create database santong owner santong');
    await admin.raw('revoke connect on database santong, postgres from public');
  } finally {
    await admin.destroy();
  }
  return postgres.url('santong', password, 'santong');
}
