import type { Mount } from '../domain/catalogue.ts';
import type { Probe } from '../domain/data-source.ts';
import type { AddressGuard } from '../notices/addresses.ts';
import { type Reader, reading } from './connect.ts';
import type { Look } from './looker.ts';
import { tablesOf } from './tables.ts';

/** A statement in a department's database has five seconds. */
const STATEMENT_MS = 5_000;
const NAMES_SHOWN = 50;

type Place = { readonly url: string; readonly guard?: AddressGuard };

function read<T>({ url, guard }: Place, work: (reader: Reader) => Promise<T>): Promise<T> {
  return reading(url, { statementMs: STATEMENT_MS, ...(guard ? { guard } : {}) }, work);
}

/** Logs in, and says what may be read. */
export async function probeDatabase(place: Place): Promise<Probe> {
  const began = performance.now();
  return read(place, async (reader) => {
    const [server] = await reader.rows<{ version: string }>(`select current_setting('server_version') as version`);
    const latencyMs = Math.round(performance.now() - began);
    const tables = await tablesOf(reader, {});
    const names = tables.slice(0, NAMES_SHOWN).map(({ schema, name }) => `${schema}.${name}`);
    return {
      latencyMs,
      version: `PostgreSQL ${server?.version ?? ''}`.trim(),
      readable: { count: tables.length, names },
    };
  });
}

/** Looks at tables and views, all through one connection. */
export async function lookAtTables(place: Place, mounts: readonly Mount[]): Promise<Look[]> {
  const names = mounts.flatMap((mount) => ('table' in mount ? [mount.table] : []));
  const tables = await read(place, async (reader) => tablesOf(reader, { tables: names }));
  return mounts.map((mount): Look => {
    const found =
      'table' in mount ? tables.find(({ schema, name }) => schema === mount.schema && name === mount.table) : undefined;
    if (!found) return { outcome: 'gone' };
    const { kind, columns } = found;
    return { outcome: 'found', physical: { kind, columns: columns.map(physicalOf) } };
  });
}

function physicalOf({ name, type, length, nullable }: Awaited<ReturnType<typeof tablesOf>>[number]['columns'][number]) {
  return { name, type, ...(length === undefined ? {} : { length }), nullable };
}
