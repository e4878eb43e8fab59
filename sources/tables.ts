import type { ItemType } from '../domain/catalogue.ts';
import type { Reader } from './connect.ts';

/** A column as the catalogue of its database has it. */
export interface SourceColumn {
  readonly name: string;
  readonly type: ItemType;
  /** Characters, or digits of a number; absent where the type has none. */
  readonly length?: number;
  readonly nullable: boolean;
  readonly comment?: string;
  /** Whether its values can be looked at as texts: not bytes, documents, arrays. */
  readonly legible: boolean;
}

export interface SourceTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly comment?: string;
  readonly columns: readonly SourceColumn[];
  /** The columns of the primary key, or of a unique index without a nullable one; empty where there is neither. */
  readonly key: readonly string[];
  /** Rows by the server's statistics; absent where it has none. */
  readonly estimate?: number;
}

export interface Wanted {
  readonly schema?: string;
  readonly tables?: readonly string[];
}

/** What others have delivered lies here: it is not the department's to describe. */
export const RECEIVED = 'received';

interface TableRow {
  oid: string;
  schema: string;
  name: string;
  kind: 'table' | 'view';
  comment: string | null;
  estimate: number | null;
}

const TABLES = `
  select c.oid::text as oid, n.nspname as schema, c.relname as name,
         case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
         obj_description(c.oid, 'pg_class') as comment,
         case when c.relkind = 'p' then
                (select sum(p.reltuples) from pg_partition_tree(c.oid) t join pg_class p on p.oid = t.relid
                  where t.isleaf and p.reltuples >= 0)
              when c.reltuples >= 0 and c.relkind <> 'v' then c.reltuples end::float8 as estimate
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
     and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '${RECEIVED}')
     and c.relpersistence <> 't'
     and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
     and ($1::text is null or n.nspname = $1)
     and ($2::text[] is null or c.relname = any($2))
     -- Tables of extensions, such as those of PostGIS.
     and not exists (select from pg_depend d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by n.nspname, c.relname`;

interface ColumnRow {
  oid: string;
  name: string;
  baseType: string;
  category: string;
  modifier: number;
  nullable: boolean;
  comment: string | null;
}

const COLUMNS = `
  select a.attrelid::text as oid, a.attname as name, b.typname as "baseType", b.typcategory as category,
         case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as modifier,
         not (a.attnotnull or t.typnotnull) as nullable, col_description(a.attrelid, a.attnum) as comment
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
   where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
   order by a.attrelid, a.attnum`;

const KEYS = `
  select distinct on (i.indrelid) i.indrelid::text as oid,
         (select array_agg(a.attname order by k.nth)
            from unnest(i.indkey::int2[]) with ordinality k(attnum, nth)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
           where k.nth <= i.indnkeyatts)::text[] as key
    from pg_index i
   where i.indrelid = any($1::oid[]) and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
     and (i.indisprimary or not exists (
           select from unnest(i.indkey::int2[]) with ordinality k(attnum, nth)
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
            where k.nth <= i.indnkeyatts and not a.attnotnull))
   order by i.indrelid, i.indisprimary desc, i.indnkeyatts, i.indexrelid`;

/** Tables and views that may be read, with columns and keys. What is not named is not narrowed down. */
export async function tablesOf(reader: Reader, { schema, tables }: Wanted): Promise<SourceTable[]> {
  const found = await reader.rows<TableRow>(TABLES, [schema ?? null, tables ?? null]);
  const oids = found.map(({ oid }) => oid);
  const columns = new Map<string, ColumnRow[]>(oids.map((oid) => [oid, []]));
  for (const row of await reader.rows<ColumnRow>(COLUMNS, [oids])) columns.get(row.oid)?.push(row);
  const keyRows = await reader.rows<{ oid: string; key: string[] }>(KEYS, [oids]);
  const keys = new Map(keyRows.map(({ oid, key }) => [oid, key]));
  return found.map(({ oid, name, kind, comment, estimate, schema: of }) => ({
    schema: of,
    name,
    kind,
    ...(comment === null ? {} : { comment }),
    columns: (columns.get(oid) ?? []).map(columnOf),
    key: keys.get(oid) ?? [],
    ...(estimate === null ? {} : { estimate }),
  }));
}

function columnOf({ name, nullable, comment, ...type }: ColumnRow): SourceColumn {
  const itemType = itemTypeOf(type);
  const length = lengthOf(type);
  return {
    name,
    type: itemType,
    ...(length === undefined ? {} : { length }),
    nullable,
    ...(comment === null ? {} : { comment }),
    legible: itemType !== 'G' && itemType !== 'L',
  };
}

type PgType = Pick<ColumnRow, 'baseType' | 'category' | 'modifier'>;

/** The 2017 guide's letter for a type. What it has none for is 通用型 (G). */
function itemTypeOf({ baseType, category }: PgType): ItemType {
  switch (baseType) {
    case 'int2':
    case 'int4':
    case 'int8':
      return 'I';
    case 'numeric':
      return 'N';
    case 'money':
      return 'Y';
    case 'float8':
      return 'B';
    case 'float4':
      return 'F';
    case 'date':
      return 'D';
    case 'timestamp':
    case 'timestamptz':
      return 'T';
    case 'bool':
      return 'L';
    case 'uuid':
      return 'C';
    default:
      return category === 'S' || category === 'E' ? 'C' : 'G';
  }
}

/** PostgreSQL keeps a type's length with four added, and precision in the upper half of it. */
function lengthOf({ baseType, modifier }: PgType): number | undefined {
  if (baseType === 'uuid') return 36;
  if (modifier < 4) return undefined;
  if (baseType === 'varchar' || baseType === 'bpchar') return modifier - 4;
  return baseType === 'numeric' ? ((modifier - 4) >> 16) & 0xff_ff : undefined;
}
