/** A column's type as the information schema of MySQL and MariaDB tells it. Numbers come as texts. */
export interface MysqlType {
  /** `int(10) unsigned zerofill`. */
  readonly own: string;
  /** `int`. */
  readonly kind: string;
  readonly length: string | null;
  readonly precision: string | null;
  readonly scale: string | null;
  /** Digits after the second. */
  readonly fraction: string | null;
  /** Whether `tinyint(1)` holds a number and not a logical value. */
  readonly isNumber?: boolean;
}

/** The type in which PostgreSQL holds and writes the same values: its name with modifiers, without, and its category. */
export interface CanonicalType {
  readonly type: string;
  readonly baseType: string;
  readonly category: string;
}

const TEXT: CanonicalType = { type: 'text', baseType: 'text', category: 'S' };
const BOOLEAN: CanonicalType = { type: 'boolean', baseType: 'bool', category: 'B' };
const SMALLINT: CanonicalType = { type: 'smallint', baseType: 'int2', category: 'N' };
const INTEGER: CanonicalType = { type: 'integer', baseType: 'int4', category: 'N' };
const BIGINT: CanonicalType = { type: 'bigint', baseType: 'int8', category: 'N' };

/** What has no like in PostgreSQL, as times of more than a day, sets or documents, is text. */
export function mysqlTypeOf(column: MysqlType): CanonicalType {
  const { own, kind, length, fraction } = column;
  const isUnsigned = own.includes('unsigned');
  switch (kind) {
    case 'tinyint':
      return /^tinyint\(1\)$/.test(own) && column.isNumber !== true ? BOOLEAN : SMALLINT;
    case 'year':
      return SMALLINT;
    case 'smallint':
      return isUnsigned ? INTEGER : SMALLINT;
    case 'mediumint':
      return INTEGER;
    case 'int':
      return isUnsigned ? BIGINT : INTEGER;
    case 'bigint':
      return isUnsigned ? numeric('20', '0') : BIGINT;
    case 'decimal':
      return numeric(column.precision ?? '10', column.scale ?? '0');
    case 'float':
      return { type: 'real', baseType: 'float4', category: 'N' };
    case 'double':
      return { type: 'double precision', baseType: 'float8', category: 'N' };
    case 'bit':
      return own === 'bit(1)' ? BOOLEAN : { type: own, baseType: 'bit', category: 'V' };
    case 'date':
      return { type: 'date', baseType: 'date', category: 'D' };
    case 'datetime':
      return { type: `timestamp${digits(fraction)} without time zone`, baseType: 'timestamp', category: 'D' };
    case 'timestamp':
      return { type: `timestamp${digits(fraction)} with time zone`, baseType: 'timestamptz', category: 'D' };
    case 'char':
    case 'varchar':
      return length === null || length === '0'
        ? TEXT
        : { type: `character varying(${length})`, baseType: 'varchar', category: 'S' };
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return { type: 'bytea', baseType: 'bytea', category: 'U' };
    case 'uuid':
      return { type: 'uuid', baseType: 'uuid', category: 'U' };
    default:
      return TEXT;
  }
}

function numeric(precision: string, scale: string): CanonicalType {
  return { type: `numeric(${precision},${scale})`, baseType: 'numeric', category: 'N' };
}

function digits(fraction: string | null): string {
  return fraction === null || fraction === '6' ? '' : `(${fraction})`;
}
