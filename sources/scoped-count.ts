import pg from 'pg';
import type { TableMount } from '../domain/catalogue.ts';
import type { RowScope, ScopeCondition } from '../domain/row-scope.ts';
import { quoted, type ScopeColumn } from './scope-sql.ts';

/** Rows of a table that a scope names; the scope has passed `checkRowScope` over the entry's items. */
export interface CountAsk {
  readonly mount: TableMount;
  readonly scope: RowScope;
}

type Known = ReadonlyMap<string, ScopeColumn>;

/** The one query of a count, in the words of one database. Every name is quoted and every value a literal. */
export function countSelect(
  condition: (condition: ScopeCondition, columns: Known) => string,
  { mount, scope }: CountAsk,
  columns: Known,
): string {
  const { schema, table, deletedColumn } = mount;
  const conditions = [
    ...scope.all.map((one) => condition(one, columns)),
    ...(deletedColumn === undefined ? [] : [liveSql(deletedColumn, columns)]),
  ].map((one) => `(${one})`);
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `select count(*) as "count" from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} as s${where}`;
}

/** Rows that the department has not marked as deleted. */
export function liveSql(column: string, columns: Known): string {
  return columns.get(column)?.baseType === 'bool' ? `${quoted(column)} is not true` : `${quoted(column)} is null`;
}

/** Whether the table is there with every column that the count asks of. */
export function hasWhatIsAsked({ mount, scope }: CountAsk, columns: Known): boolean {
  const { deletedColumn } = mount;
  const asked = [...scope.all.map(({ item }) => item), ...(deletedColumn === undefined ? [] : [deletedColumn])];
  return columns.size > 0 && asked.every((name) => columns.has(name));
}
