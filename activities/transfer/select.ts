import pg from 'pg';
import type { Entry, Item, TableEntry } from '../../domain/catalogue.ts';
import type { Grant } from '../../domain/grant.ts';
import { checkRowScope } from '../../domain/row-scope.ts';
import { maskOf } from '../../domain/sharing.ts';
import { conditionSql, quoted } from '../../sources/scope-sql.ts';
import type { Column } from './columns.ts';
import { maskSql } from './masks-sql.ts';

type Columns = ReadonlyMap<string, Column>;

/**
 * The one query of a delivery: the granted items in the grant's order, masked, of the granted rows, ordered by the
 * entry's key. `only` narrows the rows further, in SQL. Every name is quoted and every value a literal; nothing of a scope is ever read as SQL.
 * Throws if the scope does not pass `checkRowScope`: what was approved was checked, so this is a fault of the platform.
 */
export function deliverySelect(
  grant: Grant,
  entry: TableEntry,
  columns: Columns,
  only: readonly string[] = [],
): string {
  const faults = checkRowScope(grant.rowScope, entry.items);
  if (faults.length > 0) throw new Error(`The row scope of grant ${grant.id} is not sound: ${JSON.stringify(faults)}`);
  const outputs = grant.items.map((id) => {
    const rule = maskOf(grant, entry, id);
    return rule === 'none' ? quoted(id) : `${maskSql(rule, quoted(id))} as ${pg.escapeIdentifier(id)}`;
  });
  const rows = grantedRows(grant, entry, columns, only);
  return `select ${outputs.join(', ')} ${rows} order by ${keyOrder(entry.key, columns)}`;
}

/** From where the granted rows come, and which they are: as `s`, with whatever else is asked of them in SQL. */
export function grantedRows(grant: Grant, entry: TableEntry, columns: Columns, only: readonly string[] = []): string {
  const { schema, table, deletedColumn } = entry.mount;
  const conditions = [
    ...grant.rowScope.all.map((condition) => conditionSql(condition, columns)),
    ...(deletedColumn === undefined ? [] : [liveSql(deletedColumn, columns)]),
    ...only,
  ].map((condition) => `(${condition})`);
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} as s${where}`;
}

function liveSql(column: string, columns: Columns): string {
  return columns.get(column)?.baseType === 'bool' ? `${quoted(column)} is not true` : `${quoted(column)} is null`;
}

/** The items of the entry that a delivery reads: those granted, those its scope asks of, and the key. */
export function itemsRead(grant: Grant, entry: Entry): Item[] {
  const read = new Set([...grant.items, ...grant.rowScope.all.map(({ item }) => item), ...entry.key]);
  return entry.items.filter(({ id }) => read.has(id));
}

/** Canonical order: text byte by byte, whatever the database's collation. Said only where the column's own differs, so
 * that an index on the key can serve it. */
export function keyOrder(key: readonly string[], columns: Columns): string {
  return key.map((id) => (columns.get(id)?.bytewise === false ? `${quoted(id)} collate "C"` : quoted(id))).join(', ');
}
