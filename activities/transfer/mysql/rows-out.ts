import { Readable } from 'node:stream';
import type { Connection, Query } from 'mysql2';
import type { RowQuery } from '../../../sources/granted-sql.ts';
import type { CopyOut } from '../connector.ts';
import { TransferFailure } from '../failures.ts';
import { floatText } from './float-text.ts';

/** Characters that are gathered before they go on. */
const CHUNK = 64 * 1024;

/**
 * The rows of a query as lines of the canonical form, holding back the server while nobody reads. `failed` makes an error of
 * the driver a failure of the side.
 */
export function createRowsOut(
  connection: Connection,
  { sql, types }: RowQuery,
  failed: (error: unknown) => Error,
): CopyOut {
  let names: readonly string[] = [];
  const writers = types.map((type, at) => writerOf(type, () => names[at] ?? ''));
  let rowCount = 0;
  let gathered = '';
  let isOver = false;
  const out: Readable = new Readable({
    read: () => connection.resume(),
    destroy(error, done) {
      // What the server still sends is read and dropped, so that the connection can be used again.
      if (!isOver) connection.resume();
      done(error);
    },
  });
  const query = connection.query({ sql, rowsAsArray: true }) as Query;
  const fail = (error: unknown): void => {
    isOver = true;
    out.destroy(failed(error));
  };
  query.on('fields', (fields: readonly { readonly name: string }[]) => {
    names = fields.map(({ name }) => name);
  });
  query.on('error', fail);
  query.on('result', (row) => {
    if (out.destroyed) return;
    try {
      gathered += lineOf(row as unknown as (string | null)[], writers);
    } catch (error) {
      out.destroy(error as Error);
      return;
    }
    rowCount += 1;
    if (gathered.length < CHUNK) return;
    const goesOn = out.push(Buffer.from(gathered, 'utf8'));
    gathered = '';
    if (!goesOn) connection.pause();
  });
  query.on('end', () => {
    if (isOver) return;
    isOver = true;
    if (gathered !== '') out.push(Buffer.from(gathered, 'utf8'));
    out.push(null);
  });
  // The driver tells nobody whose result is under way, or only asked for, that the connection is gone.
  const { stream } = connection as Connection & { readonly stream: Readable };
  const cut = (): void => {
    if (!isOver) fail(new Error('Connection terminated'));
  };
  if (stream.destroyed) setImmediate(cut);
  stream.once('close', cut);
  out.once('close', () => stream.removeListener('close', cut));
  return Object.defineProperty(out, 'rowCount', { get: () => rowCount }) as CopyOut;
}

type Writer = (value: string) => string;

function lineOf(row: readonly (string | null)[], writers: readonly Writer[]): string {
  let line = '';
  for (const [at, value] of row.entries()) {
    if (at > 0) line += '\t';
    line += value === null ? '\\N' : (writers[at] ?? escaped)(value);
  }
  return `${line}\n`;
}

function writerOf(type: string, name: () => string): Writer {
  switch (type) {
    case 'float4':
      return (value) => floatText(value, true);
    case 'float8':
      return (value) => floatText(value, false);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return (value) => wholeDate(value, name);
    case 'bool':
      return (value) => logical(value, name);
    default:
      return escaped;
  }
}

const SPECIAL = /[\\\b\f\n\r\t\v]/;
const SPECIALS = /[\\\b\f\n\r\t\v]/g;
const LETTERS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function escaped(value: string): string {
  return SPECIAL.test(value) ? value.replace(SPECIALS, (one) => LETTERS[one] ?? one) : value;
}

/** MySQL can hold dates that are none, such as 0000-00-00 or 2026-02-00. No other database takes them. */
function wholeDate(value: string, name: () => string): string {
  if (/^0000|-00/.test(value.slice(0, 10))) throw unfit(value, name);
  return value;
}

/** A number that is neither 0 nor 1 in a column that is taken for a logical one. */
function logical(value: string, name: () => string): string {
  if (value !== 't' && value !== 'f') throw unfit(value, name);
  return value;
}

function unfit(value: string, name: () => string): TransferFailure {
  return new TransferFailure('TypeMismatch', { side: 'source', detail: `${name()}: ${value}` });
}
