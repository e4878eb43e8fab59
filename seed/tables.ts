import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { Entry, Item, TableEntry } from '../domain/catalogue.ts';
import type { DepartmentTable } from '../store/department-databases.ts';
import * as synthetic from './synthetic.ts';
import type { Place, Row, SyntheticOrder } from './synthetic.ts';

/** How many synthetic rows a seed makes. */
export interface SyntheticSizes {
  readonly companies: number;
  readonly persons: number;
}

export const DEFAULT_SIZES: SyntheticSizes = { companies: 2_000, persons: 5_000 };

type RowsOf =
  | { readonly kind: 'extract'; readonly file: string }
  | {
      readonly kind: 'synthetic';
      readonly rows: (order: SyntheticOrder) => Iterable<Row>;
      readonly count: (sizes: SyntheticSizes) => number;
    };

/** Where the rows of each seeded entry come from. Files are in data/. */
const ROWS: Readonly<Record<string, RowsOf>> = {
  'divisions-2026': { kind: 'extract', file: 'civil-affairs/divisions_2026.csv.gz' },
  'division-code-changes': { kind: 'extract', file: 'civil-affairs/division_code_changes.csv.gz' },
  'divisions-villages': { kind: 'extract', file: 'statistics/divisions_villages.csv' },
  holidays: { kind: 'extract', file: 'government-office/holidays.csv' },
  'district-coordinates': { kind: 'extract', file: 'transport/district_coordinates.csv' },
  companies: { kind: 'synthetic', rows: synthetic.companies, count: (sizes) => sizes.companies },
  persons: { kind: 'synthetic', rows: synthetic.persons, count: (sizes) => sizes.persons },
  'sealed-juvenile-records': { kind: 'synthetic', rows: synthetic.sealedRecords, count: () => 40 },
};

const SYNTHETIC_SEED = 2_026;

/** The table that an entry is mounted on, described by the entry itself: names, types, comments, key. */
export function tableOf(entry: TableEntry): DepartmentTable {
  const mark = rowsOf(entry).kind === 'synthetic' ? '（合成数据 synthetic）' : '';
  return {
    name: entry.mount.table,
    comment: `${entry.name} · ${entry.provenance}`,
    columns: entry.items.map((item) => ({ name: item.id, type: columnType(item), comment: `${item.name}${mark}` })),
    key: entry.key,
  };
}

/** The rows of an entry as CSV with a header line, as `loadTable` takes them. */
export async function csvOf(entry: Entry, dataDir: string, sizes: SyntheticSizes): Promise<Readable> {
  const rows = rowsOf(entry);
  if (rows.kind === 'synthetic') {
    const places = await readPlaces(dataDir);
    const made = rows.rows({ count: rows.count(sizes), seed: SYNTHETIC_SEED, places });
    return Readable.from(csvLines(entry, made), { objectMode: false });
  }
  const file = createReadStream(join(dataDir, rows.file));
  if (!rows.file.endsWith('.gz')) return file;
  const unzipped = createGunzip();
  // pipe() does not hand errors on: without this a missing file would leave the load waiting for ever.
  file.on('error', (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}

/** Shenyang's streets and townships of 2026, with their districts. */
export async function readPlaces(dataDir: string): Promise<Place[]> {
  const packed = await readFile(join(dataDir, 'civil-affairs/divisions_2026.csv.gz'));
  const places: Place[] = [];
  for (const line of gunzipSync(packed).toString('utf8').split('\n')) {
    if (!line.startsWith('2101')) continue;
    const [code, street, level, , , , district] = line.split(',');
    if (code !== undefined && street !== undefined && district !== undefined && level === '4') {
      places.push({ districtCode: code.slice(0, 6), district, streetCode: code, street });
    }
  }
  return places;
}

function rowsOf(entry: Entry): RowsOf {
  const rows = ROWS[entry.id];
  if (rows === undefined) throw new Error(`No rows are seeded for the entry ${entry.id}`);
  return rows;
}

/** PostgreSQL's type for an item. Codes are texts even where they are all digits: their zeros matter. */
export function columnType(item: Item): string {
  switch (item.type) {
    case 'C':
      return item.length === undefined ? 'text' : `varchar(${item.length})`;
    case 'M':
      return 'text';
    case 'N':
      return item.length !== undefined && item.length <= 9 ? 'integer' : 'numeric';
    case 'I':
      return 'integer';
    case 'B':
    case 'F':
      return 'double precision';
    case 'Y':
      return 'numeric(18,2)';
    case 'D':
      return 'date';
    case 'T':
      return 'timestamptz';
    case 'L':
      return 'boolean';
    case 'G':
      return 'bytea';
  }
}

/** In pieces of some thousand rows: a stream that gets each line by itself spends its time between them. */
function* csvLines(entry: Entry, rows: Iterable<Row>): Generator<string> {
  let piece = `${entry.items.map((item) => item.id).join(',')}\n`;
  for (const row of rows) {
    piece += `${row.map(csvField).join(',')}\n`;
    if (piece.length > 65_536) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

function csvField(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\n\r\\]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
