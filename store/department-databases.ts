import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** A table of a department's own database. */
export interface DepartmentTable {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
  readonly key: readonly string[];
}

/**
 * Makes a department's database and the login role that owns it, or gives an existing role this password. Nobody but that
 * role and the server's administrators may connect. `admin` is connected as a superuser, or as a role that may make both
 * and is given the roles it makes (createrole_self_grant).
 */
export async function ensureDepartmentDatabase(admin: Knex, name: string, password: string): Promise<void> {
  const role = await admin.raw('select from pg_roles where rolname = ?', [name]);
  const how =
    role.rowCount === 0
      ? 'create role ?? login nosuperuser nocreatedb nocreaterole noreplication'
      : // Only a superuser may so much as name the other attributes of a role that is there.
        'alter role ?? login';
  // The verifier rather than the password: a statement may end up in the server's log.
  await admin.raw(`${how} password '${scramVerifier(password)}'`, [name]);
  const database = await admin.raw('select from pg_database where datname = ?', [name]);
  if (database.rowCount === 0) await admin.raw('create database ?? owner ??', [name, name]);
  await admin.raw('revoke all on database ?? from public', [name]);
}

/**
 * Makes a table in `public`, with its comments and key, and fills it from CSV with a header line; all or nothing. Says
 * false, and changes nothing, when the table is there already.
 */
export async function loadTable(client: pg.Client, table: DepartmentTable, csv: Readable): Promise<boolean> {
  const found = await client.query('select to_regclass($1) is not null as there', [`public.${quote(table.name)}`]);
  if (found.rows[0]?.there === true) {
    csv.destroy();
    return false;
  }
  const name = `public.${quote(table.name)}`;
  const columns = table.columns.map((column) => `${quote(column.name)} ${column.type}`);
  await client.query('begin');
  try {
    await client.query(`create table ${name} (${columns.join(', ')})`);
    await client.query(`comment on table ${name} is ${pg.escapeLiteral(table.comment)}`);
    for (const column of table.columns) {
      await client.query(`comment on column ${name}.${quote(column.name)} is ${pg.escapeLiteral(column.comment)}`);
    }
    await pipeline(csv, client.query(copyFrom(`copy ${name} from stdin with (format csv, header match)`)));
    await client.query(`alter table ${name} add primary key (${table.key.map(quote).join(', ')})`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  await client.query(`analyze ${name}`);
  return true;
}

/** Where deliveries land, apart from the department's own tables. */
export async function ensureReceivedSchema(client: pg.Client): Promise<void> {
  await client.query('create schema if not exists received');
  await client.query(
    `comment on schema received is ${pg.escapeLiteral('经共享平台交付的数据 · delivered by the platform')}`,
  );
}

function quote(identifier: string): string {
  return pg.escapeIdentifier(identifier);
}

/** RFC 5803, as PostgreSQL stores it. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const iterations = 4096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyOf = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyOf('Server Key').toString('base64')}`;
}
