import type { Entry, Item } from '../../domain/catalogue.ts';
import { checkDraft, checkEntry } from '../../domain/catalogue-check.ts';
import { BASES, classificationCodes, THEMES } from '../../domain/classification.ts';
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
const basis = { document: '未成年人保护法', level: 'law', article: '第一百零三条' } as const;
const personalOf = ({ items }: Entry): string[] =>
  items.flatMap(({ personal }, index) => (personal ? [`/items/${index}/openness PersonalNotOpened`] : []));

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
  [
    'a base, theme or level that there is not',
    {
      ...withheld,
      classification: { base: '天气', theme: '闲聊' },
      withheldBasis: { ...basis, level: 'local-rule' as never },
    },
    [
      '/classification/base ClassificationUnknown',
      '/classification/theme ClassificationUnknown',
      '/withheldBasis/level LevelUnknown',
    ],
  ],
  [
    'a law without an article',
    { ...withheld, withheldBasis: { ...basis, article: ' ' } },
    ['/withheldBasis/article Missing'],
  ],
  [
    'opening what is withheld',
    { ...withheld, openness: 'unconditional' },
    ['/openness OpennessNotAllowed', ...personalOf(withheld)],
  ],
  ['opening what is masked', { ...conditional, openness: 'unconditional' }, personalOf(conditional)],
  [
    'conditional openness without conditions',
    { ...open, openness: 'conditional' },
    ['/opennessConditions OpennessConditionsMissing'],
  ],
  [
    'conditions of what is closed',
    { ...open, opennessConditions: '实名' },
    ['/opennessConditions OpennessConditionsNotAllowed'],
  ],
  [
    'a purpose twice',
    { ...conditional, conditions: { scope: '全市', purposes: ['核验', '核验'] } },
    ['/conditions/purposes/1 Duplicate'],
  ],
  ['an entry related twice', { ...open, related: ['persons', 'persons'] }, ['/related/1 Duplicate']],
  ['a key that is no item', { ...open, key: ['code', 'id'] }, ['/key/1 KeyUnknown']],
])('%s is a fault', (_, entry, expected) => {
  expect(codes(entry)).toEqual(expected);
});

test.each<[string, Entry, Partial<Item>, string[]]>([
  ['wider than its entry', conditional, { shareType: 'unconditional' }, ['/items/0/shareType ShareTypeWider']],
  [
    'under conditions that its entry has not',
    open,
    { shareType: 'conditional' },
    ['/items/0/shareType ShareTypeMixed'],
  ],
  ['withheld without a law', open, { shareType: 'withheld' }, ['/withheldBasis BasisMissing']],
  ['opened more widely', open, { openness: 'conditional' }, ['/items/0/openness OpennessWider']],
])('an item that is %s is a fault', (_, entry, changes, expected) => {
  const [first, ...others] = entry.items;
  expect(codes({ ...entry, items: [{ ...first, ...changes } as Item, ...others] })).toEqual(expected);
});

test('an item that a law withholds may stand in an entry that is shared', () => {
  const [first, ...others] = open.items;
  const items = [{ ...first, shareType: 'withheld' } as Item, ...others];
  expect(codes({ ...open, items, withheldBasis: basis })).toEqual([]);
});

test('an empty draft is told everything that it lacks at once, and one without items what those lack', () => {
  expect(checkDraft({}).map(({ pointer }) => pointer)).toEqual([
    '/name',
    '/summary',
    '/provider',
    '/format',
    '/updateCycle',
    '/provenance',
    '/classification',
    '/shareType',
    '/items',
    '/key',
  ]);
  const bare = checkDraft({ ...open, items: [{ id: 'code' }, { id: 'name', type: 'C' }] });
  expect(bare.map(({ pointer }) => pointer)).toEqual([
    ...['name', 'type', 'grade', 'personal', 'mask'].map((field) => `/items/0/${field}`),
    ...['name', 'grade', 'personal', 'mask', 'length'].map((field) => `/items/1/${field}`),
  ]);
});

test('departments, entries and databases that are named must be there', () => {
  const draft = {
    ...conditional,
    classification: { department: 'sea' },
    conditions: { scope: '全市', purposes: ['核验'], departments: ['civil-affairs', 'moon'] },
    related: ['divisions-2026', 'nothing'],
  };
  const known = { departments: ['civil-affairs'], entries: ['divisions-2026'], sources: ['civil-affairs-main'] };
  expect(checkDraft(draft, known)).toEqual([
    { pointer: '/classification/department', code: 'DepartmentUnknown', params: { department: 'sea' } },
    { pointer: '/conditions/departments/1', code: 'DepartmentUnknown', params: { department: 'moon' } },
    { pointer: '/related/1', code: 'RelatedUnknown', params: { entry: 'nothing' } },
    { pointer: '/mount/sourceId', code: 'SourceUnknown', params: { source: 'public-security-main' } },
  ]);
});

test('classifications are numbered by kind, and the seeded codes are of them', () => {
  expect([BASES.length, THEMES.length]).toEqual([5, 24]);
  expect(classificationCodes({ base: '人口', theme: '旅游' }, 6)).toEqual(['101001', '224001', '301006']);
  for (const entry of catalogue) {
    const place = departments.findIndex(({ id }) => id === entry.provider) + 1;
    const branches = classificationCodes(entry.classification, place).map((code) => code.slice(0, 3));
    expect(branches).toContain(entry.code.slice(0, 3));
  }
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
