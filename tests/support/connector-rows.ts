import type { Item } from '../../domain/catalogue.ts';
import type { ScopeCondition } from '../../domain/row-scope.ts';

const item = (id: string, type: Item['type'], changes: Partial<Item> = {}): Item => ({
  id,
  type,
  name: id,
  nameEn: id,
  grade: 3,
  personal: false,
  mask: 'none',
  ...changes,
});
/** The items of the entry that the tests of connectors deliver. */
export const ITEMS = [
  item('id', 'I'),
  item('code', 'C'),
  item('name', 'C', { name: '姓名' }),
  item('phone', 'C'),
  item('district', 'C'),
  item('born', 'D'),
  item('balance', 'N'),
  item('seen', 'T'),
  item('active', 'L'),
  item('note', 'M'),
  item('serial', 'I'),
  item('weight', 'B'),
  item('photo', 'G'),
];
export const ids = ITEMS.map(({ id }) => id);

/** Rows that lose something wherever a value is read or written wrongly. */
export const ROWS = [
  {
    id: 2,
    code: 'b',
    name: '李四',
    phone: '13987654321',
    district: '210102',
    born: '1990-02-03',
    balance: '0.50',
    seen: '2026-01-01 08:00:00.25',
    active: true,
    note: '',
    serial: '9223372036854775807',
    weight: 0.1,
    photo: Buffer.from([0, 255, 92, 39]),
  },
  { id: 1, code: 'B', name: '张\t三', active: false, balance: '-12345678901.20', seen: '2026-01-01 08:00:00' },
  { id: 3, code: 'a', name: '欧阳娜娜', phone: '13812345678', weight: 1e21, serial: '-1', born: '0999-12-31' },
  { id: 4, code: 'b ', name: '𠮷野家 😀', weight: 100_000, photo: Buffer.alloc(0) },
];

/** Conditions of a row scope, and the ids of the rows that meet them. */
export const SCOPES: readonly (readonly [ScopeCondition, readonly string[]])[] = [
  [{ item: 'code', operator: 'eq', value: 'b' }, ['2']],
  [{ item: 'code', operator: 'in', value: ['B', 'b '] }, ['1', '4']],
  [{ item: 'code', operator: 'lt', value: 'b' }, ['1', '3']],
  [{ item: 'id', operator: 'between', value: [2, 3] }, ['2', '3']],
  [{ item: 'balance', operator: 'lt', value: -0.5 }, ['1']],
  [{ item: 'born', operator: 'le', value: '1990-02-03' }, ['2', '3']],
  [{ item: 'seen', operator: 'gt', value: '2026-01-01T00:00:00.2Z' }, ['2']],
  [{ item: 'active', operator: 'eq', value: true }, ['2']],
  [{ item: 'name', operator: 'startsWith', value: '欧阳' }, ['3']],
  [{ item: 'name', operator: 'ne', value: `x' or '1'='1` }, ['1', '2', '3', '4']],
  [{ item: 'name', operator: 'eq', value: `\\' or 1=1 -- ` }, []],
  [{ item: 'note', operator: 'isNull' }, ['1', '3', '4']],
  [{ item: 'note', operator: 'notNull' }, ['2']],
];
