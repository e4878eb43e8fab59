import type { ScopeCondition, ScopeScalar } from '../../domain/row-scope.ts';
import { quoted, type ScopeColumn } from '../scope-sql.ts';

/** A text as SQL writes it, in a session in which a backslash escapes. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** The bytes of a text in UTF-8: what compares byte by byte, trailing spaces included, whatever the column's collation. */
export function bytesOf(expression: string): string {
  return `cast(convert(${expression} using utf8mb4) as binary)`;
}

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/**
 * As `conditionSql` of sources/scope-sql.ts, for MySQL and MariaDB: over a table called `s`, in a session that takes `"` for
 * names. Every name is quoted and every value a literal; nothing of a scope is ever read as SQL.
 */
export function conditionSql(
  { item, operator, value }: ScopeCondition,
  columns: ReadonlyMap<string, ScopeColumn>,
): string {
  const column = columns.get(item);
  const name = isText(column) ? bytesOf(quoted(item)) : quoted(item);
  const values =
    value === undefined ? [] : Array.isArray(value) ? (value as readonly ScopeScalar[]) : [value as ScopeScalar];
  const literals = values.map((one) => scalar(one, column));
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
      return `left(${bytesOf(quoted(item))}, length(${literals[0]})) = ${literals[0]}`;
    case 'isNull':
      return `${quoted(item)} is null`;
    case 'notNull':
      return `${quoted(item)} is not null`;
  }
}

function isText(column: ScopeColumn | undefined): boolean {
  return column === undefined || column.category === 'S' || column.baseType === 'uuid';
}

function scalar(value: ScopeScalar, column: ScopeColumn | undefined): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('A row scope holds a number that is none');
    return `(${value})`;
  }
  switch (column?.baseType ?? '') {
    case 'date':
      return `date ${literal(value)}`;
    // A column without an offset holds Shanghai's local time, one with an offset is read in UTC.
    case 'timestamp':
      return moment(value, 8);
    case 'timestamptz':
      return moment(value, 0);
    default:
      return `cast(${literal(value)} as binary)`;
  }
}

function moment(value: string, offsetHours: number): string {
  const [, before = '', fraction = '', zone = ''] = /^(.*?)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value) ?? [];
  const local = new Date(Date.parse(before + zone) + offsetHours * 3_600_000).toISOString();
  return `timestamp ${literal(`${local.slice(0, 10)} ${local.slice(11, 19)}${fraction}`)}`;
}
