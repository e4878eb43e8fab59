import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import type { FileEncoding } from '../../../domain/file-delivery.ts';
import type { Field } from './fields.ts';
import type { Row } from './rows.ts';

export interface CsvOptions {
  readonly encoding: FileEncoding;
  readonly bom: boolean;
}

/**
 * CSV by RFC 4180: lines end with CRLF, a heading, quotes where they are needed. As PostgreSQL has it, NULL is nothing and
 * an empty text is `""`, so that the two stay apart. Values are as they are: none is changed because a spreadsheet might
 * take it for a formula.
 */
export async function* csvBytes(
  batches: AsyncIterable<readonly Row[]>,
  fields: readonly Field[],
  { encoding, bom }: CsvOptions,
): AsyncGenerator<Uint8Array> {
  const encoder = iconv.getEncoder(encoding, { addBOM: bom });
  yield encoder.write(lines([fields.map(({ name }) => name)]));
  for await (const batch of batches) yield encoder.write(lines(batch));
  const end = encoder.end();
  if (end !== undefined) yield end;
}

/** A table for a spreadsheet, whole: UTF-8 with a byte-order mark. */
export function csvText(rows: readonly (readonly string[])[]): Buffer {
  return iconv.encode(lines(rows), 'utf-8', { addBOM: true });
}

function lines(rows: readonly Row[]): string {
  return stringify([...rows] as string[][], { record_delimiter: '\r\n', quoted_match: /^$/ });
}
