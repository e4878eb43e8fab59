import type { Item, ItemType, TableEntry, TableMount } from '../domain/catalogue.ts';

/** Whatever puts a query to a department's database. */
export interface Asked {
  rows<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** A column as its database holds it. */
export interface Column {
  readonly name: string;
  /** As SQL writes it, with length and precision. */
  readonly type: string;
  /** The type's name without modifiers, and PostgreSQL's category letter for it. */
  readonly baseType: string;
  readonly category: string;
  /** Whether the type exists in every PostgreSQL database, and not only where an extension or a department made it. */
  readonly builtIn: boolean;
  /** Whether text compares byte by byte in the column's own collation, so that an index on it serves canonical order. */
  readonly bytewise: boolean;
}

const COLUMNS = `
  select a.attname as name,
         pg_catalog.format_type(b.oid, case when t.typtype = 'd' then t.typtypmod else a.atttypmod end) as type,
         b.typname as "baseType", b.typcategory as category,
         b.typnamespace = 'pg_catalog'::regnamespace as "builtIn",
         case
           when c.collprovider = 'd' then
             d.datlocprovider = 'b' or (d.datlocprovider = 'c' and d.datcollate in ('C', 'POSIX', 'C.UTF-8', 'C.utf8'))
           else coalesce(c.collprovider = 'b' or c.collcollate in ('C', 'POSIX'), true)
         end as bytewise
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type t on t.oid = a.atttypid
    join pg_catalog.pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
    join pg_catalog.pg_database d on d.datname = current_database()
    left join pg_catalog.pg_collation c on c.oid = a.attcollation
   where a.attrelid = pg_catalog.to_regclass(pg_catalog.format('%I.%I', $1::text, $2::text))
     and a.attnum > 0 and not a.attisdropped`;

/** The columns of a table, by name; none when the table does not exist. */
export async function columnsOf(
  session: Asked,
  { schema, table }: Omit<TableMount, 'sourceId'>,
): Promise<Map<string, Column>> {
  const columns = await session.rows<Column>(COLUMNS, [schema, table]);
  return new Map(columns.map((column) => [column.name, column]));
}

/**
 * Holds the source's columns against what the catalogue promises for these items: names each column that is gone or of
 * another kind, or the table when it is gone as a whole. Undefined: everything fits.
 */
export function unfitColumns(
  columns: ReadonlyMap<string, Column>,
  items: readonly Item[],
  entry: TableEntry,
): string | undefined {
  const { schema, table } = entry.mount;
  if (columns.size === 0) return `${schema}.${table}`;
  const { deletedColumn } = entry.mount;
  const needed = [...items.map(({ id }) => id), ...(deletedColumn === undefined ? [] : [deletedColumn])];
  const gone = needed.filter((id) => !columns.has(id));
  const retyped = items.filter(({ id, type }) => {
    const column = columns.get(id);
    return column !== undefined && !fits(column, type);
  });
  if (gone.length + retyped.length === 0) return undefined;
  const named = [...gone, ...retyped.map(({ id }) => `${id} (${columns.get(id)?.type ?? ''})`)];
  return named.join(', ');
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
