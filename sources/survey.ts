import { type ColumnWords, count, detect, type Finding } from '../domain/sensitivity.ts';
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

/** What is asked of a table, as its database is asked. What takes too long or is refused is no answer: undefined, or no rows. */
export interface Asker {
  /** The rows, but no more than one beyond `COUNT_TO`. */
  count(table: SourceTable): Promise<number | undefined>;
  /** The latest value of a column, as the database writes it. */
  latest(table: SourceTable, column: string): Promise<string | undefined>;
  /** Up to `SAMPLE_ROWS` rows of these columns, as texts of at most `LONGEST_VALUE` characters. */
  sample(
    table: SourceTable,
    columns: readonly string[],
    rows: number | undefined,
  ): Promise<readonly (readonly (string | null)[])[]>;
}

/** Rows up to which they are counted, and rows that are looked at. */
export const COUNT_TO = 100_000;
export const SAMPLE_ROWS = 1_000;
/** No value that is looked for is longer. */
export const LONGEST_VALUE = 201;

const UPDATED =
  /^(?:last_?)?(?:update|updated|modify|modified|modification|change|changed)(?:_?(?:at|on|time|date|ts))?$|^(?:gxsj|xgsj|gmt_modified)$|更新(?:时间|日期)|(?:修改|变更)(?:时间|日期)/i;

/** Counts a table's rows, looks at a sample of them and asks for its last update, each within the time a statement has. */
export async function survey(asker: Asker, table: SourceTable): Promise<Survey> {
  const rows = await rowsOf(asker, table);
  const lastUpdate = await lastUpdateOf(asker, table);
  const sample = await sampleOf(asker, table, rows?.count);
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

async function rowsOf(asker: Asker, table: SourceTable): Promise<Survey['rows']> {
  const { estimate } = table;
  const isLarge = estimate !== undefined && estimate > COUNT_TO;
  const found = isLarge ? undefined : await asker.count(table);
  if (found !== undefined && found <= COUNT_TO) return { count: found, exact: true };
  const about = Math.max(estimate ?? 0, found ?? 0);
  return about > 0 ? { count: Math.round(about), exact: false } : undefined;
}

async function lastUpdateOf(asker: Asker, table: SourceTable): Promise<Survey['lastUpdate']> {
  const told = table.columns.find(
    ({ name, comment, type }) => (type === 'T' || type === 'D') && (UPDATED.test(name) || UPDATED.test(comment ?? '')),
  );
  if (!told) return undefined;
  const at = await asker.latest(table, told.name);
  return at === undefined ? undefined : { column: told.name, at };
}

/** By column; empty where there is none whose values are texts. */
async function sampleOf(
  asker: Asker,
  table: SourceTable,
  rows: number | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = table.columns.filter(({ legible }) => legible).map(({ name }) => name);
  if (names.length === 0) return new Map();
  const found = await asker.sample(table, names, rows);
  return new Map(names.map((name, index) => [name, found.map((row) => row[index] ?? '')]));
}

function wordsOf({ name, comment, type }: SourceColumn): ColumnWords {
  return { id: name, type, ...(comment === undefined ? {} : { name: comment }) };
}
