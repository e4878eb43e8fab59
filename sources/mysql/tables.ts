import type { Connection } from 'mysql2';
import type { ItemType } from '../../domain/catalogue.ts';
import type { ScopeColumn } from '../scope-sql.ts';
import type { SourceColumn, SourceTable, Wanted } from '../tables.ts';
import { rowsOf } from './connection.ts';
import { mysqlTypeOf, type MysqlType } from './types.ts';

/** What others have delivered bears such names: it is not the department's to describe. */
const RECEIVED = 'received\\_%';
const SYSTEM = "('information_schema', 'performance_schema', 'mysql', 'sys')";

interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly comment: string;
  readonly estimate: string | null;
}

interface ColumnRow extends MysqlType {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly nullable: string;
  readonly comment: string;
}

interface KeyRow {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly column: string;
  readonly nullable: string;
}

/** Tables and views that may be read, with columns and keys. Databases of the server take the place of schemas. */
export async function tablesOf(connection: Connection, { schema, tables }: Wanted): Promise<SourceTable[]> {
  if (tables?.length === 0) return [];
  const narrowed = [
    `i.table_schema not in ${SYSTEM}`,
    `i.table_name not like '${RECEIVED}'`,
    ...(schema === undefined ? [] : ['i.table_schema = ?']),
    ...(tables === undefined ? [] : [`i.table_name in (${tables.map(() => '?').join(', ')})`]),
  ].join(' and ');
  const values = [...(schema === undefined ? [] : [schema]), ...(tables ?? [])];
  const found = await rowsOf<TableRow>(
    connection,
    `select i.table_schema as "schema", i.table_name as "name", i.table_type as "kind", i.table_comment as "comment",
            i.table_rows as "estimate"
       from information_schema.tables as i where ${narrowed} order by 1, 2`,
    values,
  );
  const columns = await rowsOf<ColumnRow>(
    connection,
    `select i.table_schema as "schema", i.table_name as "table", i.column_name as "name", i.is_nullable as "nullable",
            i.column_comment as "comment", i.column_type as "own", i.data_type as "kind",
            i.character_maximum_length as "length", i.numeric_precision as "precision", i.numeric_scale as "scale",
            i.datetime_precision as "fraction"
       from information_schema.columns as i where ${narrowed} order by 1, 2, i.ordinal_position`,
    values,
  );
  const keys = await rowsOf<KeyRow>(
    connection,
    `select i.table_schema as "schema", i.table_name as "table", i.index_name as "index", i.column_name as "column",
            i.nullable as "nullable"
       from information_schema.statistics as i
      where ${narrowed} and i.non_unique = 0 and i.column_name is not null and i.sub_part is null
      order by 1, 2, i.index_name <> 'PRIMARY', 3, i.seq_in_index`,
    values,
  );
  return found.map(({ schema: of, name, kind, comment, estimate }) => {
    const isOf = (row: { readonly schema: string; readonly table: string }): boolean =>
      row.schema === of && row.table === name;
    const isView = kind !== 'BASE TABLE';
    return {
      schema: of,
      name,
      kind: isView ? 'view' : 'table',
      // The remark of a view is `VIEW`.
      ...(comment === '' || isView ? {} : { comment }),
      columns: columns.filter(isOf).map(columnOf),
      key: keyOf(keys.filter(isOf)),
      ...(estimate === null || isView ? {} : { estimate: Number(estimate) }),
    };
  });
}

/** What conditions have to know of a table's columns, by name; none where there is no such table. */
export async function scopeColumnsOf(
  connection: Connection,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<ReadonlyMap<string, ScopeColumn>> {
  const rows = await rowsOf<MysqlType & { readonly name: string }>(
    connection,
    `select i.column_name as "name", i.column_type as "own", i.data_type as "kind",
            i.character_maximum_length as "length", i.numeric_precision as "precision", i.numeric_scale as "scale",
            i.datetime_precision as "fraction"
       from information_schema.columns as i where i.table_schema = ? and i.table_name = ?`,
    [schema, table],
  );
  return new Map(rows.map(({ name, ...type }) => [name, { ...mysqlTypeOf(type), bytewise: false }]));
}

function columnOf({ name, nullable, comment, ...type }: ColumnRow): SourceColumn {
  const { type: canonical, baseType } = mysqlTypeOf(type);
  const itemType = ITEM_TYPES[baseType] ?? 'G';
  const length = lengthOf(canonical, baseType);
  return {
    name,
    type: itemType,
    ...(length === undefined ? {} : { length }),
    nullable: nullable === 'YES',
    ...(comment === '' ? {} : { comment }),
    legible: itemType !== 'G' && itemType !== 'L',
  };
}

/** The 2017 guide's letter for a type. */
const ITEM_TYPES: Readonly<Record<string, ItemType>> = {
  int2: 'I',
  int4: 'I',
  int8: 'I',
  numeric: 'N',
  float8: 'B',
  float4: 'F',
  date: 'D',
  timestamp: 'T',
  timestamptz: 'T',
  bool: 'L',
  uuid: 'C',
  varchar: 'C',
  text: 'C',
};

function lengthOf(type: string, baseType: string): number | undefined {
  if (baseType === 'uuid') return 36;
  const first = /\((\d+)/.exec(type)?.[1];
  return first !== undefined && (baseType === 'varchar' || baseType === 'numeric') ? Number(first) : undefined;
}

/** The primary key, or the first unique index without a column that may be null. */
function keyOf(rows: readonly KeyRow[]): string[] {
  const indexes = new Map<string, KeyRow[]>();
  for (const row of rows) indexes.set(row.index, [...(indexes.get(row.index) ?? []), row]);
  const sound = [...indexes.values()].find((parts) => parts.every(({ nullable }) => nullable !== 'YES'));
  return sound?.map(({ column }) => column) ?? [];
}
