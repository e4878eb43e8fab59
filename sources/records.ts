import type { ItemType } from '../domain/catalogue.ts';
import { isDate } from '../domain/civil-date.ts';
import type { PhysicalColumn } from '../domain/mount-check.ts';

/** Records of a file or an answer that are looked at. */
export const SAMPLE_RECORDS = 1_000;

type Seen = { readonly types: Set<ItemType>; longest: number; isNull: boolean; count: number };

/** The fields of records as the values in them look. `names`: headings that stand also over nothing, in their order. */
export function columnsOf(
  records: readonly Readonly<Record<string, unknown>>[],
  names: readonly string[] = [],
): PhysicalColumn[] {
  const seen = new Map<string, Seen>(names.map((name) => [name, newSeen()]));
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      const column = seen.get(name) ?? newSeen();
      seen.set(name, column);
      note(column, value);
    }
  }
  return [...seen].map(([name, column]) => {
    const type = commonType(column.types);
    return {
      name,
      ...(type === undefined ? {} : { type }),
      ...(type === 'C' ? { length: column.longest } : {}),
      nullable: column.isNull || column.count < records.length,
    };
  });
}

function newSeen(): Seen {
  return { types: new Set(), longest: 0, isNull: false, count: 0 };
}

function note(column: Seen, value: unknown): void {
  column.count += 1;
  if (value === null || value === undefined || value === '') {
    column.isNull = true;
    return;
  }
  column.types.add(typeOf(value));
  const isMeasured = typeof value === 'string' || typeof value === 'number';
  if (isMeasured) column.longest = Math.max(column.longest, Array.from(`${value}`).length);
}

const WHOLE = /^-?(?:0|[1-9]\d{0,17})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,30})\.\d{1,30}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** Digits that begin with a zero are a code, and texts. */
function typeOf(value: unknown): ItemType {
  if (typeof value === 'boolean') return 'L';
  if (typeof value === 'number') return Number.isInteger(value) ? 'I' : 'N';
  if (typeof value !== 'string') return 'G';
  if (WHOLE.test(value)) return 'I';
  if (NUMBER.test(value)) return 'N';
  if (isDate(value)) return 'D';
  if (MOMENT.test(value)) return 'T';
  return /^(?:true|false)$/i.test(value) ? 'L' : 'C';
}

/** What all values of a field are, if only texts. */
function commonType(types: ReadonlySet<ItemType>): ItemType | undefined {
  const [first, ...others] = types;
  if (first === undefined || others.length === 0) return first;
  if (types.has('G')) return 'G';
  const isNumber = [...types].every((type) => type === 'I' || type === 'N');
  if (isNumber) return 'N';
  return [...types].every((type) => type === 'D' || type === 'T') ? 'T' : 'C';
}
