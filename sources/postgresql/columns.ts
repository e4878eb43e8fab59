import type { Asked, Column, TableName } from '../columns.ts';

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
export async function columnsOf(session: Asked, { schema, table }: TableName): Promise<Map<string, Column>> {
  const columns = await session.rows<Column>(COLUMNS, [schema, table]);
  return new Map(columns.map((column) => [column.name, column]));
}
