import pg from 'pg';
import type { Entry, Item, MaskRule, TableEntry } from '../domain/catalogue.ts';
import type { Grant, Manifest } from '../domain/grant.ts';
import { checkRowScope } from '../domain/row-scope.ts';
import { maskOf } from '../domain/sharing.ts';
import type { Columns } from './columns.ts';
import { quoted } from './scope-sql.ts';
import { liveSql } from './scoped-count.ts';
import type { Words } from './words.ts';

/** A query whose rows leave in the canonical form. `types`: the base type of each column that it gives, as PostgreSQL calls it. */
export interface RowQuery {
  readonly sql: string;
  readonly types: readonly string[];
}

/**
 * The one query of a delivery: the granted items in the grant's order, masked, of the granted rows, in canonical order.
 * `only` narrows the rows further, in SQL. Every name is quoted and every value a literal; nothing of a scope is ever read
 * as SQL.
 * Throws if the scope does not pass `checkRowScope`: what was approved was checked, so this is a fault of the platform.
 */
export function deliverySelect(
  words: Words,
  { grant, entry, columns }: Granted,
  only: readonly string[] = [],
): RowQuery {
  const masks = masksOf(grant, entry);
  const types = grant.items.map((id) => (masks[id] === 'none' ? (columns.get(id)?.baseType ?? 'text') : 'text'));
  const rows = `select ${outputsOf(words, { grant, entry, columns }).join(', ')} ${grantedRows(words, { grant, entry, columns }, only)}`;
  const ordering = orderingItems({ items: grant.items, masks }, entry);
  if (ordering.length === 0) return { sql: `${rows} order by ${keyOrder(words, entry.key, columns)}`, types };
  // Not merged with the outer query, which would make each pseudonym twice.
  const sql = `select * from (${rows} ${words.unmerged}) as d order by ${deliveredOrder(words, 'd', ordering)}`;
  return { sql, types };
}

/** A grant of an entry, and the columns of its source. */
export interface Granted {
  readonly grant: Grant;
  readonly entry: TableEntry;
  readonly columns: Columns;
}

/** The granted items in the grant's order, masked. */
export function outputsOf(words: Words, { grant, entry, columns }: Granted): string[] {
  const masks = masksOf(grant, entry);
  return grant.items.map((id) => {
    const [rule, column] = [masks[id] ?? 'whole', columns.get(id)];
    const value = rule === 'none' ? words.value(quoted(id), column) : words.mask(rule, words.text(quoted(id), column));
    return `${value} as ${pg.escapeIdentifier(id)}`;
  });
}

/** From where the granted rows come, and which they are: as `s`, with whatever else is asked of them in SQL. */
export function grantedRows(words: Words, { grant, entry, columns }: Granted, only: readonly string[] = []): string {
  const faults = checkRowScope(grant.rowScope, entry.items);
  if (faults.length > 0) throw new Error(`The row scope of grant ${grant.id} is not sound: ${JSON.stringify(faults)}`);
  const { schema, table, deletedColumn } = entry.mount;
  const conditions = [
    ...grant.rowScope.all.map((condition) => words.condition(condition, columns)),
    ...(deletedColumn === undefined ? [] : [liveSql(deletedColumn, columns)]),
    ...only,
  ].map((condition) => `(${condition})`);
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} as s${where}`;
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

/** The order by delivered items, byte by byte. Columns are those of a table; absent: of a query of `deliverySelect`. */
export function deliveredOrder(words: Words, alias: string, items: readonly string[], columns?: Columns): string {
  return items
    .map((id) => words.inTextOrder(words.text(`${alias}.${pg.escapeIdentifier(id)}`, columns?.get(id))))
    .join(', ');
}

/** The items of the entry that a delivery reads: those granted, those its scope asks of, and the key. */
export function itemsRead(grant: Grant, entry: Entry): Item[] {
  const read = new Set([...grant.items, ...grant.rowScope.all.map(({ item }) => item), ...entry.key]);
  return entry.items.filter(({ id }) => read.has(id));
}

/** Canonical order: text byte by byte, whatever the database's collation. */
export function keyOrder(words: Words, key: readonly string[], columns: Columns): string {
  return key.map((id) => words.inOrder(quoted(id), columns.get(id))).join(', ');
}
