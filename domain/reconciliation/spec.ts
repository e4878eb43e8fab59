import { type Entry, isOnTable, type Item, type ItemType } from '../catalogue.ts';
import type { Fault } from '../language.ts';
import { checkRowScope, type RowScope } from '../row-scope.ts';

/** One of the two sources of the same thing: a published entry, or some of its rows. */
export interface ReconciledSide {
  readonly entryId: string;
  readonly scope?: RowScope;
}

/** An item of each side that say the same. */
export interface ItemPair {
  readonly left: string;
  readonly right: string;
  /** Of codes: as many characters as they have; shorter ones are filled with zeros at their end, as division codes are. */
  readonly width?: number;
}

/** An entry with the history of codes, by which differences are explained: code before, code after, when. */
export interface Explaining {
  readonly entryId: string;
  readonly before: string;
  readonly after: string;
  readonly on: string;
  /** Further items that are shown. */
  readonly show?: readonly string[];
  /** Where codes are hierarchic: the code that these first characters stand for is looked up as well. */
  readonly digits?: number;
}

/** What is compared with what. */
export interface ReconciliationSpec {
  readonly name: string;
  readonly left: ReconciledSide;
  readonly right: ReconciledSide;
  /** What a row of one side is found by in the other. */
  readonly key: readonly ItemPair[];
  readonly compare: readonly ItemPair[];
  /** Looks up the first item of the key. */
  readonly explainedBy?: Explaining;
}

export const SIDES = ['left', 'right'] as const;
export type Side = (typeof SIDES)[number];

export const RECONCILIATION_FAULT_CODES = [
  'EntryWithheld',
  'NotOnTable',
  'EntrySuspended',
  'EntryWithdrawn',
  'ItemSensitive',
  'ItemWithheld',
  'TypesDiffer',
  'NotComparable',
  'WidthUnfit',
  'ExplanationNotOpen',
  'UnknownEntry',
  'UnknownItem',
] as const;
export type ReconciliationFaultCode = (typeof RECONCILIATION_FAULT_CODES)[number];

/** The current versions of the entries that a reconciliation names; undefined: there is none. */
export interface ReconciledEntries {
  readonly left: Entry | undefined;
  readonly right: Entry | undefined;
  readonly explaining?: Entry | undefined;
}

/** Whether a value must not be shown to another department just because two sources disagree: personal, of grade 3 up, or masked. */
export function isSensitive({ personal, grade, mask }: Item): boolean {
  return personal || grade >= 3 || mask !== 'none';
}

/** Every reason at once why two entries cannot be reconciled so. Whether the caller may is not asked here. */
export function checkReconciliation(spec: ReconciliationSpec, entries: ReconciledEntries): Fault[] {
  const { left, right } = entries;
  return [
    ...SIDES.flatMap((side) => sideFaults(spec[side], entries[side], `/${side}`)),
    ...pairFaults(spec.key, { left, right, at: '/key', isKey: true }),
    ...pairFaults(spec.compare, { left, right, at: '/compare', isKey: false }),
    ...(spec.explainedBy ? explainingFaults(spec.explainedBy, entries.explaining) : []),
  ];
}

function entryFaults(entry: Entry | undefined, pointer: string): Fault[] {
  if (!entry) return [{ pointer, code: 'UnknownEntry' }];
  const { status, statusReason: reason = '' } = entry;
  if (status === 'withdrawn') return [{ pointer, code: 'EntryWithdrawn', params: { reason } }];
  if (status === 'suspended') return [{ pointer, code: 'EntrySuspended', params: { reason } }];
  // R809 Art.12: what a law withholds is withheld from the authority and from other departments alike.
  if (entry.shareType === 'withheld') return [{ pointer, code: 'EntryWithheld' }];
  return isOnTable(entry) ? [] : [{ pointer, code: 'NotOnTable' }];
}

/** Conditions over sensitive items would tell their values by what is found. */
function sideFaults({ scope }: ReconciledSide, entry: Entry | undefined, at: string): Fault[] {
  const faults = entryFaults(entry, `${at}/entryId`);
  if (!entry || !scope) return faults;
  // Its shape is checked with the rest: a condition may be anything yet.
  const barred = (scope.all as readonly ({ readonly item?: unknown } | null)[]).flatMap((condition, index) => {
    const item = entry.items.find(({ id }) => id === condition?.item);
    return item ? barredFaults(item, `${at}/scope/all/${index}/item`, { isShown: true }) : [];
  });
  return [...faults, ...checkRowScope(scope, entry.items, `${at}/scope`), ...barred];
}

interface Pairing {
  readonly left: Entry | undefined;
  readonly right: Entry | undefined;
  readonly at: string;
  readonly isKey: boolean;
}

function pairFaults(pairs: readonly ItemPair[], { left, right, at, isKey }: Pairing): Fault[] {
  return pairs.flatMap((pair, index) => {
    const pointer = `${at}/${index}`;
    const found = { left: itemOf(left, pair.left), right: itemOf(right, pair.right) };
    const faults = SIDES.flatMap((side): Fault[] => {
      const item = found[side];
      const entry = side === 'left' ? left : right;
      if (!entry) return [];
      if (!item) return [{ pointer: `${pointer}/${side}`, code: 'UnknownItem', params: { item: pair[side] } }];
      return barredFaults(item, `${pointer}/${side}`, { isShown: isKey });
    });
    return [...faults, ...kindFaults(pair, found, pointer)];
  });
}

/** Of a key the value is what tells a difference, so that it cannot be kept back. */
function barredFaults(item: Item, pointer: string, { isShown }: { readonly isShown: boolean }): Fault[] {
  const params = { item: item.id };
  if (item.shareType === 'withheld') return [{ pointer, code: 'ItemWithheld', params }];
  return isShown && isSensitive(item) ? [{ pointer, code: 'ItemSensitive', params }] : [];
}

function kindFaults(
  { width }: ItemPair,
  { left, right }: { readonly left: Item | undefined; readonly right: Item | undefined },
  pointer: string,
): Fault[] {
  if (!left || !right) return [];
  const kinds = [kindOf(left.type), kindOf(right.type)];
  if (kinds.includes('bytes')) return [{ pointer, code: 'NotComparable' }];
  if (kinds[0] !== kinds[1]) return [{ pointer, code: 'TypesDiffer', params: { left: left.type, right: right.type } }];
  return width !== undefined && kinds[0] !== 'text' ? [{ pointer: `${pointer}/width`, code: 'WidthUnfit' }] : [];
}

/** It is shown to both sides, so it must be open to any department, and nothing in it sensitive. */
function explainingFaults(explained: Explaining, entry: Entry | undefined): Fault[] {
  const pointer = '/explainedBy/entryId';
  const faults = entryFaults(entry, pointer);
  if (!entry || faults.length > 0) return faults;
  if (entry.shareType !== 'unconditional') return [{ pointer, code: 'ExplanationNotOpen' }];
  const { before, after, on, show = [] } = explained;
  const named = { before, after, on, ...Object.fromEntries(show.map((id, index) => [`show/${index}`, id])) };
  return Object.entries(named).flatMap(([member, id]) => {
    const item = itemOf(entry, id);
    const at = `/explainedBy/${member}`;
    if (!item) return [{ pointer: at, code: 'UnknownItem', params: { item: id } }];
    const isCode = member === 'before' || member === 'after';
    const unfit: Fault[] = isCode && kindOf(item.type) !== 'text' ? [{ pointer: at, code: 'NotComparable' }] : [];
    return [...unfit, ...barredFaults(item, at, { isShown: true })];
  });
}

function itemOf(entry: Entry | undefined, id: string): Item | undefined {
  return entry?.items.find((item) => item.id === id);
}

/** Items of one kind can be compared with one another. */
export function kindOf(type: ItemType): 'text' | 'number' | 'date' | 'time' | 'logical' | 'bytes' {
  switch (type) {
    case 'C':
    case 'M':
      return 'text';
    case 'N':
    case 'Y':
    case 'I':
    case 'B':
    case 'F':
      return 'number';
    case 'D':
      return 'date';
    case 'T':
      return 'time';
    case 'L':
      return 'logical';
    case 'G':
      return 'bytes';
  }
}
