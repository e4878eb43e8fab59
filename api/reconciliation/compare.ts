import type { Entry, TableEntry } from '../../domain/catalogue.ts';
import {
  compareInOrder,
  type ComparedRow,
  type Difference,
  DIFFERENCE_KINDS,
  OutOfOrder,
} from '../../domain/reconciliation/merge.ts';
import { isSensitive, type ReconciliationSpec, type Side, SIDES } from '../../domain/reconciliation/spec.ts';
import type { Reader } from '../../sources/connect.ts';
import { type ComparedItem, type OrderedRead, rowsInOrder, rowsWithoutKey } from '../../sources/in-order.ts';
import type { RunCounts } from '../../store/reconciliations.ts';
import { refusalOf, RUN_LIMITS, RunRefused, sided } from './refused.ts';

/** Rows after which progress is told and the limits are looked at. */
const STEP = 10_000;

/** The entries as they stand, found to be sound for what is asked. */
export interface SoundEntries {
  readonly left: TableEntry;
  readonly right: TableEntry;
  readonly explaining?: TableEntry;
}

export type Readers = Readonly<Record<Side, Reader>>;

export interface Comparing {
  readonly readers: Readers;
  readonly entries: SoundEntries;
  readonly spec: ReconciliationSpec;
  readonly salt: string;
  step(rows: number): Promise<void>;
}

/** Reads both sides once: the differences that are kept, and how many there are. @throws {RunRefused} */
export async function compared({ readers, entries, spec, salt, step }: Comparing) {
  const rows = { left: 0, right: 0 };
  const reads = { left: readOf('left', { spec, entries, salt }), right: readOf('right', { spec, entries, salt }) };

  async function* read(side: Side): AsyncGenerator<ComparedRow> {
    try {
      for await (const row of rowsInOrder(readers[side], reads[side])) {
        rows[side] += 1;
        if (rows[side] > RUN_LIMITS.rows) throw new RunRefused('MostRows', side);
        yield row;
      }
    } catch (error) {
      const refusal = refusalOf(error, side);
      throw refusal instanceof Error && isDatabaseError(refusal)
        ? new RunRefused('SourceFailing', side, error)
        : refusal;
    }
  }

  const differences: Difference[] = [];
  const kinds = Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])) as Record<Difference['kind'], number>;
  let [same, looked] = [0, 0];
  await step(0);
  try {
    for await (const one of compareInOrder(read('left'), read('right'))) {
      looked += 1;
      if (looked % STEP === 0) await step(rows.left + rows.right);
      if (one.kind === 'same') {
        same += 1;
        continue;
      }
      kinds[one.kind] += 1;
      if (differences.length < RUN_LIMITS.differences) differences.push(one);
    }
  } catch (error) {
    throw error instanceof OutOfOrder ? new RunRefused('SourceOutOfOrder', undefined, error) : error;
  }
  const sideCounts = async (side: Side) => ({
    version: entries[side].version,
    rows: rows[side],
    withoutKey: await sided(side, () => rowsWithoutKey(readers[side], reads[side])),
  });
  const total = DIFFERENCE_KINDS.reduce((sum, kind) => sum + kinds[kind], 0);
  const truncated = total > differences.length;
  const counts: RunCounts = {
    left: await sideCounts('left'),
    right: await sideCounts('right'),
    same,
    differences: kinds,
    truncated,
  };
  return { differences, counts };
}

/** What PostgreSQL refused: a view that fails, a value that is none. */
function isDatabaseError(error: Error): boolean {
  return /^[0-9A-Z]{5}$/.test((error as { readonly code?: string }).code ?? '');
}

function readOf(side: Side, { spec, entries, salt }: Pick<Comparing, 'spec' | 'entries' | 'salt'>): OrderedRead {
  const { [side]: entry } = entries;
  const { scope } = spec[side];
  const key = spec.key.map((pair) => itemAt(entry, pair[side], pair.width));
  const values = spec.compare.map((pair) => ({
    ...itemAt(entry, pair[side], pair.width),
    isSecret: isSecret(pair, entries),
  }));
  return { mount: entry.mount, key, values, salt, ...(scope ? { scope } : {}) };
}

export function itemAt(entry: Entry, id: string, width?: number): ComparedItem {
  const item = entry.items.find((one) => one.id === id);
  if (!item) throw new Error(`Entry ${entry.id} has no item ${id}`);
  return { item, ...(width === undefined ? {} : { width }) };
}

/** A value that is sensitive on one side is kept back of both. */
export function isSecret(
  pair: Readonly<Record<Side, string>>,
  entries: Readonly<Record<Side, Pick<Entry, 'items'>>>,
): boolean {
  return SIDES.some((side) => {
    const item = entries[side].items.find(({ id }) => id === pair[side]);
    return item === undefined || isSensitive(item) || item.shareType === 'withheld';
  });
}
