import type { Entry, Item } from '../../domain/catalogue.ts';
import { checkEntry } from '../../domain/catalogue-check.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { searchText } from '../../store/catalogue-search.ts';
import { departments, sourceOf } from '../../seed/departments.ts';

const named = (id: string): Entry => {
  const entry = catalogue.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`No entry ${id}`);
  return entry;
};
const codes = (entry: Entry): string[] => checkEntry(entry).map((fault) => `${fault.pointer} ${fault.code}`);
const conditional = named('persons');
const withheld = named('sealed-juvenile-records');
const open = named('divisions-2026');

test.each(catalogue)('the seeded entry $id states what R809 Art.12 and Art.13 ask', (entry) => {
  expect(checkEntry(entry)).toEqual([]);
  expect(departments.map((department) => department.id)).toContain(entry.provider);
  expect(entry.mount.sourceId).toBe(sourceOf(entry.provider));
});

test('the seeded catalogue has every share type, ids and codes of their own, and known departments in its conditions', () => {
  expect(new Set(catalogue.map((entry) => entry.shareType))).toEqual(
    new Set(['unconditional', 'conditional', 'withheld']),
  );
  expect(new Set(catalogue.map((entry) => entry.id)).size).toBe(catalogue.length);
  expect(new Set(catalogue.map((entry) => entry.code)).size).toBe(catalogue.length);
  const known = new Set(departments.map((department) => department.id));
  for (const entry of catalogue) {
    for (const id of entry.conditions?.departments ?? []) expect(known.has(id)).toBe(true);
  }
});

test('personal items of the seeded catalogue that tell who somebody is are masked', () => {
  const bare = catalogue.flatMap((entry) =>
    entry.items.filter((item) => item.personal && item.mask === 'none').map((item) => `${entry.id}/${item.id}`),
  );
  expect(bare).toEqual([
    'persons/sex',
    'persons/birth_date',
    'persons/ethnicity',
    'persons/district_code',
    'persons/street_code',
  ]);
});

test('an entry is found by its Chinese name, its English name and the names of its items', () => {
  for (const word of ['行政区划', 'administrative divisions', '上级区划代码']) expect(searchText(open)).toContain(word);
});

test.each<[string, Entry, string[]]>([
  ['a withheld entry without a law', without(withheld, 'withheldBasis'), ['/withheldBasis BasisMissing']],
  ['a withheld entry that is offered', { ...withheld, shareModes: ['batch'] }, ['/shareModes ModeNotAllowed']],
  ['a conditional entry without conditions', without(conditional, 'conditions'), ['/conditions ConditionsMissing']],
  [
    'conditions without scope and purposes',
    { ...conditional, conditions: { scope: ' ', purposes: [], departments: [] } },
    ['/conditions/scope Missing', '/conditions/purposes Missing', '/conditions/departments Missing'],
  ],
  [
    'conditions of an unconditional entry',
    { ...open, conditions: { scope: '全部', purposes: ['核验'] } },
    ['/conditions ConditionsNotAllowed'],
  ],
  [
    'a law that withholds what is shared',
    { ...open, withheldBasis: { document: '统计法', level: 'law', article: '第九条' } },
    ['/withheldBasis BasisNotAllowed'],
  ],
  [
    'no mode, name or items',
    { ...open, shareModes: [], name: '', items: [], key: [] },
    ['/name Missing', '/shareModes ModeMissing', '/items Missing', '/key Missing'],
  ],
  ['a code that is none', { ...open, code: '103001' }, ['/code MalformedCode']],
  ['a key that is no item', { ...open, key: ['code', 'id'] }, ['/key/1 KeyUnknown']],
])('%s is a fault', (_, entry, expected) => {
  expect(codes(entry)).toEqual(expected);
});

test('every fault of an item is reported at its place', () => {
  const item: Item = { ...(open.items[0] as Item) };
  const items: Item[] = [
    item,
    item,
    { ...item, id: 'Name; drop', name: '' },
    { ...item, id: 'length', length: 0 },
    { ...item, id: 'who', personal: true },
    { ...item, id: 'born', type: 'D', mask: 'name' },
  ];
  expect(codes({ ...open, items })).toEqual([
    '/items/1/id DuplicateItem',
    '/items/2/id MalformedId',
    '/items/2/name Missing',
    '/items/3/length LengthNotPositive',
    '/items/4/grade PersonalGradeTooLow',
    '/items/5/mask MaskNeedsText',
  ]);
});

function without(entry: Entry, field: 'withheldBasis' | 'conditions'): Entry {
  const { [field]: _, ...rest } = entry;
  return rest;
}
