import type { DeliveredColumn } from '../target-table.ts';

/** Text up to so many characters is kept in the row; more would soon fill the 65,535 bytes that a row may have. */
const IN_ROW = 255;
const ROW_CHARACTERS = 15_000;
/** An index holds 3,072 bytes: a key of texts so many characters, in parts. */
const KEY_CHARACTERS = 700;

const TYPES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'int',
  int8: 'bigint',
  float4: 'float',
  float8: 'double',
  bool: 'tinyint(1)',
  date: 'date',
  bytea: 'longblob',
  uuid: 'varchar(36)',
};

/** For the columns of a table, the types that hold every value so that it is written the same again. `key`: to be found by. */
export function targetTypes(columns: readonly DeliveredColumn[], key: readonly string[]): string[] {
  const inRow = columns.reduce((sum, column) => sum + (isShort(column) ? lengthOf(column) : 0), 0);
  return columns.map((column) => {
    const { name, type, baseType } = column;
    const isText = baseType === 'text' || baseType === 'varchar' || baseType === 'bpchar';
    if (key.includes(name) && isText) {
      return `varchar(${Math.min(lengthOf(column) || KEY_CHARACTERS, Math.floor(KEY_CHARACTERS / key.length))})`;
    }
    if (isShort(column)) return inRow > ROW_CHARACTERS ? 'longtext' : `varchar(${lengthOf(column)})`;
    return TYPES[baseType] ?? sizedType(type, baseType) ?? 'longtext';
  });
}

function sizedType(type: string, baseType: string): string | undefined {
  const [first, second] = [...type.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  switch (baseType) {
    case 'numeric':
      return first !== undefined && second !== undefined && first <= 65 && second <= Math.min(30, first)
        ? `decimal(${first},${second})`
        : undefined;
    case 'timestamp':
    case 'timestamptz':
      return `datetime(${first ?? 6})`;
    case 'bit':
      return (first ?? 1) <= 64 ? `bit(${first ?? 1})` : undefined;
    default:
      return undefined;
  }
}

/** A fixed length would lose spaces at its end. */
function isShort(column: DeliveredColumn): boolean {
  const isSized = column.baseType === 'varchar' || column.baseType === 'bpchar';
  return isSized && lengthOf(column) > 0 && lengthOf(column) <= IN_ROW;
}

function lengthOf({ type }: DeliveredColumn): number {
  return Number(/\((\d+)\)/.exec(type)?.[1] ?? 0);
}
