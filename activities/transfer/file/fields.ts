import type { Entry } from '../../../domain/catalogue.ts';
import type { Grant } from '../../../domain/grant.ts';
import { maskOf } from '../../../domain/sharing.ts';
import type { Column } from '../../../sources/columns.ts';
import { TransferFailure } from '../failures.ts';

/** What the values of a column are, so that formats which have types can use theirs. */
export type Kind = 'text' | 'int32' | 'int64' | 'decimal' | 'float' | 'boolean' | 'date' | 'timestamp' | 'timestamptz';

export interface Field {
  /** The item's id: the heading of the column. */
  readonly name: string;
  readonly kind: Kind;
  /** Of a decimal with a fixed number of digits: how many in all, and how many after the point. */
  readonly digits?: { readonly precision: number; readonly scale: number };
  /** As the source's database writes the type; `text` where it is masked. */
  readonly type: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  int2: 'int32',
  int4: 'int32',
  int8: 'int64',
  numeric: 'decimal',
  float4: 'float',
  float8: 'float',
  bool: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};

/** The columns of the file: the granted items in the grant's order. What is masked is text, whatever it was before. */
export function fieldsOf(grant: Grant, entry: Entry, columns: ReadonlyMap<string, Column>): Field[] {
  return grant.items.map((name) => {
    const column = columns.get(name);
    if (column === undefined || maskOf(grant, entry, name) !== 'none') return { name, kind: 'text', type: 'text' };
    const kind = (column.builtIn ? KINDS[column.baseType] : undefined) ?? 'text';
    const [, precision, scale] = /^numeric\((\d+),(\d+)\)$/.exec(column.type) ?? [];
    const digits =
      precision === undefined ? {} : { digits: { precision: Number(precision), scale: Number(scale ?? '0') } };
    return { name, kind, type: column.type, ...digits };
  });
}

/** A value that the format chosen has no place for. */
export function unfit(field: Field, value: string): TransferFailure {
  return new TransferFailure('FileFormatUnfit', { detail: `${field.name}: ${value.slice(0, 60)}` });
}
