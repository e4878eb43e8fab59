import fc from 'fast-check';
import { creditCode, idCardCheck } from '../../domain/check-digits.ts';
import { type ColumnWords, count, detect, type Finding, suggestionsOf } from '../../domain/sensitivity.ts';
import { passesLuhn } from '../../domain/sensitivity-patterns.ts';

const text = (id: string, name?: string): ColumnWords => ({ id, type: 'C', ...(name === undefined ? {} : { name }) });
const find = (column: ColumnWords, values: readonly string[]): Finding | undefined =>
  detect([{ column, counted: count(values) }])[0];
const many = (size: number, make: (n: number) => string): string[] => Array.from({ length: size }, (_, n) => make(n));

const idCard = (n: number): string => {
  const first17 = `2101021985${String((n % 12) + 1).padStart(2, '0')}${String((n % 28) + 1).padStart(2, '0')}${String(n % 1000).padStart(3, '0')}`;
  return first17 + idCardCheck(first17);
};
/** 18 digits with an existing date, whose last is never the check digit. */
const notIdCard = (n: number): string => {
  const right = idCard(n);
  return right.slice(0, 17) + String((Number(right.charAt(17).replace('X', '0')) + 1) % 10);
};
const SEGMENTS = ['138', '139', '150', '177', '186', '199'];
const mobile = (n: number): string => `${SEGMENTS[n % SEGMENTS.length]}${String(10_000_000 + n * 7_919).slice(-8)}`;
const SURNAMES = Array.from('王李张刘陈杨赵黄周吴徐孙');
const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰');
const person = (n: number): string =>
  `${SURNAMES[n % SURNAMES.length]}${GIVEN[n % GIVEN.length]}${GIVEN[(n * 5) % 13]}`;
const card = (n: number): string => {
  const first = `622202${String(100_000_000_000 + n * 7_919).slice(-12)}`;
  return first + '0123456789'.split('').find((digit) => passesLuhn(first + digit));
};

describe('what is recognised by its content alone, whatever the column is called', () => {
  it.each([
    ['IdCards', idCard, { personal: true, grade: 4, mask: 'id-card' }],
    ['MobilePhones', mobile, { personal: true, grade: 3, mask: 'mobile' }],
    ['MobilePhones', (n: number) => `+86 ${mobile(n)}`, { personal: true, grade: 3, mask: 'mobile' }],
    ['Landlines', (n: number) => `024-${22_860_000 + n}`, { personal: true, grade: 3, mask: 'whole' }],
    ['PersonNames', person, { personal: true, grade: 3, mask: 'name' }],
    ['Addresses', (n: number) => `沈阳市和平区太原街${n + 1}号`, { personal: false, grade: 2, mask: 'none' }],
    ['CreditCodes', (n: number) => creditCode('91', '210102', `MA0000${10 + n}`), { personal: false, grade: 1 }],
    ['BankCards', card, { personal: true, grade: 4, mask: 'bank-card' }],
    ['Emails', (n: number) => `user${n}@example.com`, { personal: true, grade: 3, mask: 'email' }],
    ['Plates', (n: number) => `辽A${String(10_000 + n)}`, { personal: true, grade: 3, mask: 'plate' }],
    ['Plates', (n: number) => `辽AD${String(10_000 + n)}`, { personal: true, grade: 3, mask: 'plate' }],
  ])('%s', (code, make, marks) => {
    expect(find(text('col_1'), many(60, make))).toMatchObject({
      ...marks,
      evidence: { code, params: { matching: 60, of: 60 } },
    });
  });

  it('full-width digits, a small x and spaces around are the same values', () => {
    const wide = (value: string): string =>
      value.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfe_e0));
    expect(
      find(
        text('c'),
        many(20, (n) => ` ${wide(idCard(n)).toLowerCase()} `),
      )?.kind,
    ).toBe('id-card');
  });
});

describe('what looks alike and is something else', () => {
  it.each<[string, string, string | undefined, (n: number) => string]>([
    ['18 digits without the check digit', 'id_card', '公民身份号码', notIdCard],
    ['18 digits of an order', 'order_no', undefined, (n) => `20260101${String(9_000_000_000 + n * 31)}`],
    ['an order number of 11 digits, counted up', 'c1', undefined, (n) => String(13_800_000_000 + n)],
    ['an order number that happens to have many segments', 'order_no', '订单编号', mobile],
    ['districts, whose names begin with surnames', 'c2', undefined, (n) => `${SURNAMES[n % 12]}${GIVEN[n % 13]}区`],
    ['districts in a column called name', 'name', '区县名称', person],
    ['companies in a column called name', 'name', '企业名称', (n) => `沈阳盛华${n}商贸有限公司`],
    [
      '19 digits that fail Luhn’s check',
      'bank_account',
      undefined,
      (n) => card(n).slice(0, -1) + String((Number(card(n).at(-1)) + 1) % 10),
    ],
    ['prices', 'price', undefined, (n) => `${100 + (n % 30)}.50`],
    ['codes of divisions', 'district_code', undefined, (n) => String(210_100 + n)],
    ['dates', 'd', undefined, (n) => `2026-01-${String((n % 28) + 1).padStart(2, '0')}`],
    ['numbers', 'amount', undefined, String],
    ['ethnicities', 'ethnicity', '民族', (n) => ['汉族', '满族', '回族', '蒙古族'][n % 4] ?? ''],
    ['free text', 'note', '备注', (n) => `第${n}次核查，未见异常`],
  ])('%s', (_, id, name, make) => {
    expect(find(text(id, name), many(100, make))).toBeUndefined();
  });

  it('a longitude without a latitude is a number', () => {
    const lon = { column: text('lon', '经度'), counted: count(many(50, (n) => `123.4${100 + n}`)) };
    const lat = { column: text('lat', '纬度'), counted: count(many(50, (n) => `41.8${100 + n}`)) };
    expect(detect([lon])).toEqual([undefined]);
    expect(detect([lon, lat]).map((finding) => finding?.kind)).toEqual(['coordinates', 'coordinates']);
    const far = { column: text('lat', '纬度'), counted: count(many(50, (n) => `-33.8${100 + n}`)) };
    expect(detect([lon, far])).toEqual([undefined, undefined]);
  });
});

describe('the thresholds', () => {
  const mixed = (right: number, wrong: number, make: (n: number) => string): string[] => [
    ...many(right, make),
    ...many(wrong, (n) => `—${n}`),
  ];

  it.each([
    ['alone', 'c', 80, 20, true],
    ['alone, one less', 'c', 79, 21, false],
    ['with the column’s name', 'id_card', 50, 50, true],
    ['with the column’s name, one less', 'id_card', 49, 51, false],
  ])('identity numbers %s', (_, id, right, wrong, found) => {
    expect(find(text(id), mixed(right, wrong, idCard)) !== undefined).toBe(found);
  });

  it('few values prove nothing by themselves, and something beside the column’s name', () => {
    expect(find(text('c'), many(9, mobile))).toBeUndefined();
    expect(find(text('c'), many(10, mobile))).toBeDefined();
    expect(find(text('c', '手机号码'), many(1, mobile))).toBeDefined();
    expect(find(text('c'), many(29, person))).toBeUndefined();
    expect(find(text('xm'), many(2, person))).toBeDefined();
  });

  it('empty values count neither way; a column without a value is nothing', () => {
    const values = [...many(20, idCard), ...many(500, () => ' ')];
    expect(find(text('c'), values)?.evidence.params).toEqual({ matching: 20, of: 20 });
    expect(find(text('id_card', '身份证号'), ['', '  '])).toBeUndefined();
  });
});

describe('a table is looked at as a whole', () => {
  const column = (id: string, make: (n: number) => string, type: ColumnWords['type'] = 'C') => ({
    column: { id, type },
    counted: count(many(60, make)),
  });
  const address = (n: number): string => `辽宁省沈阳市和平区南京北街${n + 1}号`;

  it('an address is somebody’s where there are identity numbers, and an account a company’s where there are credit codes', () => {
    const [, home] = detect([column('a', idCard), column('b', address)]);
    expect(home).toMatchObject({ personal: true, grade: 4, mask: 'address' });
    const [, account, seat] = detect([
      column('a', (n) => creditCode('91', '210102', `MA0000${10 + n}`)),
      column('b', card),
      column('c', address),
    ]);
    expect(account).toMatchObject({ personal: false, grade: 3, mask: 'bank-card' });
    expect(seat).toMatchObject({ personal: false, grade: 2 });
  });

  it('a number cannot be masked with stars, and stays what it is', () => {
    expect(detect([column('c', mobile, 'I')])[0]).toMatchObject({ personal: true, grade: 3, mask: 'none' });
  });

  it('each mark becomes a suggestion at its item, with the counts as evidence', () => {
    const findings = detect([column('x', String), column('c', mobile)]);
    expect(suggestionsOf(findings)).toEqual(
      [
        ['personal', true],
        ['grade', 3],
        ['mask', 'mobile'],
      ].map(([mark, value]) => ({
        pointer: `/items/1/${String(mark)}`,
        value,
        evidence: { code: 'MobilePhones', params: { matching: 60, of: 60 } },
      })),
    );
  });
});

test('whatever the values are, the evidence holds counts and no value', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.nat().map(idCard), fc.nat().map(mobile))), (values) => {
      const counted = count(values);
      expect(Object.values(counted.matching).every((n) => n <= counted.of && counted.of <= values.length)).toBe(true);
      const leaves = JSON.stringify(detect([{ column: text('mobile'), counted }])).match(/\d{5,}/g);
      expect(leaves).toBeNull();
    }),
  );
});
