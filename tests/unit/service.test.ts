import type { Entry, Item } from '../../domain/catalogue.ts';
import { checkRateAsk, rateOf } from '../../domain/rate.ts';
import { isInScope } from '../../domain/row-scope-match.ts';
import { checkService, freshSeconds } from '../../domain/service.ts';
import { logDaysOf } from '../../domain/gateway.ts';
import { ENTRY } from '../support/transfer.ts';

const CALLED: Entry = { ...ENTRY, shareModes: ['service'] };
const faults = (given: Parameters<typeof checkService>[0], entry: Entry | undefined = CALLED): string[] =>
  checkService(given, entry).map(({ pointer, code }) => `${pointer} ${code}`);

describe('a service that is registered', () => {
  it('filters by items of its entry, in ways that fit them, each once', () => {
    expect(faults({ filters: [{ item: 'id', kinds: ['equal', 'in', 'range'] }], parameters: [] })).toEqual([]);
    const filters = [
      { item: 'district', kinds: ['equal'] },
      { item: 'salary', kinds: ['equal'] },
      { item: 'district', kinds: ['in'] },
    ] as const;
    expect(faults({ filters, parameters: ['q'] })).toEqual([
      '/parameters ParametersForServiceOnly',
      '/filters/1/item UnknownItem',
      '/filters/2/item DuplicateItem',
    ]);
    const logical: Item = { ...(ENTRY.items[0] as Item), id: 'retired', type: 'L' };
    const entry = { ...CALLED, items: [...CALLED.items, logical] };
    expect(faults({ filters: [{ item: 'retired', kinds: ['equal', 'range'] }], parameters: [] }, entry)).toEqual([
      '/filters/0/kinds/1 OperatorUnfit',
    ]);
  });

  it('is over what can be called, and is offered so', () => {
    const none = { filters: [], parameters: [] };
    const { mount: _, ...unmounted } = CALLED;
    expect(checkService(none, undefined)).toEqual([{ pointer: '/entryId', code: 'UnknownEntry' }]);
    expect(faults(none, { ...ENTRY, shareModes: ['batch'] })).toEqual(['/entryId ModeNotOffered']);
    expect(faults(none, unmounted)).toEqual(['/entryId NotMounted']);
    expect(faults(none, { ...CALLED, mount: { sourceId: 's', file: 'a.csv' } })).toEqual([
      '/entryId ServiceMountUnfit',
    ]);
    const service = { ...CALLED, mount: { sourceId: 's', path: '' } };
    expect(faults({ filters: [], parameters: ['q'] }, service)).toEqual([]);
    expect(faults({ filters: [{ item: 'id', kinds: ['equal'] }], parameters: [] }, service)).toEqual([
      '/filters FiltersForTableOnly',
    ]);
  });
});

test('an answer may be kept until the source is updated, and for an hour at the most', () => {
  expect(freshSeconds('daily', '2026-11-26T01:59:00+08:00')).toBe(60);
  expect(freshSeconds('daily', '2026-11-26T02:00:00+08:00')).toBe(3_600);
  expect(freshSeconds('yearly', '2026-12-31T23:00:00+08:00')).toBe(3_600);
  expect(freshSeconds('real-time', '2026-11-26T01:59:00+08:00')).toBe(0);
  expect(freshSeconds('irregular', '2026-11-26T01:59:00+08:00')).toBe(0);
});

test('a rate is of services alone, and what nobody said of it is as usual', () => {
  expect(rateOf({ perDay: 5 })).toEqual({ perSecond: 10, perMinute: 300, perDay: 5 });
  expect(checkRateAsk(undefined, 'batch')).toEqual([]);
  expect(checkRateAsk({}, 'file')).toEqual([{ pointer: '/rate', code: 'RateForOtherMode' }]);
  expect(checkRateAsk({ perSecond: 1_001, perMinute: 60_000 }, 'service')).toEqual([
    { pointer: '/rate/perSecond', code: 'RateTooHigh', params: { most: 1_000 } },
  ]);
});

test('calls are kept for three years at the least, whatever is set', () => {
  expect([logDaysOf(undefined), logDaysOf(30), logDaysOf('x'), logDaysOf(2_000)]).toEqual([1_096, 1_096, 1_096, 2_000]);
});

describe('a record of a service', () => {
  const items: Item[] = (['C', 'N', 'D', 'T', 'L', 'G'] as const).map((type) => ({
    ...(ENTRY.items[0] as Item),
    id: type.toLowerCase(),
    type,
  }));
  const record = {
    c: '二道区',
    n: 12.5,
    d: '2026-03-01',
    t: '2026-03-01T08:00:00+08:00',
    l: false,
    g: null,
  };
  it.each<[string, string, unknown, boolean]>([
    ['c', 'eq', '二道区', true],
    ['c', 'ne', '二道区', false],
    ['c', 'startsWith', '二道', true],
    ['c', 'in', ['一道区', '二道区'], true],
    ['c', 'gt', '\u{ffff}', false],
    ['n', 'between', [12.5, 13], true],
    ['n', 'between', [13, 14], false],
    ['n', 'lt', 12.5, false],
    ['n', 'le', 12.5, true],
    ['d', 'ge', '2026-03-01', true],
    ['d', 'gt', '2026-03-01', false],
    ['t', 'eq', '2026-03-01T00:00:00Z', true],
    ['l', 'eq', false, true],
    ['g', 'isNull', undefined, true],
    ['c', 'notNull', undefined, true],
    ['g', 'notNull', undefined, false],
  ])('is held against %s %s %j: %s', (item, operator, value, expected) => {
    const condition = { item, operator, ...(value === undefined ? {} : { value }) } as never;
    expect(isInScope(record, { all: [condition] }, items)).toBe(expected);
  });

  it('that lacks the item, or has it in another kind, is outside', () => {
    const scope = { all: [{ item: 'n', operator: 'ne', value: 1 }] } as const;
    expect(isInScope({}, scope, items)).toBe(false);
    expect(isInScope({ n: '12' }, scope, items)).toBe(true);
    expect(isInScope({ n: { toString: 1 } }, scope, items)).toBe(false);
    expect(isInScope({ n: 2 }, { all: [{ item: 'gone', operator: 'isNull' }] }, items)).toBe(false);
  });
});
