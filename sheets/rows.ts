import { columnsIn, type Field } from '../domain/catalogue-sheet/headings.ts';
import type { Refusal, SheetRow } from '../domain/catalogue-sheet/entries.ts';
import { type Line, SheetFault, sheetsOf } from './decode.ts';

/** Headings stand among the first rows; titles may be above them. */
const HEADINGS_WITHIN = 20;
const MOST_ROWS = 500_000;
/** After so many rows others are let in. */
const BREATH = 2_000;

/** The rows of a catalogue file under its headings, from the first sheet that has them; or why there are none. */
export async function catalogueRows(
  bytes: Buffer,
): Promise<{ readonly rows: SheetRow[] } | { readonly refusal: Refusal }> {
  try {
    for (const sheet of await sheetsOf(bytes)) {
      const rows = await rowsOf(sheet);
      if (rows === undefined) continue;
      return rows.length > MOST_ROWS
        ? { refusal: { row: MOST_ROWS, code: 'TooManyRows', params: { most: MOST_ROWS } } }
        : { rows };
    }
    return { refusal: { row: 1, code: 'HeadingsMissing' } };
  } catch (error) {
    if (error instanceof SheetFault) return { refusal: { row: 1, code: error.code } };
    throw error;
  }
}

async function rowsOf(sheet: AsyncIterable<Line>): Promise<SheetRow[] | undefined> {
  let columns: ReadonlyMap<Field, number> | undefined;
  const rows: SheetRow[] = [];
  for await (const { row, cells } of sheet) {
    if (columns === undefined) {
      columns = columnsIn(cells);
      if (columns === undefined && row >= HEADINGS_WITHIN) return undefined;
      continue;
    }
    const named: Partial<Record<Field, string>> = {};
    for (const [field, index] of columns) {
      const text = cells[index] ?? '';
      if (text !== '') named[field] = text;
    }
    if (Object.keys(named).length > 0) rows.push({ row, cells: named });
    if (rows.length > MOST_ROWS) return rows;
    if (rows.length % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return columns && rows;
}
