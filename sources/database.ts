import type { Mount } from '../domain/catalogue.ts';
import type { Probe } from '../domain/data-source.ts';
import type { AddressGuard } from '../notices/addresses.ts';
import { lookingIntoMysql } from './mysql/database.ts';
import { lookingIntoPostgres } from './postgresql/database.ts';
import type { Look } from './looker.ts';
import type { CountAsk } from './scoped-count.ts';
import type { Survey } from './survey.ts';
import type { SourceColumn, SourceTable, Wanted } from './tables.ts';

/** A department's database, opened to be looked into and read-only. */
export interface OpenDatabase {
  /** The server's name and version, as it says itself. */
  version(): Promise<string>;
  /** Tables and views that may be read, with columns and keys. What is not named is not narrowed down. */
  tables(wanted: Wanted): Promise<SourceTable[]>;
  /** Counts a table's rows, looks at a sample of them and asks for its last update, each within the time a statement has. */
  survey(table: SourceTable): Promise<Survey>;
  /** Counts the rows that a scope names; undefined where the table or a column that it asks of is gone. */
  count(ask: CountAsk): Promise<number | undefined>;
}

export interface LookingOptions {
  readonly statementMs: number;
  /** Absent: whoever runs the platform has named the address. */
  readonly guard?: AddressGuard;
}

/**
 * Opens a department's database of the kind that its address names, lets `work` look into it, in one moment of it, and closes
 * it. Every statement has a limit in milliseconds. Under a guard nothing but permitted addresses is connected to.
 * @throws {SourceFailure}
 */
export function lookingInto<T>(
  url: string,
  options: LookingOptions,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  return url.startsWith('mysql:') ? lookingIntoMysql(url, options, work) : lookingIntoPostgres(url, options, work);
}

/** A statement in a department's database has five seconds. */
const STATEMENT_MS = 5_000;
const NAMES_SHOWN = 50;

type Place = { readonly url: string; readonly guard?: AddressGuard };

function look<T>({ url, guard }: Place, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  return lookingInto(url, { statementMs: STATEMENT_MS, ...(guard ? { guard } : {}) }, work);
}

/** Logs in, and says what may be read. */
export async function probeDatabase(place: Place): Promise<Probe> {
  const began = performance.now();
  return look(place, async (database) => {
    const version = await database.version();
    const latencyMs = Math.round(performance.now() - began);
    const tables = await database.tables({});
    const names = tables.slice(0, NAMES_SHOWN).map(({ schema, name }) => `${schema}.${name}`);
    return { latencyMs, version, readable: { count: tables.length, names } };
  });
}

/** Looks at tables and views, all through one connection. */
export async function lookAtTables(place: Place, mounts: readonly Mount[]): Promise<Look[]> {
  const names = mounts.flatMap((mount) => ('table' in mount ? [mount.table] : []));
  const tables = await look(place, async (database) => database.tables({ tables: names }));
  return mounts.map((mount): Look => {
    const found =
      'table' in mount ? tables.find(({ schema, name }) => schema === mount.schema && name === mount.table) : undefined;
    if (!found) return { outcome: 'gone' };
    const { kind, columns } = found;
    return { outcome: 'found', physical: { kind, columns: columns.map(physicalOf) } };
  });
}

function physicalOf({ name, type, length, nullable }: SourceColumn) {
  return { name, type, ...(length === undefined ? {} : { length }), nullable };
}
