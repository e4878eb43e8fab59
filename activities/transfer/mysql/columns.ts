import type { Item } from '../../../domain/catalogue.ts';
import type { Column, TableName } from '../../../sources/columns.ts';
import { mysqlTypeOf } from '../../../sources/mysql/types.ts';
import type { Session } from '../connector.ts';

const COLUMNS = `
  select column_name as "name", column_type as "own", data_type as "kind", character_maximum_length as "length",
         numeric_precision as "precision", numeric_scale as "scale", datetime_precision as "fraction",
         collation_name as "collation"
    from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position`;

interface Row {
  readonly name: string;
  readonly own: string;
  readonly kind: string;
  readonly length: string | null;
  readonly precision: string | null;
  readonly scale: string | null;
  readonly fraction: string | null;
  readonly collation: string | null;
}

/** Collations in which text compares byte by byte and trailing spaces count. `utf8mb4_bin` pads. */
const BYTEWISE = ['utf8mb4_nopad_bin', 'utf8mb4_0900_bin', 'utf8mb3_nopad_bin', 'ascii_nopad_bin'];

/**
 * The columns of a table, by name, with the types that PostgreSQL has for them. `tinyint(1)` is a number where an item says
 * so, and logical where none does.
 */
export async function columnsOf(
  session: Session,
  { schema, table }: TableName,
  items: readonly Item[] = [],
): Promise<Map<string, Column>> {
  const rows = await session.rows<Row>(COLUMNS, [schema, table]);
  return new Map(
    rows.map(({ name, own, kind, length, precision, scale, fraction, collation }) => {
      const type = items.find(({ id }) => id === name)?.type;
      const isNumber = type !== undefined && type !== 'L';
      const found = mysqlTypeOf({ own, kind, length, precision, scale, fraction, isNumber });
      const bytewise = found.category !== 'S' || (collation !== null && BYTEWISE.includes(collation));
      return [name, { name, own, builtIn: true, bytewise, ...found }];
    }),
  );
}
