import type { Entry, Item } from './catalogue.ts';
import { columnFor, fitsColumn, isLonger, type Physical, type PhysicalColumn } from './mount-check.ts';

export const DRIFT_CODES = ['MountGone', 'ColumnGone', 'ColumnRetyped', 'ColumnShortened', 'ColumnLengthened'] as const;
export type DriftCode = (typeof DRIFT_CODES)[number];

/** One way in which what an entry is mounted on has moved away from it. */
export interface Drift {
  readonly code: DriftCode;
  /** The id of the item; empty where it is about the whole. */
  readonly item: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * In what a source no longer is what the entry says, or no longer what it was when this version of the entry was first
 * looked at (`before`). `now` is undefined where the table, file or address is gone. Of files and services only what the
 * entry says counts: their records look different every day.
 */
export function driftsOf(
  entry: Pick<Entry, 'items'>,
  before: Physical | undefined,
  now: Physical | undefined,
): Drift[] {
  if (!now) return [{ code: 'MountGone', item: '', params: {} }];
  const isDeclared = now.kind === 'table' || now.kind === 'view';
  const earlier = isDeclared ? before : undefined;
  return entry.items.flatMap((item): Drift[] => {
    const column = columnFor(item, now);
    const params = { item: item.id, name: item.name };
    if (!column) return [{ code: 'ColumnGone', item: item.id, params }];
    const was = earlier && columnFor(item, earlier);
    const isRetyped = !fitsColumn(item.type, column, now.kind) || (was !== undefined && was.type !== column.type);
    if (isRetyped) {
      const types = { before: was?.type ?? item.type, after: column.type ?? '' };
      return [{ code: 'ColumnRetyped', item: item.id, params: { ...params, ...types } }];
    }
    return lengthDrift(item, was, column).map((drift) => ({ ...drift, params: { ...params, ...drift.params } }));
  });
}

function lengthDrift(item: Item, was: PhysicalColumn | undefined, column: PhysicalColumn): Drift[] {
  const isMoved = was !== undefined && was.length !== column.length;
  if (!isMoved && !isLonger(item, column)) return [];
  const before = isMoved ? was.length : item.length;
  const isShorter = column.length !== undefined && (before === undefined || column.length < before);
  const params = { before: before ?? '∞', after: column.length ?? '∞' };
  return [{ code: isShorter ? 'ColumnShortened' : 'ColumnLengthened', item: item.id, params }];
}
