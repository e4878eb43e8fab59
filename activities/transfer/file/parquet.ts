import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type Field, unfit } from './fields.ts';
import type { Cell, Row } from './rows.ts';

/** A row group is held in memory until it is written: so many rows, or so many characters, at the most. */
const ROWS_OF_GROUP = 50_000;
const CHARACTERS_OF_GROUP = 8 * 1024 * 1024;

/** A decimal that 64 bits hold exactly; longer ones are written as text. */
const MOST_DIGITS = 18;

/**
 * Apache Parquet, Snappy, one row group after another. Decimals with a fixed number of digits stay exact, days are DATE,
 * times TIMESTAMP in microseconds; whatever has no exact type there is text.
 * Rejects with FileFormatUnfit at a value that a typed column cannot hold, such as a day `infinity`.
 */
export async function* parquetBytes(
  batches: AsyncIterable<readonly Row[]>,
  fields: readonly Field[],
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const columns = fields.map((field) => ({ field, ...columnOf(field) }));
  const root: SchemaElement = { name: 'root', num_children: columns.length };
  const schema = [root, ...columns.map(({ element }) => element)];
  const parquet = new ParquetWriter({ writer: bytes, schema, createdBy: 'santong' });
  let group: Row[] = [];
  let characters = 0;
  const flush = (): Uint8Array => {
    const columnData = columns.map(({ field, element, convert }, index) => ({
      name: element.name,
      data: group.map((row) => converted(row[index] ?? null, field, convert)),
    }));
    void parquet.write({ columnData, rowGroupSize: group.length });
    group = [];
    characters = 0;
    return taken(bytes);
  };
  for await (const batch of batches) {
    for (const row of batch) {
      group.push(row);
      for (const cell of row) characters += cell?.length ?? 0;
      if (group.length === ROWS_OF_GROUP || characters >= CHARACTERS_OF_GROUP) yield flush();
    }
  }
  if (group.length > 0) yield flush();
  void parquet.finish();
  yield taken(bytes);
}

/** What was written since the last time; the writer goes on from the same offset in the file. */
function taken(bytes: ByteWriter): Uint8Array {
  const copy = bytes.getBytes().slice();
  bytes.index = 0;
  return copy;
}

type Value = string | number | bigint | boolean;

function converted(value: Cell, field: Field, convert: (text: string) => Value | undefined): Value | null {
  if (value === null) return null;
  const result = convert(value);
  if (result === undefined) throw unfit(field, value);
  return result;
}

interface ParquetColumn {
  readonly element: SchemaElement;
  /** Undefined: the column cannot hold this value. */
  convert(text: string): Value | undefined;
}

function columnOf({ name, kind, digits }: Field): ParquetColumn {
  const base = { name, repetition_type: 'OPTIONAL' } as const;
  switch (kind) {
    case 'int32':
      return { element: { ...base, type: 'INT32' }, convert: Number };
    case 'int64':
      return { element: { ...base, type: 'INT64' }, convert: BigInt };
    case 'float':
      return { element: { ...base, type: 'DOUBLE' }, convert: Number };
    case 'boolean':
      return { element: { ...base, type: 'BOOLEAN' }, convert: (text) => text === 't' };
    case 'date':
      return { element: { ...base, type: 'INT32', converted_type: 'DATE' }, convert: dayOf };
    case 'timestamp':
    case 'timestamptz': {
      const logical_type = { type: 'TIMESTAMP', isAdjustedToUTC: kind === 'timestamptz', unit: 'MICROS' } as const;
      return { element: { ...base, type: 'INT64', logical_type }, convert: microsecondsOf };
    }
    case 'decimal': {
      if (digits === undefined || digits.precision > MOST_DIGITS || digits.scale > digits.precision) break;
      const element: SchemaElement = { ...base, type: 'INT64', converted_type: 'DECIMAL', ...digits };
      return { element, convert: (text) => (/^-?[\d.]+$/.test(text) ? BigInt(text.replace('.', '')) : undefined) };
    }
    case 'text':
  }
  return { element: { ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8' }, convert: (text) => text };
}

const DAY_MS = 86_400_000;
const TIME = /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00)?)?( BC)?$/;

function dayOf(text: string): number | undefined {
  const found = TIME.exec(text);
  return found ? midnight(found) / DAY_MS : undefined;
}

function microsecondsOf(text: string): bigint | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const [, , , , hours = '0', minutes = '0', seconds = '0', fraction = ''] = found;
  const ofDay = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return BigInt(midnight(found)) * 1_000n + BigInt(ofDay) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** In milliseconds since 1970. The year 1 BC is the year 0 of the proleptic calendar. */
function midnight([, year = '', month = '', day = '', , , , , bc]: RegExpExecArray): number {
  const date = new Date(0);
  date.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  return date.getTime();
}
