import type { ScopeScalar } from '../../domain/row-scope.ts';
import { conditionsIn, plainLiteral, quoted, type ScopeColumn } from '../scope-sql.ts';

/** A text as SQL writes it, in a session in which a backslash escapes. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** The bytes of a text in UTF-8: what compares byte by byte, trailing spaces included, whatever the column's collation. */
export function bytesOf(expression: string): string {
  return `cast(convert(${expression} using utf8mb4) as binary)`;
}

/** As in sources/scope-sql.ts, for MySQL and MariaDB, in a session that takes `"` for names. */
export const conditionSql = conditionsIn({
  operand: (item, column) => (isText(column) ? bytesOf(quoted(item)) : quoted(item)),
  literal: scalar,
  startsWith: (item, text) => `left(${bytesOf(quoted(item))}, length(${text})) = ${text}`,
});

function isText(column: ScopeColumn | undefined): boolean {
  return column === undefined || column.category === 'S' || column.baseType === 'uuid';
}

function scalar(value: ScopeScalar, column: ScopeColumn | undefined): string {
  if (typeof value !== 'string') return plainLiteral(value);
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
