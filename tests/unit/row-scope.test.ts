import fc from 'fast-check';
import type { Item, ItemType } from '../../domain/catalogue.ts';
import type { RowScope, ScopeCondition } from '../../domain/row-scope.ts';
import { checkRowScope, describeRowScope, operatorsFor, SCOPE_OPERATORS } from '../../domain/row-scope.ts';

const item = (id: string, type: ItemType, name: string, nameEn: string, length?: number): Item => ({
  id,
  name,
  nameEn,
  type,
  grade: 2,
  personal: false,
  mask: 'none',
  ...(length === undefined ? {} : { length }),
});
const ITEMS = [
  item('district', 'C', '区县代码', 'District code', 6),
  item('capital', 'N', '注册资本', 'Registered capital'),
  item('staff', 'I', '从业人数', 'Staff'),
  item('founded', 'D', '成立日期', 'Date founded'),
  item('updated', 'T', '更新时间', 'Updated'),
  item('active', 'L', '是否存续', 'Active'),
  item('scan', 'G', '扫描件', 'Scan'),
];
const scope = (...all: readonly ScopeCondition[]): RowScope => ({ all });
const codes = (value: unknown) => checkRowScope(value, ITEMS).map(({ pointer, code }) => `${pointer} ${code}`);

describe('a row scope', () => {
  it('that asks for every row, or uses each kind of item as it is meant, has no fault', () => {
    expect(codes(scope())).toEqual([]);
    expect(
      codes(
        scope(
          { item: 'district', operator: 'startsWith', value: '2101' },
          { item: 'capital', operator: 'between', value: [0.5, 1e9] },
          { item: 'staff', operator: 'in', value: [1, 2, 3] },
          { item: 'founded', operator: 'ge', value: '2024-02-29' },
          { item: 'updated', operator: 'lt', value: '2026-01-01T00:00:00+08:00' },
          { item: 'active', operator: 'eq', value: true },
          { item: 'scan', operator: 'notNull' },
        ),
      ),
    ).toEqual([]);
  });

  it('shows all its faults at once, each with its pointer', () => {
    const faulty = {
      all: [
        { item: 'salary', operator: 'eq', value: 1 },
        { item: 'district', operator: 'like', value: '%' },
        { item: 'active', operator: 'lt', value: true },
        { item: 'staff', operator: 'eq', value: 1.5 },
        { item: 'capital', operator: 'eq', value: '100' },
        { item: 'founded', operator: 'eq', value: '2026-02-29' },
        { item: 'district', operator: 'eq', value: '2101021' },
        { item: 'district', operator: 'in', value: [] },
        { item: 'district', operator: 'in', value: ['210102', 7] },
        { item: 'founded', operator: 'between', value: ['2026-02-01', '2026-01-01'] },
        { item: 'founded', operator: 'between', value: ['2026-02-01'] },
        { item: 'district', operator: 'eq', value: '21\u00000' },
        { item: 'district', operator: 'isNull', value: 'x' },
        { item: 'district', operator: 'eq' },
        { item: 'updated', operator: 'eq', value: '2026-01-01T00:00:00' },
        { item: 'staff', operator: 'eq', value: 3, sql: '1=1' },
        'district = 1',
      ],
    };
    expect(codes(faulty)).toEqual([
      '/rowScope/all/0/item UnknownItem',
      '/rowScope/all/1/operator UnknownOperator',
      '/rowScope/all/2/operator OperatorUnfit',
      '/rowScope/all/3/value WrongType',
      '/rowScope/all/4/value WrongType',
      '/rowScope/all/5/value WrongType',
      '/rowScope/all/6/value TooLong',
      '/rowScope/all/7/value ListEmpty',
      '/rowScope/all/8/value/1 WrongType',
      '/rowScope/all/9/value RangeReversed',
      '/rowScope/all/10/value PairExpected',
      '/rowScope/all/11/value ForbiddenCharacter',
      '/rowScope/all/12/value ValueNotExpected',
      '/rowScope/all/13/value ValueMissing',
      '/rowScope/all/14/value WrongType',
      '/rowScope/all/15/sql UnknownMember',
      '/rowScope/all/16 NotACondition',
    ]);
  });

  it('is bounded in conditions, in listed values and in shape', () => {
    const one = { item: 'staff', operator: 'notNull' } as const;
    expect(codes({ all: Array.from({ length: 21 }, () => one) })).toEqual(['/rowScope/all TooManyConditions']);
    const many = Array.from({ length: 501 }, (_, n) => n);
    expect(codes(scope({ item: 'staff', operator: 'in', value: many }))).toEqual(['/rowScope/all/0/value ListTooLong']);
    for (const shape of [null, 'x', [], {}, { all: {} }]) expect(codes(shape)).toEqual(['/rowScope NotAScope']);
  });

  it('never throws, whatever JSON comes in', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void checkRowScope(value, ITEMS)));
    const condition = fc.record({
      item: fc.constantFrom(...ITEMS.map(({ id }) => id)),
      operator: fc.constantFrom(...SCOPE_OPERATORS),
      value: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), (all) => {
        for (const { code } of checkRowScope({ all }, ITEMS)) expect(typeof code).toBe('string');
      }),
    );
  });

  it('offers no order among logical values and only presence for general ones', () => {
    expect(operatorsFor(item('x', 'L', '', ''))).toEqual(['eq', 'ne', 'isNull', 'notNull']);
    expect(operatorsFor(item('x', 'G', '', ''))).toEqual(['isNull', 'notNull']);
  });

  it('reads as one sentence in Chinese and in English', () => {
    const asked = scope(
      { item: 'district', operator: 'in', value: ['210102', '210103'] },
      { item: 'founded', operator: 'between', value: ['2020-01-01', '2024-12-31'] },
      { item: 'active', operator: 'eq', value: true },
    );
    expect(describeRowScope(asked, ITEMS, 'zh')).toBe(
      '区县代码为以下之一：“210102”、“210103”，且成立日期介于“2020-01-01”与“2024-12-31”之间（含两端），且是否存续等于是',
    );
    expect(describeRowScope(asked, ITEMS, 'en')).toBe(
      'District code is one of “210102”, “210103”, and Date founded is between “2020-01-01” and “2024-12-31”, both included, and Active is yes',
    );
    expect(describeRowScope(scope(), ITEMS, 'zh')).toBe('全部数据行');
    const long = scope({ item: 'staff', operator: 'in', value: Array.from({ length: 12 }, (_, n) => n) });
    expect(describeRowScope(long, ITEMS, 'zh')).toBe('从业人数为以下之一：0、1、2、3、4、5、6、7、8、9等12个值');
    expect(describeRowScope(long, ITEMS, 'en')).toContain('8, 9 and 2 more');
  });
});
