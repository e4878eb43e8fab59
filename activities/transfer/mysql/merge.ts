import pg from 'pg';
import { literal } from '../../../sources/mysql/scope-sql.ts';
import type { Session } from '../connector.ts';
import type { Merge } from '../dialect.ts';
import { TransferFailure } from '../failures.ts';
import { writeKeys } from '../keys.ts';
import { columnsOf } from './columns.ts';
import { columnsOf as deliveredColumns } from './delivered-columns.ts';
import { qualified, schemaOf, stagingOf } from './names.ts';
import { textOf } from './text.ts';

export async function fitsStaging(session: Session, table: string): Promise<boolean> {
  const schema = await schemaOf(session);
  const shapeOf = async (name: string): Promise<string> => {
    const columns = await columnsOf(session, { schema, table: name });
    return JSON.stringify([...columns.values()].map(({ name: column, own }) => `${column} ${own}`).toSorted());
  };
  return (await shapeOf(table)) === (await shapeOf(stagingOf(table)));
}

/** A transaction begins with the merge; what comes before it is seen by nobody. */
export async function attempt<T>(session: Session, work: () => Promise<T | undefined>): Promise<T | undefined> {
  const made = await work().catch((error: unknown) => {
    if (error instanceof TransferFailure && isDouble(error.cause)) return undefined;
    throw error;
  });
  if (made === undefined) await session.run('rollback');
  return made;
}

function isDouble(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ER_DUP_ENTRY';
}

/** The index that finds the rows is made by the first increment after each whole set, before the transaction, which it would end. */
export async function mergeIn(
  session: Session,
  { table, items, key }: Merge,
): Promise<{ inserted: number; updated: number }> {
  const [to, from] = [qualified(table), qualified(stagingOf(table))];
  const names = (of: string, ids: readonly string[]): string =>
    ids.map((id) => `${of}${pg.escapeIdentifier(id)}`).join(', ');
  const pairs = (ids: readonly string[], operator: string): string[] =>
    ids.map((id) => `t.${pg.escapeIdentifier(id)} ${operator} s.${pg.escapeIdentifier(id)}`);
  const found = pairs(key, '=').join(' and ');
  await indexKey(session, table, key);
  await session.run('start transaction');
  const others = items.filter((id) => !key.includes(id));
  const updated =
    others.length === 0
      ? 0
      : await changed(
          session,
          `update ${from} as s straight_join ${to} as t on ${found} set ${pairs(others, '=').join(', ')}
            where not (${pairs(others, '<=>').join(' and ')})`,
        );
  const inserted = await changed(
    session,
    `insert into ${to} (${names('', items)}) select ${names('s.', items)} from ${from} as s
      where not exists (select 1 from ${to} as t where ${found})`,
  );
  return { inserted, updated };
}

async function changed(session: Session, statement: string): Promise<number> {
  await session.run(statement);
  const [found] = await session.rows<{ count: string }>('select row_count() as "count"');
  return Number(found?.count ?? 0);
}

const INDEX = 'santong_key';

async function indexKey(session: Session, table: string, key: readonly string[]): Promise<void> {
  const there = await session.rows(
    'select 1 from information_schema.statistics where table_schema = database() and table_name = ? and index_name = ?',
    [table, INDEX],
  );
  if (there.length > 0) return;
  const columns = key.map((id) => pg.escapeIdentifier(id)).join(', ');
  await session.run(`create unique index ${INDEX} on ${qualified(table)} (${columns})`);
}

/** A temporary table is made within the transaction and ends none. */
export async function deleteKeys(
  session: Session,
  { table, key }: Pick<Merge, 'table' | 'key'>,
  keys: ReadonlySet<string>,
): Promise<void> {
  if (keys.size === 0) return;
  const gone = qualified('santong_gone');
  const types = await deliveredColumns(session, { schema: await schemaOf(session), table });
  await session.run(`drop temporary table if exists ${gone}`);
  await session.run(`create temporary table ${gone} (k varbinary(3000) not null, index (k(255))) engine = InnoDB`);
  await writeKeys(keys, session.copyIn({ table: gone, columns: [{ name: 'k', type: 'text' }], isNew: false }));
  const text = key
    .map((id) => textOf(`s.${pg.escapeIdentifier(id)}`, types.get(id)))
    .join(` || ${literal('\u001f')} || `);
  await session.run(`delete s from ${qualified(table)} as s where cast(${text} as binary) in (select k from ${gone})`);
  await session.run(`drop temporary table ${gone}`);
}
