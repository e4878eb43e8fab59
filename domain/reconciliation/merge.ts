/** A row as it is compared: key and values as texts. */
export interface ComparedRow {
  readonly key: readonly string[];
  readonly values: readonly (string | null)[];
}

/** What became of a key: the same on both sides, or a difference. */
export type Compared =
  | { readonly kind: 'same'; readonly key: readonly string[] }
  | { readonly kind: 'only-left'; readonly key: readonly string[]; readonly left: ComparedRow['values'] }
  | { readonly kind: 'only-right'; readonly key: readonly string[]; readonly right: ComparedRow['values'] }
  | {
      readonly kind: 'differs';
      readonly key: readonly string[];
      readonly left: ComparedRow['values'];
      readonly right: ComparedRow['values'];
    }
  /** The key tells no single row: how often it is there on each side. What the rows say is not compared. */
  | { readonly kind: 'repeated'; readonly key: readonly string[]; readonly left: number; readonly right: number };

export const DIFFERENCE_KINDS = ['only-left', 'only-right', 'differs', 'repeated'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
export type Difference = Exclude<Compared, { kind: 'same' }>;

/** A source did not give its rows in the order of their keys: nothing that follows could be relied on. */
export class OutOfOrder extends Error {
  override readonly name = 'OutOfOrder';
}

interface Group extends ComparedRow {
  readonly count: number;
}

/**
 * Joins two sources whose rows come in the order of their keys, byte by byte in UTF-8. Holds one row of each, however many
 * there are. Rejects with OutOfOrder where a source keeps to another order.
 */
export async function* compareInOrder(
  left: AsyncIterable<ComparedRow>,
  right: AsyncIterable<ComparedRow>,
): AsyncGenerator<Compared> {
  const lefts = groups(left);
  const rights = groups(right);
  try {
    let [l, r] = await Promise.all([lefts.next(), rights.next()]);
    while (!l.done || !r.done) {
      const order = orderOf(l.done ? undefined : l.value.key, r.done ? undefined : r.value.key);
      yield comparedOf(order <= 0 && !l.done ? l.value : undefined, order >= 0 && !r.done ? r.value : undefined);
      if (order === 0) [l, r] = await Promise.all([lefts.next(), rights.next()]);
      else if (order < 0) l = await lefts.next();
      else r = await rights.next();
    }
  } finally {
    await Promise.all([lefts.return(undefined), rights.return(undefined)]);
  }
}

/** A side that has come to its end is behind every key. */
function orderOf(left: readonly string[] | undefined, right: readonly string[] | undefined): number {
  if (!left) return 1;
  return right ? compareKeys(left, right) : -1;
}

function comparedOf(left: Group | undefined, right: Group | undefined): Compared {
  const key = (left ?? right)?.key ?? [];
  const counts = { left: left?.count ?? 0, right: right?.count ?? 0 };
  if (counts.left > 1 || counts.right > 1) return { kind: 'repeated', key, ...counts };
  if (!right) return { kind: 'only-left', key, left: left?.values ?? [] };
  if (!left) return { kind: 'only-right', key, right: right.values };
  const isSame = left.values.every((value, index) => value === right.values[index]);
  return isSame ? { kind: 'same', key } : { kind: 'differs', key, left: left.values, right: right.values };
}

/** Rows that share a key follow one another: the first of them, and how many there are. */
async function* groups(rows: AsyncIterable<ComparedRow>): AsyncGenerator<Group, undefined> {
  let group: Group | undefined;
  for await (const row of rows) {
    const order = group ? compareKeys(group.key, row.key) : -1;
    if (order > 0) throw new OutOfOrder();
    if (group && order === 0) {
      group = { ...group, count: group.count + 1 };
      continue;
    }
    if (group) yield group;
    group = { ...row, count: 1 };
  }
  if (group) yield group;
  return undefined;
}

export function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const order = compareBytes(part, b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** UTF-8's order is that of code points: what UTF-16 writes with surrogates comes after everything else. */
function compareBytes(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at += 1) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
