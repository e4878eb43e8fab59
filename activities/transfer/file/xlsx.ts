import { PassThrough } from 'node:stream';
import type exceljs from 'exceljs';
import { type Field, unfit } from './fields.ts';
import type { Cell, Row } from './rows.ts';

/** Excel's own limits: lines of a sheet, characters of a cell, digits of a number, and the first day that it counts right. */
const MOST_LINES = 1_048_576;
const MOST_CHARACTERS = 32_767;
const MOST_DIGITS = 15;
const FIRST_DAY = '1900-03-01';

export interface XlsxOptions {
  /** Lines of a sheet, its heading included. */
  readonly linesOfSheet?: number;
}

/**
 * An Excel workbook. What does not fit on a sheet goes on on the next one, under the same heading. Whole days are dates,
 * numbers of up to 15 digits are numbers; longer ones and times are text, as Excel would round them.
 * Rejects with FileFormatUnfit at a text that is too long for a cell.
 */
export async function* xlsxBytes(
  batches: AsyncIterable<readonly Row[]>,
  fields: readonly Field[],
  { linesOfSheet = MOST_LINES }: XlsxOptions = {},
): AsyncGenerator<Uint8Array> {
  const out = new PassThrough({ highWaterMark: 1024 * 1024 });
  const written = write(batches, fields, { out, linesOfSheet }).catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    yield* out as AsyncIterable<Buffer>;
  } finally {
    out.destroy();
    await written;
  }
}

async function write(
  batches: AsyncIterable<readonly Row[]>,
  fields: readonly Field[],
  { out, linesOfSheet }: { readonly out: PassThrough; readonly linesOfSheet: number },
): Promise<void> {
  // Loaded by those who need it: that takes most of a second.
  const { default: Excel } = await import('exceljs');
  const workbook = new Excel.stream.xlsx.WorkbookWriter({ stream: out, useSharedStrings: false, useStyles: true });
  let sheets = 0;
  let lines = 0;
  const next = (): exceljs.Worksheet => {
    sheets += 1;
    lines = 1;
    const sheet = workbook.addWorksheet(sheets === 1 ? '数据' : `数据 (${sheets})`, {
      views: [{ state: 'frozen', ySplit: 1 }],
    });
    sheet.columns = fields.map(({ kind }) => (kind === 'date' ? { style: { numFmt: 'yyyy-mm-dd' } } : {}));
    sheet.addRow(fields.map(({ name }) => name)).commit();
    return sheet;
  };
  let sheet = next();
  for await (const batch of batches) {
    for (const row of batch) {
      if (lines === linesOfSheet) {
        sheet.commit();
        sheet = next();
      }
      sheet.addRow(fields.map((field, index) => valueOf(row[index] ?? null, field))).commit();
      lines += 1;
    }
    await drained(out);
    if (out.destroyed) return;
  }
  sheet.commit();
  await workbook.commit();
}

/** Nobody reads as fast as rows are made. */
async function drained(out: PassThrough): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  while (out.writableNeedDrain && !out.destroyed) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        out.off('drain', done).off('close', done);
        resolve();
      };
      out.once('drain', done).once('close', done);
    });
  }
}

function valueOf(value: Cell, field: Field): string | number | boolean | Date | null {
  if (value === null) return null;
  switch (field.kind) {
    case 'int32':
    case 'int64':
    case 'decimal':
    case 'float':
      return /^-?[\d.]+$/.test(value) && value.replaceAll(/[-.]/g, '').length <= MOST_DIGITS ? Number(value) : value;
    case 'boolean':
      return value === 't';
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && value >= FIRST_DAY ? new Date(`${value}T00:00:00Z`) : value;
    case 'text':
    case 'timestamp':
    case 'timestamptz':
      if (value.length > MOST_CHARACTERS) throw unfit(field, `${value.length} > ${MOST_CHARACTERS}`);
      return escaped(value);
  }
}

/** Characters that XML cannot hold, and what would be read as such an escape (ISO/IEC 29500-1, 22.9.2.19). */
function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- it is about control characters
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g, (character) => {
    return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}
