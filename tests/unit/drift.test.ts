import type { Item, ItemType } from '../../domain/catalogue.ts';
import { driftsOf } from '../../domain/drift.ts';
import { checkMount, type Physical, type PhysicalColumn } from '../../domain/mount-check.ts';

const item = (id: string, type: ItemType, length?: number): Item =>
  ({ id, name: `名${id}`, type, ...(length === undefined ? {} : { length }) }) as Item;
const as = (kind: Physical['kind'], ...columns: PhysicalColumn[]): Physical => ({ kind, columns });
const column = (name: string, type?: ItemType, length?: number): PhysicalColumn => ({
  name,
  ...(type === undefined ? {} : { type }),
  ...(length === undefined ? {} : { length }),
});

const entry = { items: [item('a', 'C', 10)] };
const codes = (before: Physical | undefined, now: Physical | undefined) =>
  driftsOf(entry, before, now).map(({ code }) => code);

test.each<[string, PhysicalColumn, string[]]>([
  ['as it was', column('a', 'C', 8), []],
  ['longer, though the entry has room for it', column('a', 'C', 9), ['ColumnLengthened']],
  ['without a limit', column('a', 'C'), ['ColumnLengthened']],
  ['shorter', column('a', 'C', 7), ['ColumnShortened']],
  ['a number', column('a', 'I'), ['ColumnRetyped']],
  ['called otherwise', column('b', 'C', 8), ['ColumnGone']],
])('a column that is %s', (_, now, expected) => {
  expect(codes(as('table', column('a', 'C', 8)), as('table', now))).toEqual(expected);
});

test('at the first look what the entry says counts alone', () => {
  expect(codes(undefined, as('table', column('a', 'C', 8)))).toEqual([]);
  expect(codes(undefined, as('table', column('a', 'C', 11)))).toEqual(['ColumnLengthened']);
  expect(codes(undefined, undefined)).toEqual(['MountGone']);
});

test('records of files and services look different every day: only what breaks the entry’s word is drift', () => {
  for (const kind of ['file', 'service'] as const) {
    const before = as(kind, column('a', 'C', 8));
    for (const now of [column('a', 'I', 3), column('a', 'C', 10), column('a')])
      expect(codes(before, as(kind, now))).toEqual([]);
    expect(codes(before, as(kind, column('a', 'C', 11)))).toEqual(['ColumnLengthened']);
    expect(codes(before, as(kind, column('a', 'G')))).toEqual(['ColumnRetyped']);
    expect(codes(before, as(kind))).toEqual(['ColumnGone']);
  }
});

test('each type of the guide holds what it can hold', () => {
  const fits = (type: ItemType, found: ItemType, kind: Physical['kind']): boolean =>
    checkMount({ items: [item('a', type)] }, as(kind, column('a', found))).length === 0;
  const fitting = (type: ItemType, kind: Physical['kind']) =>
    (['C', 'I', 'N', 'B', 'F', 'Y', 'D', 'T', 'L', 'G'] as const).filter((found) => fits(type, found, kind)).join('');
  expect(fitting('C', 'table')).toBe('C');
  expect(fitting('N', 'table')).toBe('INBFY');
  expect(fitting('I', 'table')).toBe('I');
  expect(fitting('D', 'view')).toBe('D');
  expect(fitting('T', 'view')).toBe('T');
  expect(fitting('G', 'table')).toBe('CINBFYDTLG');
  expect(fitting('C', 'file')).toBe('CINBFYDTL');
  expect(fitting('T', 'service')).toBe('DT');
  expect(fitting('I', 'file')).toBe('I');
});
