import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse';
import type exceljs from 'exceljs';

/** A row of a sheet: its number in the file, from 1, and its cells as texts. */
export interface Line {
  readonly row: number;
  readonly cells: readonly string[];
}

export type SheetFaultCode = 'FileUnreadable' | 'EncodingUnknown';

/** The file is not what it should be: neither CSV in a known encoding nor a workbook that opens. */
export class SheetFault extends Error {
  override readonly name = 'SheetFault';
  readonly code: SheetFaultCode;

  constructor(code: SheetFaultCode, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** The sheets of a file: one for CSV, every one of a workbook in its order. @throws {SheetFault} */
export async function sheetsOf(bytes: Buffer): Promise<readonly AsyncIterable<Line>[]> {
  if (bytes.length > 4 && bytes.readUInt32LE(0) === ZIP) return workbookSheets(bytes);
  return [csvLines(textOf(bytes))];
}

const ZIP = 0x04_03_4b_50;

/** By its mark where there is one; else UTF-8 where the bytes are that, and GB18030, of which GBK is a part, where not. */
export function textOf(bytes: Buffer): string {
  const mark = bytes.subarray(0, 3).toString('hex');
  const encodings = mark.startsWith('fffe') ? ['utf-16le'] : mark === 'efbbbf' ? ['utf-8'] : ['utf-8', 'gb18030'];
  for (const encoding of encodings) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return text;
    } catch {
      // The next one.
    }
  }
  throw new SheetFault('EncodingUnknown');
}

async function* csvLines(text: string): AsyncGenerator<Line> {
  const head = text.slice(0, 4_000);
  const delimiter = [',', '\t', ';'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ',';
  const parser = parse(text, { delimiter, relax_column_count: true, relax_quotes: true, info: true, bom: true });
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { records: number } }>) {
      yield { row: info.records, cells: record.map((cell) => cell.trim()) };
    }
  } catch (error) {
    throw new SheetFault('FileUnreadable', error);
  }
}

/** A packed file can say more than it holds: 32 MB of it can be gigabytes. */
const MOST_UNPACKED = 512 * 1024 * 1024;

async function workbookSheets(bytes: Buffer): Promise<AsyncIterable<Line>[]> {
  if (unpackedSize(bytes) > MOST_UNPACKED) throw new SheetFault('FileUnreadable');
  // Loaded by those who need it: that takes most of a second.
  const { default: Excel } = await import('exceljs');
  const workbook = new Excel.Workbook();
  try {
    await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  } catch (error) {
    throw new SheetFault('FileUnreadable', error);
  }
  return workbook.worksheets.map((sheet) => sheetLines(sheet));
}

/** As the central directory of the archive says. */
function unpackedSize(bytes: Buffer): number {
  const ENTRY = Buffer.from('504b0102', 'hex');
  let size = 0;
  for (let at = bytes.indexOf(ENTRY); at >= 0 && at + 46 <= bytes.length; at = bytes.indexOf(ENTRY, at + 46)) {
    size += bytes.readUInt32LE(at + 24);
  }
  return size;
}

/** Headings stand within so many columns; a sheet that was formatted to its edge has 16,384. */
const WIDEST = 256;

async function* sheetLines(sheet: exceljs.Worksheet): AsyncGenerator<Line> {
  const width = Math.min(sheet.columnCount, WIDEST);
  for (let number = 1; number <= sheet.rowCount; number += 1) {
    const row = sheet.findRow(number);
    if (!row) continue;
    // What is merged says in each cell what its first one says.
    yield {
      row: number,
      cells: Array.from({ length: width }, (_, column) => cellText(row.findCell(column + 1)?.value)),
    };
  }
}

function cellText(value: exceljs.CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value !== 'object') return String(value).trim();
  if ('richText' in value)
    return value.richText
      .map(({ text }) => text)
      .join('')
      .trim();
  if ('text' in value) return cellText(value.text as exceljs.CellValue);
  if ('result' in value) return cellText(value.result as exceljs.CellValue);
  return '';
}
