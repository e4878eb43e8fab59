import pg from 'pg';
import type { Connection } from 'mysql2';
import type { LookingOptions, OpenDatabase } from '../database.ts';
import { failureOf } from '../failure.ts';
import { guardedSocket } from '../guarded-socket.ts';
import { type Asker, COUNT_TO, LONGEST_VALUE, SAMPLE_ROWS, survey } from '../survey.ts';
import { countSelect, hasWhatIsAsked } from '../scoped-count.ts';
import type { SourceTable } from '../tables.ts';
import { connectTo, rowsOf, SESSION_SETTINGS } from './connection.ts';
import { conditionSql } from './scope-sql.ts';
import { scopeColumnsOf, tablesOf } from './tables.ts';

/** As `lookingInto`, for MySQL and MariaDB. Times are told as they are in Shanghai. */
export async function lookingIntoMysql<T>(
  url: string,
  { statementMs, guard }: LookingOptions,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const stream = guard ? guardedSocket(guard) : undefined;
  const connection = connectTo({ url, stream, label: 'santong: catalogue' });
  // Without a listener a connection that the server ends would end the process.
  connection.on('error', () => undefined);
  const limits = `set session time_zone = '+08:00'
    /*!50708 , max_execution_time = ${statementMs} */ /*M!100100 , max_statement_time = ${statementMs / 1_000} */`;
  try {
    for (const setting of [...SESSION_SETTINGS, limits, 'start transaction read only']) {
      await rowsOf(connection, setting);
    }
    return await work({
      async version() {
        const [server] = await rowsOf<{ version: string }>(connection, 'select version() as version');
        const version = server?.version ?? '';
        return version.includes('MariaDB') ? `MariaDB ${version.split('-')[0]}` : `MySQL ${version}`;
      },
      tables: (wanted) => tablesOf(connection, wanted),
      survey: (table) => survey(askerOf(connection), table),
      async count(ask) {
        const columns = await scopeColumnsOf(connection, ask.mount);
        if (!hasWhatIsAsked(ask, columns)) return undefined;
        // As for a delivery: moments of conditions are written in UTC.
        await rowsOf(connection, "set session time_zone = '+00:00'");
        const [counted] = await rowsOf<{ count: string }>(connection, countSelect(conditionSql, ask, columns));
        return Number(counted?.count ?? 0);
      },
    });
  } catch (error) {
    throw failureOf(error);
  } finally {
    connection.destroy();
  }
}

const REFUSED =
  /^ER_(?:STATEMENT_TIMEOUT|QUERY_TIMEOUT|QUERY_INTERRUPTED|TABLEACCESS_DENIED_ERROR|COLUMNACCESS_DENIED_ERROR|VIEW_INVALID|SPECIFIC_ACCESS_DENIED_ERROR)$/;

function askerOf(connection: Connection): Asker {
  /** What takes too long or is refused is no answer; a lost connection, or what the platform asked wrongly, is told. */
  const attempt = async <T>(text: string): Promise<T[] | undefined> => {
    try {
      return await rowsOf<T>(connection, text);
    } catch (error) {
      if (REFUSED.test((error as { readonly code?: string }).code ?? '')) return undefined;
      throw error;
    }
  };
  return {
    async count(table) {
      const counted = await attempt<{ count: string }>(
        `select count(*) as "count" from (select 1 from ${nameOf(table)} limit ${COUNT_TO + 1}) as counted`,
      );
      return counted?.[0] && Number(counted[0].count);
    },
    async latest(table, column) {
      const latest = await attempt<{ at: string | null }>(
        `select max(${pg.escapeIdentifier(column)}) as "at" from ${nameOf(table)}`,
      );
      return latest?.[0]?.at ?? undefined;
    },
    /** The first that come: MySQL has no way to read pages here and there. */
    async sample(table, columns) {
      const cells = columns.map(
        (name, at) => `left(convert(${pg.escapeIdentifier(name)} using utf8mb4), ${LONGEST_VALUE}) as "${at}"`,
      );
      const found = await attempt<Record<string, string | null>>(
        `select ${cells.join(', ')} from ${nameOf(table)} limit ${SAMPLE_ROWS}`,
      );
      return (found ?? []).map((row) => columns.map((_, at) => row[at] ?? null));
    },
  };
}

function nameOf({ schema, name }: SourceTable): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}
