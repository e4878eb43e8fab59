import { PassThrough, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

export type SheetFormat = 'csv' | 'xlsx';

export const MEDIA_TYPES: Readonly<Record<SheetFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Rows as a file, while they come. CSV begins with a byte-order mark, so that spreadsheets read it as UTF-8. */
export function sheetStream(rows: AsyncIterable<readonly string[]>, format: SheetFormat): Readable {
  return format === 'csv' ? csvStream(rows) : workbookStream(rows);
}

function csvStream(rows: AsyncIterable<readonly string[]>): Readable {
  // A cell that begins like a formula must not become one in whoever's spreadsheet opens it.
  const out = stringify({ bom: true, escape_formulas: true, record_delimiter: '\r\n' });
  const source = Readable.from(rows);
  source.on('error', (error) => out.destroy(error));
  out.on('close', () => source.destroy());
  return source.pipe(out);
}

function workbookStream(rows: AsyncIterable<readonly string[]>): Readable {
  const out = new PassThrough();
  void write(rows, out).catch((error: Error) => out.destroy(error));
  return out;
}

async function write(rows: AsyncIterable<readonly string[]>, out: PassThrough): Promise<void> {
  // Loaded by those who need it: that takes most of a second.
  const { default: Excel } = await import('exceljs');
  const workbook = new Excel.stream.xlsx.WorkbookWriter({ stream: out, useSharedStrings: false });
  const sheet = workbook.addWorksheet('目录', { views: [{ state: 'frozen', ySplit: 1 }] });
  for await (const row of rows) {
    if (out.destroyed) return;
    sheet.addRow([...row]).commit();
    // Nobody reads as fast as rows are made.
    if (out.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
  }
  sheet.commit();
  await workbook.commit();
}
