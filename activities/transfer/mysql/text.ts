import type { Column } from '../../../sources/columns.ts';

const GEOMETRY = /^(?:geometry|geometrycollection|(?:multi)?(?:point|linestring|polygon))/;

/** The text that the canonical form has for a value, in utf8mb4. Floating-point numbers come as the server writes them. */
export function textOf(expression: string, column: Column | undefined): string {
  if (column === undefined) return `convert(${expression} using utf8mb4)`;
  switch (column.baseType) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'float4':
    case 'float8':
      return `cast(${plainNumber(expression, column)} as char)`;
    case 'bool':
      // Another number stays one, and is told of where it is read.
      return `case ${expression} + 0 when 0 then 'f' when 1 then 't' else cast(${expression} + 0 as char) end`;
    case 'bit':
      return `lpad(bin(${expression} + 0), ${/\d+/.exec(column.type)?.[0] ?? '1'}, '0')`;
    case 'date':
      return `cast(${expression} as char)`;
    case 'timestamp':
      return timeOf(expression, column);
    case 'timestamptz':
      return `${timeOf(expression, column)} || '+00'`;
    case 'bytea':
      return `'\\\\x' || lower(hex(${expression}))`;
    default:
      return GEOMETRY.test(column.own ?? '') ? `st_astext(${expression})` : `convert(${expression} using utf8mb4)`;
  }
}

/** Floating-point numbers as the nearest of eight bytes, of which the stream finds the shortest text. */
export function valueOf(expression: string, column: Column | undefined): string {
  const isFloat = column?.baseType === 'float4' || column?.baseType === 'float8';
  return isFloat ? `${expression} + 0e0` : textOf(expression, column);
}

/** Without the zeros that ZEROFILL shows before it. */
function plainNumber(expression: string, { own = '' }: Column): string {
  return own.includes('zerofill') ? `${expression} + 0` : expression;
}

/** Without zeros at the end of the fraction. */
function timeOf(expression: string, { type }: Column): string {
  const text = `cast(${expression} as char)`;
  return /\(0\)/.test(type) ? text : `trim(trailing '.' from trim(trailing '0' from ${text}))`;
}
