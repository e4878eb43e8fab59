import pg from 'pg';
import { type ColumnWords, count, detect, type Finding } from '../domain/sensitivity.ts';
import type { Reader } from './connect.ts';
import type { SourceColumn, SourceTable } from './tables.ts';

/** What looking into a table's rows has told. No value of it but the time of the last update. */
export interface Survey {
  /** Absent where not even the server's statistics tell. */
  readonly rows?: { readonly count: number; readonly exact: boolean };
  /** The latest value of the column that tells when a row was changed, as the database writes it. */
  readonly lastUpdate?: { readonly column: string; readonly at: string };
  /** For each column; empty where the rows could not be read in time. */
  readonly findings: readonly (Finding | undefined)[];
  /** How many rows were looked at. */
  readonly sampled: number;
}

/** Rows up to which they are counted, and rows that are looked at. */
const COUNT_TO = 100_000;
export const SAMPLE_ROWS = 1_000;
/** No value that is looked for is longer. */
const LONGEST_VALUE = 201;

const UPDATED =
  /^(?:last_?)?(?:update|updated|modify|modified|modification|change|changed)(?:_?(?:at|on|time|date|ts))?$|^(?:gxsj|xgsj|gmt_modified)$|更新(?:时间|日期)|(?:修改|变更)(?:时间|日期)/i;

/** Counts a table's rows, looks at a sample of them and asks for its last update, each within the time a statement has. */
export async function survey(reader: Reader, table: SourceTable): Promise<Survey> {
  const rows = await rowsOf(reader, table);
  const lastUpdate = await lastUpdateOf(reader, table);
  const sample = await sampleOf(reader, table, rows?.count);
  const columns = table.columns.map((column) => ({
    column: wordsOf(column),
    counted: count(sample.get(column.name) ?? []),
  }));
  return {
    ...(rows ? { rows } : {}),
    ...(lastUpdate ? { lastUpdate } : {}),
    findings: detect(columns),
    sampled: Math.max(0, ...[...sample.values()].map((values) => values.length)),
  };
}

async function rowsOf(reader: Reader, table: SourceTable): Promise<Survey['rows']> {
  const { estimate } = table;
  const isLarge = estimate !== undefined && estimate > COUNT_TO;
  const counted = isLarge
    ? undefined
    : await reader.attempt<{ count: number }>(
        `select count(*)::int as count from (select from ${nameOf(table)} limit ${COUNT_TO + 1}) as counted`,
      );
  const found = counted?.[0]?.count;
  if (found !== undefined && found <= COUNT_TO) return { count: found, exact: true };
  const about = Math.max(estimate ?? 0, found ?? 0);
  return about > 0 ? { count: Math.round(about), exact: false } : undefined;
}

async function lastUpdateOf(reader: Reader, table: SourceTable): Promise<Survey['lastUpdate']> {
  const told = table.columns.find(
    ({ name, comment, type }) => (type === 'T' || type === 'D') && (UPDATED.test(name) || UPDATED.test(comment ?? '')),
  );
  if (!told) return undefined;
  const latest = await reader.attempt<{ at: string | null }>(
    `select max(${pg.escapeIdentifier(told.name)})::text as at from ${nameOf(table)}`,
  );
  const at = latest?.[0]?.at;
  return at === null || at === undefined ? undefined : { column: told.name, at };
}

/** Up to 1,000 rows, by column: from pages here and there where the table is large, else the first that come. */
async function sampleOf(
  reader: Reader,
  table: SourceTable,
  rows: number | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const looked = table.columns.filter(({ legible }) => legible);
  if (looked.length === 0) return new Map();
  const cells = looked.map(({ name }) => `left(${pg.escapeIdentifier(name)}::text, ${LONGEST_VALUE})`);
  const isSpread = table.kind === 'table' && rows !== undefined && rows > SAMPLE_ROWS * 5;
  // Five times as many as are needed: pages are not filled alike.
  const share = isSpread ? ` tablesample system (${Math.min(100, (100 * SAMPLE_ROWS * 5) / rows)})` : '';
  const from = (spread: string): string =>
    `select array[${cells.join(', ')}] as row from ${nameOf(table)}${spread} limit ${SAMPLE_ROWS}`;
  const found =
    (await reader.attempt<{ row: (string | null)[] }>(from(share))) ??
    // A foreign table has no pages.
    (isSpread ? await reader.attempt<{ row: (string | null)[] }>(from('')) : undefined) ??
    [];
  return new Map(looked.map(({ name }, index) => [name, found.map(({ row }) => row[index] ?? '')]));
}

function wordsOf({ name, comment, type }: SourceColumn): ColumnWords {
  return { id: name, type, ...(comment === undefined ? {} : { name: comment }) };
}

function nameOf({ schema, name }: SourceTable): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}
