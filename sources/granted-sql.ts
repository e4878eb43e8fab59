import pg from 'pg';
import type { Entry, Item, MaskRule, TableEntry } from '../domain/catalogue.ts';
import type { Grant, Manifest } from '../domain/grant.ts';
import { checkRowScope } from '../domain/row-scope.ts';
import { maskOf } from '../domain/sharing.ts';
import type { Column } from './columns.ts';
import { maskSql } from './masks-sql.ts';
import { conditionSql, quoted } from './scope-sql.ts';

type Columns = ReadonlyMap<string, Column>;

/**
 * The one query of a delivery: the granted items in the grant's order, masked, of the granted rows, in canonical order.
 * `only` narrows the rows further, in SQL. Every name is quoted and every value a literal; nothing of a scope is ever read
 * as SQL.
 * Throws if the scope does not pass `checkRowScope`: what was approved was checked, so this is a fault of the platform.
 */
export function deliverySelect(
  grant: Grant,
  entry: TableEntry,
  columns: Columns,
  only: readonly string[] = [],
): string {
  const rows = `select ${outputsOf(grant, entry).join(', ')} ${grantedRows(grant, entry, columns, only)}`;
  const ordering = orderingItems({ items: grant.items, masks: masksOf(grant, entry) }, entry);
  if (ordering.length === 0) return `${rows} order by ${keyOrder(entry.key, columns)}`;
  // With its own offset the inner query is not merged into the outer, which would make each pseudonym twice.
  return `select * from (${rows} offset 0) as d order by ${deliveredOrder('d', ordering)}`;
}

/** The granted items in the grant's order, masked. */
export function outputsOf(grant: Grant, entry: Entry): string[] {
  return grant.items.map((id) => {
    const rule = maskOf(grant, entry, id);
    return rule === 'none' ? quoted(id) : `${maskSql(rule, quoted(id))} as ${pg.escapeIdentifier(id)}`;
  });
}

/** From where the granted rows come, and which they are: as `s`, with whatever else is asked of them in SQL. */
export function grantedRows(grant: Grant, entry: TableEntry, columns: Columns, only: readonly string[] = []): string {
  const faults = checkRowScope(grant.rowScope, entry.items);
  if (faults.length > 0) throw new Error(`The row scope of grant ${grant.id} is not sound: ${JSON.stringify(faults)}`);
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

/** The rule under which each granted item leaves, in the grant's order. */
export function masksOf(grant: Grant, entry: Entry): Record<string, MaskRule> {
  return Object.fromEntries(grant.items.map((id) => [id, maskOf(grant, entry, id)]));
}

type Delivered = Pick<Manifest, 'items' | 'masks'>;

/** Whether every part of the key is delivered as it is, so that rows can be put in its order where they arrive. */
export function isKeyReadable({ items, masks }: Delivered, entry: Entry): boolean {
  return entry.key.every((id) => items.includes(id) && masks[id] === 'none');
}

/**
 * The delivered items that order a delivery in place of the key, none where the key does: where a key that does not leave
 * as it is ordered pseudonyms, the places of the rows would tell which of two grants are of one person, and how the values
 * behind them compare. The key as it is delivered, where that tells all rows apart; else everything, pseudonyms first: rows
 * that are equal in all of it need no order.
 */
export function orderingItems({ items, masks }: Delivered, entry: Entry): string[] {
  const pseudonyms = items.filter((id) => masks[id] === 'pseudonym');
  if (pseudonyms.length === 0 || isKeyReadable({ items, masks }, entry)) return [];
  const isUnique = entry.key.every((id) => items.includes(id) && (masks[id] === 'none' || masks[id] === 'pseudonym'));
  return isUnique ? [...entry.key] : [...pseudonyms, ...items.filter((id) => !pseudonyms.includes(id))];
}

/** The order by delivered items, text byte by byte. */
export function deliveredOrder(alias: string, items: readonly string[]): string {
  return items.map((id) => `(${alias}.${pg.escapeIdentifier(id)})::pg_catalog.text collate "C"`).join(', ');
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
