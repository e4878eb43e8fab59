import pg from 'pg';
import { quoted } from '../../../sources/scope-sql.ts';
import type { Session } from '../connector.ts';
import type { Merge } from '../dialect.ts';
import { writeKeys } from '../keys.ts';
import { columnsOf } from '../../../sources/postgresql/columns.ts';
import { qualified, RECEIVED, stagingOf } from './names.ts';

/** Whether the table still has the columns that a delivery into it has now: its department may have altered it. */
export async function fitsStaging(session: Session, table: string): Promise<boolean> {
  const shapeOf = async (name: string): Promise<string> => {
    const columns = await columnsOf(session, { schema: RECEIVED, table: name });
    return JSON.stringify([...columns.values()].map(({ name: column, type }) => `${column} ${type}`).toSorted());
  };
  return (await shapeOf(table)) === (await shapeOf(stagingOf(table)));
}

/**
 * Puts the rows of the staging table into the table, by their key: new ones are inserted, others replace what they differ
 * from. The index that finds them is made by the first increment after each whole set.
 */
export async function mergeIn(
  session: Session,
  { table, items, key }: Merge,
): Promise<{ inserted: number; updated: number }> {
  const [to, from] = [qualified(table), qualified(stagingOf(table))];
  const names = (ids: readonly string[]): string => ids.map((id) => pg.escapeIdentifier(id)).join(', ');
  const others = items.filter((id) => !key.includes(id));
  // As text: not every type can be compared as it is.
  const texts = (of: string): string =>
    `row(${others.map((id) => `${of}.${pg.escapeIdentifier(id)}::pg_catalog.text`).join(', ')})`;
  const sets = others.map((id) => `${pg.escapeIdentifier(id)} = excluded.${pg.escapeIdentifier(id)}`).join(', ');
  const onConflict =
    others.length === 0
      ? 'do nothing'
      : `do update set ${sets} where ${texts('t')} is distinct from ${texts('excluded')}`;
  await session.run(
    `create unique index if not exists ${pg.escapeIdentifier(`${table}__key`)} on ${to} (${names(key)})`,
  );
  const [merged] = await session.rows<{ inserted: number; updated: number }>(
    `with merged as (
       insert into ${to} as t (${names(items)}) select ${names(items)} from ${from}
       on conflict (${names(key)}) ${onConflict} returning t.xmax = 0 as fresh
     )
     select count(*) filter (where fresh)::float8 as inserted, count(*) filter (where not fresh)::float8 as updated
       from merged`,
  );
  await session.run(`drop table ${from}`);
  return merged ?? { inserted: 0, updated: 0 };
}

/** Deletes the rows of these keys. */
export async function deleteKeys(
  session: Session,
  { table, key }: Pick<Merge, 'table' | 'key'>,
  keys: ReadonlySet<string>,
): Promise<void> {
  if (keys.size === 0) return;
  const gone = qualified(`${table}__gone`);
  await session.run(`drop table if exists ${gone}; create table ${gone} (key text)`);
  const columns = [{ name: 'key', type: 'text' }];
  await writeKeys(keys, session.copyIn({ table: gone, columns, isNew: false }));
  const text = key.map((id) => `(${quoted(id)})::pg_catalog.text`).join(' || pg_catalog.chr(31) || ');
  const [only, ...others] = key;
  const types = await columnsOf(session, { schema: RECEIVED, table });
  // By the index on a key of one column; the parts of a longer one cannot be told apart for certain.
  const found =
    only !== undefined && others.length === 0
      ? `${quoted(only)} = any(array(select key::${types.get(only)?.type ?? 'text'} from ${gone})) and`
      : '';
  await session.run(
    `delete from ${qualified(table)} as s where ${found} ${text} in (select key from ${gone}); drop table ${gone}`,
  );
}
