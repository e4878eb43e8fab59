import fc from 'fast-check';
import {
  compareInOrder,
  compareKeys,
  type Compared,
  type ComparedRow,
  OutOfOrder,
} from '../../domain/reconciliation/merge.ts';
import { decisionsFor, SETTLEMENTS } from '../../domain/reconciliation/settling.ts';

async function* given(rows: readonly ComparedRow[]): AsyncGenerator<ComparedRow> {
  yield* rows;
}

async function all(left: readonly ComparedRow[], right: readonly ComparedRow[]): Promise<Compared[]> {
  const found: Compared[] = [];
  for await (const one of compareInOrder(given(left), given(right))) found.push(one);
  return found;
}

/** Key parts with what order goes wrong by: nothing, parts that begin alike, characters beyond the first plane. */
const part = fc.constantFrom('', 'a', 'ab', 'b', '区', '\uFFFD', '\u{1F600}', '\u{20000}');
const row = fc.record({
  key: fc.tuple(part, part).map((key): readonly string[] => key),
  values: fc.tuple(fc.option(fc.constantFrom('x', 'y'))).map((values): readonly (string | null)[] => values),
});
const rows = fc.array(row, { maxLength: 20 }).map((some) => some.toSorted((a, b) => byBytes(a.key, b.key)));

function byBytes(a: readonly string[], b: readonly string[]): number {
  for (const [at, one] of a.entries()) {
    const order = Buffer.compare(Buffer.from(one), Buffer.from(b[at] ?? ''));
    if (order !== 0) return order;
  }
  return 0;
}

const textOf = (key: readonly string[]) => JSON.stringify(key);

test('keys are ordered as their UTF-8 bytes are', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.tuple(text, text), fc.tuple(text, text), (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(byBytes(a, b)));
    }),
  );
});

test('the join says of every key what looking it up on both sides says', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, async (left, right) => {
      const found = await all(left, right);
      const keys = [...new Set([...left, ...right].map(({ key }) => textOf(key)))];
      expect(found.map(({ key }) => textOf(key)).toSorted()).toEqual(keys.toSorted());
      for (const one of found) {
        const at = (side: readonly ComparedRow[]) => side.filter(({ key }) => textOf(key) === textOf(one.key));
        const [l, r] = [at(left), at(right)];
        if (l.length > 1 || r.length > 1) {
          expect(one).toMatchObject({ kind: 'repeated', left: l.length, right: r.length });
          continue;
        }
        const [lefts, rights] = [l[0]?.values, r[0]?.values];
        const isSame =
          lefts !== undefined && rights !== undefined && textOf(lefts as never) === textOf(rights as never);
        const kind = !rights ? 'only-left' : !lefts ? 'only-right' : isSame ? 'same' : 'differs';
        expect(one.kind).toBe(kind);
        if (one.kind === 'differs') expect([one.left, one.right]).toEqual([lefts, rights]);
      }
    }),
  );
});

test('a source that is out of order is found out rather than believed', async () => {
  const rowOf = (key: string): ComparedRow => ({ key: [key], values: [] });
  await expect(all([rowOf('b'), rowOf('a')], [])).rejects.toThrow(OutOfOrder);
  await expect(all([], [rowOf('\u{1F600}'), rowOf('\uFFFD')])).rejects.toThrow(OutOfOrder);
});

test('reading stops on both sides when nobody goes on comparing', async () => {
  const stopped: string[] = [];
  async function* endless(side: string): AsyncGenerator<ComparedRow> {
    try {
      for (let n = 0; ; n += 1) yield { key: [String(n).padStart(9, '0')], values: [] };
    } finally {
      stopped.push(side);
    }
  }
  for await (const { kind } of compareInOrder(endless('left'), endless('right'))) {
    expect(kind).toBe('same');
    break;
  }
  expect(stopped.toSorted()).toEqual(['left', 'right']);
});

test('a provider decides on its own data: it gives way, gives a reason for both, or has mended', () => {
  const providers = { left: 'civil-affairs', right: 'statistics' };
  const may = (department: string, kind: 'differs' | 'repeated' = 'differs') =>
    decisionsFor({ kind, department, providers });
  expect(may('civil-affairs')).toEqual(['right', 'both', 'mended']);
  expect(may('statistics')).toEqual(['left', 'both', 'mended']);
  expect(may('statistics', 'repeated')).toEqual(['both', 'mended']);
  expect(may('data-bureau')).toEqual([]);
  const own = { left: 'statistics', right: 'statistics' };
  expect(decisionsFor({ kind: 'only-left', department: 'statistics', providers: own })).toEqual([...SETTLEMENTS]);
});
