import type { Item, ItemType, TableMount } from './catalogue.ts';
import type { DraftItem, EntryDraft } from './catalogue-draft.ts';
import type { Fault } from './language.ts';

/** A column as it is in the source, or a field of a file or service as its first records have it. */
export interface PhysicalColumn {
  readonly name: string;
  /** The 2017 guide's letter that says most of it; absent where no value was seen. */
  readonly type?: ItemType;
  /** Most characters or digits; of a file or service the longest value that was seen. Absent: no limit. */
  readonly length?: number;
  /** Absent: not known. */
  readonly nullable?: boolean;
}

/** What an entry is mounted on, as it is. */
export interface Physical {
  readonly kind: 'table' | 'view' | 'file' | 'service';
  readonly columns: readonly PhysicalColumn[];
}

export type MountFaultCode =
  | 'ColumnMissing'
  | 'TypeUnfit'
  | 'LengthShorter'
  | 'KeyNullable'
  | 'MountKindUnfit'
  | 'MountGone'
  | 'FileKindUnknown';

const NUMBERS: readonly ItemType[] = ['I', 'N', 'Y', 'B', 'F'];
const FITTING: Readonly<Record<ItemType, readonly ItemType[]>> = {
  C: ['C'],
  M: ['C'],
  N: NUMBERS,
  Y: NUMBERS,
  B: NUMBERS,
  F: NUMBERS,
  I: ['I'],
  D: ['D'],
  T: ['T'],
  L: ['L'],
  G: ['C', 'N', 'Y', 'D', 'T', 'L', 'M', 'G', 'B', 'I', 'F'],
};

/** Whether a column can hold an item of a type. What was only seen in records is text that looks like something. */
export function fitsColumn(type: ItemType, column: PhysicalColumn, kind: Physical['kind']): boolean {
  if (column.type === undefined || FITTING[type].includes(column.type)) return true;
  if (kind === 'table' || kind === 'view') return false;
  if (type === 'C' || type === 'M') return column.type !== 'G';
  return type === 'T' && column.type === 'D';
}

/** The column of an item: by its id; in a file the heading may also be its name. */
export function columnFor(item: DraftItem, { kind, columns }: Physical): PhysicalColumn | undefined {
  const named = columns.find(({ name }) => name === item.id);
  return named ?? (kind === 'file' ? columns.find(({ name }) => name === item.name) : undefined);
}

/** Whether values of a column may be longer than the item says. */
export function isLonger({ type, length }: Pick<Item, 'type' | 'length'>, column: PhysicalColumn): boolean {
  const isMeasured = type === 'C' || type === 'M' || type === 'N';
  return isMeasured && length !== undefined && column.length !== undefined && column.length > length;
}

/** Everything in which a draft does not fit what it is mounted on, at once. Pointers lead into the draft. */
export function checkMount({ items = [], key = [], mount }: EntryDraft, physical: Physical): Fault[] {
  const faults = [
    ...items.flatMap((item, index) => itemFaults(item, `/items/${index}`, physical)),
    ...(mount && 'table' in mount ? changeFaults(mount, physical) : []),
  ];
  if (physical.kind !== 'table') return faults;
  const nullable = key.flatMap((id, index): Fault[] =>
    physical.columns.find(({ name }) => name === id)?.nullable === true
      ? [{ pointer: `/key/${index}`, code: 'KeyNullable', params: { item: id } }]
      : [],
  );
  return [...faults, ...nullable];
}

/** The columns that say what changed. */
function changeFaults({ updatedColumn, deletedColumn }: TableMount, { columns }: Physical): Fault[] {
  const named = Object.entries({ updatedColumn, deletedColumn });
  const missing = named.flatMap(([member, item]): Fault[] =>
    item === undefined || columns.some(({ name }) => name === item)
      ? []
      : [{ pointer: `/mount/${member}`, code: 'ColumnMissing', params: { item } }],
  );
  const { type } = columns.find(({ name }) => name === updatedColumn) ?? {};
  if (type === undefined || type === 'T' || type === 'D') return missing;
  return [...missing, { pointer: '/mount/updatedColumn', code: 'TypeUnfit', params: { type: 'T', column: type } }];
}

function itemFaults(item: DraftItem, pointer: string, physical: Physical): Fault[] {
  const column = columnFor(item, physical);
  if (!column) return [{ pointer: `${pointer}/id`, code: 'ColumnMissing', params: { item: item.id } }];
  const { type, length } = item;
  if (type === undefined) return [];
  if (!fitsColumn(type, column, physical.kind)) {
    const params = { type, column: column.type ?? '' };
    return [{ pointer: `${pointer}/type`, code: 'TypeUnfit', params }];
  }
  if (length === undefined || !isLonger({ type, length }, column)) return [];
  const params = { length, column: column.length ?? 0 };
  return [{ pointer: `${pointer}/length`, code: 'LengthShorter', params }];
}
