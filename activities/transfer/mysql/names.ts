import pg from 'pg';
import type { Session } from '../connector.ts';
import type { Grant } from '../../../domain/grant.ts';
import { targetTableOf } from '../target-table.ts';

/** MySQL knows no schemas within a database: the platform's tables are told by their names. All within 64 characters. */
export const LEDGER = '"received_deliveries"';

export function tableOf(grant: Grant): string {
  return `received_${targetTableOf(grant)}`;
}

export function qualified(table: string): string {
  return pg.escapeIdentifier(table);
}

/** Where the rows of the next delivery gather. */
export function stagingOf(table: string): string {
  return `${table}_s`;
}

/** What the table held before the last delivery, until it is dropped. */
export function oldOf(table: string): string {
  return `${table}_o`;
}

/** The database that the session is in. */
export async function schemaOf(session: Session): Promise<string> {
  const [found] = await session.rows<{ schema: string }>('select database() as "schema"');
  return found?.schema ?? '';
}

/** Whether the session's database has a table of this name. */
export async function exists(session: Session, table: string): Promise<boolean> {
  const found = await session.rows(
    'select 1 from information_schema.tables where table_schema = database() and table_name = ?',
    [table],
  );
  return found.length > 0;
}
