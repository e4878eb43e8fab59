import pg from 'pg';
import type { ScopeCondition, ScopeScalar } from '../domain/row-scope.ts';

/** What a condition has to know of the column that it is about. */
export interface ScopeColumn {
  /** The type's name without modifiers, and PostgreSQL's category letter for it. */
  readonly baseType: string;
  readonly category: string;
  /** Whether text compares byte by byte in the column's own collation. */
  readonly bytewise: boolean;
}

/** Always with the table's alias `s`: in ORDER BY a bare name would mean the masked output of the same name. */
export function quoted(id: string): string {
  return `s.${pg.escapeIdentifier(id)}`;
}

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/** What conditions are made of, as one database writes it. */
export interface ScopeWords {
  /** The item's column as it is compared. */
  operand(item: string, column: ScopeColumn | undefined): string;
  literal(value: ScopeScalar, column: ScopeColumn | undefined): string;
  startsWith(item: string, literal: string): string;
}

/**
 * Conditions of row scopes that `checkRowScope` has found sound, over a table called `s`. Every name is quoted and every
 * value a literal; nothing of a scope is ever read as SQL.
 */
export function conditionsIn(words: ScopeWords) {
  return ({ item, operator, value }: ScopeCondition, columns: ReadonlyMap<string, ScopeColumn>): string => {
    const column = columns.get(item);
    const name = words.operand(item, column);
    const values = value === undefined ? [] : Array.isArray(value) ? (value as readonly ScopeScalar[]) : [value];
    const literals = (values as readonly ScopeScalar[]).map((one) => words.literal(one, column));
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
        return words.startsWith(item, literals[0] ?? '');
      case 'isNull':
        return `${quoted(item)} is null`;
      case 'notNull':
        return `${quoted(item)} is not null`;
    }
  };
}

/** In PostgreSQL's words. */
export const conditionSql = conditionsIn({
  operand,
  literal,
  startsWith: (item, text) => `${quoted(item)}::text ^@ ${text}`,
});

/** Enumerations and uuids are items of text: compared as such. */
function operand(item: string, column: ScopeColumn | undefined): string {
  if (column?.category === 'E' || column?.baseType === 'uuid') return `${quoted(item)}::text collate "C"`;
  return column?.bytewise === false ? `${quoted(item)} collate "C"` : quoted(item);
}

/** Moments given with an offset meet a column without one as Shanghai's local time, which is what such columns hold. */
function literal(value: ScopeScalar, column: ScopeColumn | undefined): string {
  if (typeof value !== 'string') return plainLiteral(value);
  if (column?.baseType === 'timestamp') {
    return `(${pg.escapeLiteral(value)}::timestamptz at time zone 'Asia/Shanghai')`;
  }
  return pg.escapeLiteral(value);
}

/** Truth values and numbers are written alike everywhere. */
export function plainLiteral(value: Exclude<ScopeScalar, string>): string {
  if (typeof value === 'boolean') return String(value);
  if (!Number.isFinite(value)) throw new Error('A row scope holds a number that is none');
  return `(${value})`;
}
