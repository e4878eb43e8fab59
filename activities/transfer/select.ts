import pg from 'pg';
import type { Entry, Item, TableEntry } from '../../domain/catalogue.ts';
import type { Grant } from '../../domain/grant.ts';
import type { ScopeCondition, ScopeScalar } from '../../domain/row-scope.ts';
import { checkRowScope } from '../../domain/row-scope.ts';
import { maskOf } from '../../domain/sharing.ts';
import type { Column } from './columns.ts';
import { maskSql } from './masks-sql.ts';

type Columns = ReadonlyMap<string, Column>;

/**
 * The one query of a delivery: the granted items in the grant's order, masked, of the granted rows, ordered by the
 * entry's key. Every name is quoted and every value a literal; nothing of a scope is ever read as SQL.
 * Throws if the scope does not pass `checkRowScope`: what was approved was checked, so this is a fault of the platform.
 */
export function deliverySelect(grant: Grant, entry: TableEntry, columns: Columns): string {
  const faults = checkRowScope(grant.rowScope, entry.items);
  if (faults.length > 0) throw new Error(`The row scope of grant ${grant.id} is not sound: ${JSON.stringify(faults)}`);
  const outputs = grant.items.map((id) => {
    const rule = maskOf(grant, entry, id);
    return rule === 'none' ? quoted(id) : `${maskSql(rule, quoted(id))} as ${pg.escapeIdentifier(id)}`;
  });
  const conditions = grant.rowScope.all.map((condition) => `(${conditionSql(condition, columns)})`);
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const table = `${pg.escapeIdentifier(entry.mount.schema)}.${pg.escapeIdentifier(entry.mount.table)}`;
  return `select ${outputs.join(', ')} from ${table} as s${where} order by ${keyOrder(entry.key, columns)}`;
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

/** Always with the table's alias: in ORDER BY a bare name would mean the masked output of the same name. */
function quoted(id: string): string {
  return `s.${pg.escapeIdentifier(id)}`;
}

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

function conditionSql({ item, operator, value }: ScopeCondition, columns: Columns): string {
  const column = columns.get(item);
  const name = operand(item, column);
  const literals = (Array.isArray(value) ? (value as readonly ScopeScalar[]) : [value as ScopeScalar]).map((one) =>
    literal(one, column),
  );
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return `${name} ${COMPARISONS[operator]} ${literals[0]}`;
    case 'in':
      return `${name} in (${literals.join(', ')})`;
    case 'between':
      return `${name} between ${literals[0]} and ${literals[1]}`;
    case 'startsWith':
      return `${quoted(item)}::text ^@ ${literals[0]}`;
    case 'isNull':
      return `${quoted(item)} is null`;
    case 'notNull':
      return `${quoted(item)} is not null`;
  }
}

/** Enumerations and uuids are items of text: compared as such. */
function operand(item: string, column: Column | undefined): string {
  if (column?.category === 'E' || column?.baseType === 'uuid') return `${quoted(item)}::text collate "C"`;
  return column?.bytewise === false ? `${quoted(item)} collate "C"` : quoted(item);
}

/** Moments given with an offset meet a column without one as Shanghai's local time, which is what such columns hold. */
function literal(value: ScopeScalar, column: Column | undefined): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('A row scope holds a number that is none');
    return `(${value})`;
  }
  if (column?.baseType === 'timestamp') {
    return `(${pg.escapeLiteral(value)}::timestamptz at time zone 'Asia/Shanghai')`;
  }
  return pg.escapeLiteral(value);
}
