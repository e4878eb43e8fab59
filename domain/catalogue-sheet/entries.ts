import type { DraftItem, EntryDraft, Suggestion } from '../catalogue-draft.ts';
import { type Field, FIELDS } from './headings.ts';
import * as words from './words.ts';

export type RefusalCode =
  | 'NameMissing'
  | 'ItemsMissing'
  | 'NotUnderstood'
  | 'LengthUnreadable'
  | 'CountsDiffer'
  | 'RowsDiffer'
  | 'DuplicateItem'
  | 'MalformedItemId'
  | 'TooLong'
  | 'UnknownProvider'
  | 'ProviderNotOwn'
  | 'NameTaken'
  | 'HeadingsMissing'
  | 'FileUnreadable'
  | 'EncodingUnknown'
  | 'TooManyRows';

/** Why an entry does not come in, or a file. Row 1 is the file's first. */
export interface Refusal {
  readonly row: number;
  readonly field?: Field;
  readonly code: RefusalCode;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** A row of the file by its fields; cells that are empty are absent. */
export interface SheetRow {
  readonly row: number;
  readonly cells: Readonly<Partial<Record<Field, string>>>;
}

/** All rows of one entry, in the order of the file. */
export interface RowGroup {
  readonly row: number;
  readonly rows: SheetRow[];
}

/** An entry of a file: a draft, or every reason why it is none. */
export type ReadEntry =
  | { readonly row: number; readonly draft: EntryDraft; readonly suggestions: readonly Suggestion[] }
  | { readonly row: number; readonly refusals: readonly Refusal[] };

const LONGEST = 2_000;
const ITEM_FIELDS: ReadonlySet<Field> = new Set(FIELDS.filter((field) => field.startsWith('item')));

/**
 * Rows of the same entry together: by name and provider, wherever they stand; a row without a name goes on with the entry
 * above it.
 */
export function grouped(rows: Iterable<SheetRow>): RowGroup[] {
  const groups = new Map<string, RowGroup>();
  let last: RowGroup | undefined;
  let provider = '';
  for (const row of rows) {
    const { name } = row.cells;
    const isSame = name !== undefined && last?.rows[0]?.cells.name === name && row.cells.provider === undefined;
    if (last && (name === undefined || isSame)) {
      last.rows.push(row);
      continue;
    }
    provider = row.cells.provider ?? '';
    const key = name === undefined ? `\0${row.row}` : `${name}\0${provider}`;
    last = groups.get(key) ?? { row: row.row, rows: [] };
    last.rows.push(row);
    groups.set(key, last);
  }
  return [...groups.values()];
}

export interface Providers {
  /** The id of the department that a name, id or credit code stands for. */
  idOf(text: string): string | undefined;
  /** Whose entries come in where the file names nobody. */
  readonly own: string;
  /** Whether entries of others may come in. */
  readonly any: boolean;
}

/** Reads one entry; whatever is wrong with it is told at once, and then nothing of it comes in. */
export function readEntry({ row, rows }: RowGroup, providers: Providers): ReadEntry {
  const refusals: Refusal[] = [];
  const refuse = (code: RefusalCode, at: number, field?: Field, value?: string): void => {
    const params = value === undefined ? {} : { params: { value: value.slice(0, 60) } };
    refusals.push({ row: at, code, ...(field === undefined ? {} : { field }), ...params });
  };
  const cells = mergedCells(rows, refuse);
  const read = <T>(field: Field, reader: (text: string) => T | undefined): T | undefined => {
    const cell = cells.get(field);
    if (cell === undefined) return undefined;
    const value = reader(cell.text);
    if (value === undefined) refuse('NotUnderstood', cell.row, field, cell.text);
    return value;
  };
  const text = (field: Field): string | undefined => cells.get(field)?.text;

  if (text('name') === undefined) refuse('NameMissing', row, 'name');
  const named = cells.get('provider');
  const provider = named === undefined ? providers.own : providers.idOf(named.text);
  if (provider === undefined) refuse('UnknownProvider', named?.row ?? row, 'provider', named?.text);
  else if (provider !== providers.own && !providers.any) {
    refuse('ProviderNotOwn', named?.row ?? row, 'provider', named?.text);
  }
  const { items, key } = readItems(rows, refuse);
  if (items.length === 0) refuse('ItemsMissing', row, 'itemName');
  const shareType = read('shareType', words.shareTypeOf);
  const scope = text('conditions');
  const purposes = words.listOf(text('purposes') ?? '');
  const departments = read('departments', (cell) => {
    const ids = words.listOf(cell).map((word) => providers.idOf(word));
    return ids.every((id) => id !== undefined) ? ids : undefined;
  });
  const hasConditions =
    shareType !== 'unconditional' && shareType !== 'withheld' && (scope ?? purposes[0] ?? departments) !== undefined;
  const given = {
    name: text('name'),
    nameEn: text('nameEn'),
    summary: text('summary'),
    provider,
    classification: read('classification', words.classificationOf),
    format: text('format'),
    updateCycle: read('updateCycle', words.updateCycleOf),
    shareType,
    shareModes: shareType === 'withheld' ? [] : read('shareModes', words.shareModesOf),
    conditions: hasConditions ? { ...(departments ? { departments } : {}), scope: scope ?? '', purposes } : undefined,
    withheldBasis: shareType === 'withheld' ? read('withheldBasis', words.withheldBasisOf) : undefined,
    openness: read('openness', words.opennessOf),
    opennessConditions: text('opennessConditions'),
    items,
    key: key.length > 0 ? key : undefined,
    provenance: text('provenance'),
  };
  if (refusals.length > 0) return { row, refusals };
  const draft = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as EntryDraft;
  return { row, draft, suggestions: cycleWord(draft, text('updateCycle')) };
}

/** The word of the file stays beside what it was read as, for a person to look at. */
function cycleWord({ updateCycle }: EntryDraft, word: string | undefined): Suggestion[] {
  if (word === undefined || updateCycle === undefined || word === updateCycle) return [];
  return [{ pointer: '/updateCycle', value: updateCycle, evidence: { code: 'WordOfTheFile', params: { word } } }];
}

type Refuse = (code: RefusalCode, row: number, field?: Field, value?: string) => void;

/** What the rows say of the entry as a whole; they may leave it out, and may not contradict each other. */
function mergedCells(rows: readonly SheetRow[], refuse: Refuse): Map<Field, { text: string; row: number }> {
  const cells = new Map<Field, { text: string; row: number }>();
  for (const { row, cells: own } of rows) {
    for (const [field, text] of Object.entries(own) as [Field, string][]) {
      if (text.length > LONGEST) refuse('TooLong', row, field);
      if (ITEM_FIELDS.has(field)) continue;
      const known = cells.get(field);
      if (known === undefined) cells.set(field, { text, row });
      else if (known.text !== text) refuse('RowsDiffer', row, field, text);
    }
  }
  return cells;
}

function readItems(rows: readonly SheetRow[], refuse: Refuse): { items: DraftItem[]; key: string[] } {
  const items: DraftItem[] = [];
  const key: string[] = [];
  const ids = new Set<string>();
  const names = new Set<string>();
  for (const { row, cells } of rows) {
    const several = words.listOf(cells.itemName ?? '');
    const each = (field: Field): readonly (string | undefined)[] => {
      const cell = cells[field];
      const parts = several.length > 1 && cell !== undefined ? words.listOf(cell) : [cell];
      if (parts.length === several.length) return parts;
      // One for all of them.
      if (parts.length === 1)
        return several.map(() => (field === 'itemId' && several.length > 1 ? undefined : parts[0]));
      refuse('CountsDiffer', row, field, cell);
      return several.map(() => undefined);
    };
    const [givenIds, types, lengths, keys] = [each('itemId'), each('itemType'), each('itemLength'), each('itemKey')];
    for (const [index, name] of several.entries()) {
      const givenId = givenIds[index]?.toLowerCase();
      const id = givenId ?? `item_${items.length + 1}`;
      if (!/^[a-z][a-z0-9_]{0,62}$/.test(id)) refuse('MalformedItemId', row, 'itemId', id);
      if (ids.has(id)) refuse('DuplicateItem', row, 'itemId', id);
      if (names.has(name)) refuse('DuplicateItem', row, 'itemName', name);
      ids.add(id);
      names.add(name);
      const shape = shapeOf(types[index], lengths[index], (code, field, value) => refuse(code, row, field, value));
      items.push({ id, name, ...shape });
      if (/^(?:是|y|yes|true|1|√|主键|pk)$/i.test(keys[index] ?? '')) key.push(id);
    }
  }
  return { items, key };
}

function shapeOf(
  typeText: string | undefined,
  lengthText: string | undefined,
  refuse: (code: RefusalCode, field: Field, value: string) => void,
): Pick<DraftItem, 'type' | 'length'> {
  const type = typeText === undefined ? undefined : words.itemTypeOf(typeText);
  if (typeText !== undefined && type === undefined) refuse('NotUnderstood', 'itemType', typeText);
  // `varchar(20)` says its length itself.
  const said = lengthText ?? /\((\d+)(?:,\d+)?\)$/.exec((typeText ?? '').normalize('NFKC'))?.[1];
  const digits =
    said === undefined || /^[-/—无]$/.test(said) ? undefined : /^(\d{1,9})(?:\.0+|[,，]\d+)?$/.exec(said)?.[1];
  const isUnreadable = said !== undefined && !/^[-/—无]$/.test(said) && (digits === undefined || Number(digits) === 0);
  if (isUnreadable) refuse('LengthUnreadable', 'itemLength', said);
  return {
    ...(type === undefined ? {} : { type }),
    ...(digits === undefined ? {} : { length: Number(digits) }),
  };
}
