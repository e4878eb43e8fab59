import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse/sync';
import exceljs from 'exceljs';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { deliverFile } from '../../activities/transfer/file/deliver.ts';
import { xlsxBytes } from '../../activities/transfer/file/xlsx.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import type { FileAsk } from '../../domain/file-delivery.ts';
import type { FileManifest } from '../../domain/grant.ts';
import { fileOrder, filesIn, sha256Of } from '../support/files.ts';
import { AWKWARD, GRANT, transferBench, type TransferBench } from '../support/transfer.ts';

let bench: TransferBench;
let root: string;

beforeAll(async () => {
  bench = await transferBench();
  root = await mkdtemp(join(tmpdir(), 'santong-formats-'));
  const { knex } = bench.provider;
  for (const [index, note] of AWKWARD.entries()) {
    await knex('persons').insert({
      id: index + 1,
      name: '王小明',
      phone: index === 2 ? null : '13812345678',
      district: index === 1 ? '' : '210102',
      born: index === 3 ? null : '1899-12-31',
      balance: index === 4 ? '-0.05' : '123456789012.34',
      seen: '2026-01-01T08:09:10.123456',
      active: index % 2 === 0,
      note,
    });
  }
});
afterAll(async () => {
  await bench.drop();
  await rm(root, { recursive: true });
});

let count = 0;

async function delivered(ask: FileAsk): Promise<{ manifest: FileManifest; bytes: Buffer }> {
  count += 1;
  const manifest = await deliverFile(fileOrder(bench, `d${count}`, { root, ask }));
  const bytes = (await filesIn(root)).get(`${manifest.file.place}/${manifest.file.name}`);
  if (!bytes) throw new Error('There is no file');
  expect(manifest.file).toMatchObject({ bytes: bytes.length, sha256: sha256Of(bytes) });
  return { manifest, bytes };
}

/** What every format holds, as text: masked where the grant masks. */
const EXPECTED = AWKWARD.map((note, index) => ({
  id: String(index + 1),
  name: '王小明',
  phone: index === 2 ? null : '138****5678',
  district: index === 1 ? '' : '210102',
  born: index === 3 ? null : '1899-12-31',
  balance: index === 4 ? '-0.05' : '123456789012.34',
  seen: '2026-01-01 08:09:10.123456',
  active: index % 2 === 0 ? 't' : 'f',
  note,
}));

/** Holds an empty text apart from nothing at all, which csv-parse does not by itself. */
function csvRecords(text: string): Record<string, string | null>[] {
  return parse(text, {
    columns: true,
    cast: (value, { quoting, header }) => (value === '' && !quoting && !header ? null : value),
  }) as Record<string, string | null>[];
}

it('a file holds the rows of a delivery into a table, under the same canonical digest', async () => {
  const table = await deliver(bench.order('table'));
  const { manifest } = await delivered({});
  const { rows, bytes, sha256 } = table;
  expect(manifest).toMatchObject({ rows, bytes, sha256, masks: table.masks, items: GRANT.items });
  expect(manifest).not.toHaveProperty('target');
});

describe('CSV', () => {
  it('is UTF-8 with a byte-order mark and CRLF where nothing else is asked for, and every value is as it was', async () => {
    const { bytes, manifest } = await delivered({});
    expect(manifest.file).toMatchObject({ format: 'csv', encoding: 'utf-8', bom: true });
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    const text = bytes.subarray(3).toString('utf8');
    expect(text.startsWith('id,name,phone,district,born,balance,seen,active,note\r\n1,')).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(csvRecords(text)).toEqual(EXPECTED);
  });

  it('is without the mark where it is not wanted', async () => {
    const { bytes } = await delivered({ bom: false });
    expect(bytes.subarray(0, 3).toString()).toBe('id,');
    expect(csvRecords(bytes.toString('utf8'))).toEqual(EXPECTED);
  });

  it('is GB18030 where that is asked for, characters beyond GBK included', async () => {
    const { bytes, manifest } = await delivered({ encoding: 'gb18030' });
    expect(manifest.file).toMatchObject({ encoding: 'gb18030', bom: false });
    expect(csvRecords(new TextDecoder('gb18030', { fatal: true }).decode(bytes))).toEqual(EXPECTED);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow('not valid');
  });
});

it('JSON Lines holds an object a line, with every digit of a number', async () => {
  const { bytes, manifest } = await delivered({ format: 'jsonl' });
  expect(manifest.file).not.toHaveProperty('encoding');
  const lines = bytes.toString('utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    EXPECTED.map((row) => ({
      ...row,
      id: Number(row.id),
      balance: Number(row.balance),
      active: row.active === 't',
    })),
  );
  expect(lines[0]).toContain('"balance":123456789012.34,');
});

it('Parquet holds typed columns: whole numbers, exact decimals, days, times, truth values', async () => {
  const { bytes } = await delivered({ format: 'parquet' });
  const file = new Uint8Array(bytes).buffer;
  const { schema } = parquetMetadata(file);
  const typed = Object.fromEntries(schema.map(({ name, converted_type, type }) => [name, converted_type ?? type]));
  expect(typed).toMatchObject({ id: 'INT32', balance: 'DECIMAL', born: 'DATE', seen: 'INT64', active: 'BOOLEAN' });
  const rows = await parquetReadObjects({ file });
  expect(rows).toEqual(
    EXPECTED.map((row) => ({
      ...row,
      id: Number(row.id),
      balance: Number(row.balance),
      born: row.born && new Date(row.born),
      seen: new Date('2026-01-01T08:09:10.123Z'),
      active: row.active === 't',
    })),
  );
});

async function sheetsOf(bytes: Uint8Array): Promise<exceljs.Worksheet[]> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook.worksheets;
}

function rowsOf(sheet: exceljs.Worksheet): unknown[][] {
  return Array.from({ length: sheet.rowCount }, (_, row) =>
    GRANT.items.map((_, column) => sheet.getRow(row + 1).getCell(column + 1).value),
  );
}

/** As Excel reads it: characters that XML cannot hold are written as `_x0001_`. */
function unescaped(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replaceAll(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

it('an Excel workbook holds numbers, truth values and texts as they are, and days as dates where Excel counts them right', async () => {
  await bench.provider.knex('persons').insert({ id: 99, name: '_x0041_', born: '2000-02-29', balance: '1.50' });
  const { bytes } = await delivered({ format: 'xlsx' });
  await bench.provider.knex('persons').where({ id: 99 }).delete();
  const [sheet] = await sheetsOf(bytes);
  if (!sheet) throw new Error('No sheet');
  const [headings, ...rows] = rowsOf(sheet);
  expect(headings).toEqual(GRANT.items);
  const read = rows.map((row) => row.map(unescaped));
  expect(read.pop()).toEqual([99, '_x0041_', null, null, new Date('2000-02-29'), 1.5, null, null, null]);
  expect(read).toEqual(
    EXPECTED.map((row) => [
      Number(row.id),
      row.name,
      row.phone,
      // A workbook knows no empty text.
      row.district || null,
      row.born,
      Number(row.balance),
      row.seen,
      row.active === 't',
      row.note || null,
    ]),
  );
});

it('a workbook goes on on another sheet where one is full, and says which item is too long for a cell', async () => {
  const field = { name: 'a', kind: 'text', type: 'text' } as const;
  async function* batches(...rows: string[]) {
    yield rows.map((row) => [row]);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of xlsxBytes(batches('1', '2', '3', '4', '5'), [field], { linesOfSheet: 3 }))
    chunks.push(chunk);
  const sheets = await sheetsOf(Buffer.concat(chunks));
  expect(sheets.map((sheet) => sheet.getColumn(1).values.slice(1))).toEqual([
    ['a', '1', '2'],
    ['a', '3', '4'],
    ['a', '5'],
  ]);
  await bench.provider.knex('persons').insert({ id: 100, note: '字'.repeat(32_768) });
  await expect(delivered({ format: 'xlsx' })).rejects.toMatchObject({
    code: 'FileFormatUnfit',
    retryable: false,
    params: { detail: 'note: 32768 > 32767' },
  });
  await bench.provider.knex('persons').where({ id: 100 }).delete();
  expect([...(await filesIn(root)).keys()].filter((path) => path.includes('.partial'))).toEqual([]);
});

it('a day that is none of the calendar cannot be a Parquet date, and is said; a masked day is text', async () => {
  await bench.provider.knex.raw(`insert into persons (id, born) values (101, 'infinity')`);
  await expect(delivered({ format: 'parquet' })).rejects.toMatchObject({ params: { detail: 'born: infinity' } });
  const { bytes } = await delivered({ format: 'jsonl' });
  await bench.provider.knex('persons').where({ id: 101 }).delete();
  expect(bytes.toString('utf8')).toContain('"born":"infinity"');
});
