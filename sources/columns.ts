import type { Item, ItemType, TableEntry, TableMount } from '../domain/catalogue.ts';

export type TableName = Omit<TableMount, 'sourceId'>;

/** Whatever puts a query to a department's database. */
export interface Asked {
  rows<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** A column. Types are named as PostgreSQL names them, whatever the database: as the type that writes a value the same way. */
export interface Column {
  readonly name: string;
  /** As SQL writes it, with length and precision. */
  readonly type: string;
  /** As its own database calls it, where that is not PostgreSQL. */
  readonly own?: string;
  /** The type's name without modifiers, and PostgreSQL's category letter for it. */
  readonly baseType: string;
  readonly category: string;
  /** Whether the type exists in every PostgreSQL database, and not only where an extension or a department made it. */
  readonly builtIn: boolean;
  /** Whether text compares byte by byte in the column's own collation, so that an index on it serves canonical order. */
  readonly bytewise: boolean;
}

export type Columns = ReadonlyMap<string, Column>;

/**
 * Holds the source's columns against what the catalogue promises for these items: names each column that is gone or of
 * another kind, or the table when it is gone as a whole. Undefined: everything fits.
 */
export function unfitColumns(columns: Columns, items: readonly Item[], entry: TableEntry): string | undefined {
  const { schema, table, deletedColumn } = entry.mount;
  if (columns.size === 0) return `${schema}.${table}`;
  const needed = [...items.map(({ id }) => id), ...(deletedColumn === undefined ? [] : [deletedColumn])];
  const gone = needed.filter((id) => !columns.has(id));
  const retyped = items.filter(({ id, type }) => {
    const column = columns.get(id);
    return column !== undefined && !fits(column, type);
  });
  if (gone.length + retyped.length === 0) return undefined;
  return [...gone, ...retyped.map(({ id }) => `${id} (${shownType(columns.get(id))})`)].join(', ');
}

/** The type of a column as its department knows it. */
export function shownType(column: Column | undefined): string {
  return column?.own ?? column?.type ?? '—';
}

/** Whether a column can hold an item of the 2017 guide's type. */
function fits({ baseType, category }: Column, type: ItemType): boolean {
  switch (type) {
    case 'C':
    case 'M':
      return category === 'S' || category === 'E' || baseType === 'uuid';
    case 'N':
    case 'Y':
    case 'B':
    case 'F':
      return category === 'N';
    case 'I':
      return ['int2', 'int4', 'int8'].includes(baseType);
    case 'D':
      return baseType === 'date';
    case 'T':
      return ['timestamp', 'timestamptz'].includes(baseType);
    case 'L':
      return baseType === 'bool';
    case 'G':
      return true;
  }
}
