import pg from 'pg';
import { type Reader, reading } from '../connect.ts';
import type { Asked } from '../columns.ts';
import type { LookingOptions, OpenDatabase } from '../database.ts';
import { type Asker, COUNT_TO, LONGEST_VALUE, SAMPLE_ROWS, survey } from '../survey.ts';
import { conditionSql } from '../scope-sql.ts';
import { countSelect, hasWhatIsAsked } from '../scoped-count.ts';
import { type SourceTable, tablesOf } from '../tables.ts';
import { columnsOf } from './columns.ts';

/** As `lookingInto`, for PostgreSQL. */
export function lookingIntoPostgres<T>(
  url: string,
  options: LookingOptions,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  return reading(url, options, (reader) =>
    work({
      async version() {
        const [server] = await reader.rows<{ version: string }>(`select current_setting('server_version') as version`);
        return `PostgreSQL ${server?.version ?? ''}`.trim();
      },
      tables: (wanted) => tablesOf(reader, wanted),
      survey: (table) => survey(askerOf(reader), table),
      async count(ask) {
        const columns = await columnsOf(reader as Asked, ask.mount);
        if (!hasWhatIsAsked(ask, columns)) return undefined;
        const [counted] = await reader.rows<{ count: string }>(countSelect(conditionSql, ask, columns));
        return Number(counted?.count ?? 0);
      },
    }),
  );
}

function askerOf(reader: Reader): Asker {
  return {
    async count(table) {
      const counted = await reader.attempt<{ count: number }>(
        `select count(*)::int as count from (select from ${nameOf(table)} limit ${COUNT_TO + 1}) as counted`,
      );
      return counted?.[0]?.count;
    },
    async latest(table, column) {
      const latest = await reader.attempt<{ at: string | null }>(
        `select max(${pg.escapeIdentifier(column)})::text as at from ${nameOf(table)}`,
      );
      return latest?.[0]?.at ?? undefined;
    },
    /** From pages here and there where the table is large, else the first that come. */
    async sample(table, columns, rows) {
      const cells = columns.map((name) => `left(${pg.escapeIdentifier(name)}::text, ${LONGEST_VALUE})`);
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
      return found.map(({ row }) => row);
    },
  };
}

function nameOf({ schema, name }: SourceTable): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}
