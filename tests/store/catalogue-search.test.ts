import type { Entry } from '../../domain/catalogue.ts';
import { departments } from '../../seed/departments.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { insertEntryVersion } from '../../store/catalogue.ts';
import { type CatalogueFilter, type CatalogueOrder, searchEntries } from '../../store/catalogue-find.ts';
import { countFacets } from '../../store/catalogue-facets.ts';
import { indexMissing, unindexEntry } from '../../store/catalogue-search.ts';
import type { Place } from '../../store/keyset.ts';
import { insertDepartments } from '../../store/seeding.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

let platform: TestDatabase;

const [first] = catalogue;
if (!first) throw new Error('No catalogue');
const template = first;

let made = 0;

/** An entry that differs in what matters to a test. */
function entry(id: string, changes: Partial<Entry> & { readonly itemNames?: readonly string[] }): Entry {
  const { itemNames = ['数值'], ...rest } = changes;
  made += 1;
  const items = itemNames.map((name, at) => ({
    ...template.items[0],
    id: `c${at}`,
    name,
    nameEn: '',
  })) as Entry['items'];
  return { ...template, id, code: `309001/${String(made).padStart(6, '0')}`, nameEn: '', summary: '', items, ...rest };
}

const ENTRIES = [
  entry('divisions', { name: '行政区划', summary: '到街道为止', nameEn: 'Divisions' }),
  entry('divisions-old', { name: '行政区划历史沿革' }),
  entry('streets', { name: '街道与行政区划对照表' }),
  entry('persons', { name: '户籍人口', itemNames: ['公民身份号码', '姓名', '行政区划代码'], shareType: 'conditional' }),
  entry('towns', { name: '乡镇', summary: '依照行政区划整理', classification: { base: '人口', theme: '交通' } }),
  entry('companies', {
    name: '企业登记',
    itemNames: ['统一社会信用代码', '企业名称'],
    provider: 'market-regulation',
    format: 'spreadsheet/xlsx',
    updateCycle: 'daily',
    publishedAt: '2026-10-01T09:00:00+08:00',
  }),
  entry('accounts', { name: '银行账户', itemNames: ['行政区划', '经办人'] }),
  entry('percent', { name: '完成率100%_达标', itemNames: ['指标Ａ'] }),
];

beforeAll(async () => {
  platform = await platformDatabase();
  await insertDepartments(platform.knex, departments);
  for (const one of ENTRIES) await platform.knex.transaction((trx) => insertEntryVersion(trx, one));
});
afterAll(() => platform.drop());

async function found(filter: CatalogueFilter, order: CatalogueOrder = 'relevance'): Promise<string[]> {
  const page = await searchEntries(platform.knex, filter, { order, page: { limit: 50 } });
  return page.items.map(({ id }) => id);
}

test('names come before items and items before the rest; the whole before its beginning before a part', async () => {
  expect(await found({ q: '行政区划' })).toEqual([
    'divisions',
    'divisions-old',
    'streets',
    'accounts',
    'persons',
    'towns',
  ]);
  // The synonym stands for it, and two characters rank as four do.
  expect(await found({ q: '区划' })).toEqual(await found({ q: '行政区划' }));
});

test.each([
  ['one character', '籍', ['persons']],
  ['one character of an item alone', '姓', ['persons']],
  [
    'two characters across what a dictionary would part',
    '政区',
    ['divisions', 'divisions-old', 'streets', 'accounts', 'persons', 'towns'],
  ],
  ['three characters in the middle', '区划历', ['divisions-old']],
  ['part of an item', '社会信用', ['companies']],
  ['pinyin initials', 'xzqhls', ['divisions-old']],
  ['two pinyin initials', 'hj', ['persons']],
  ['initials of an item', 'gmsfhm', ['persons']],
  ['full pinyin, a character with two sounds read by its word', 'yinhang', ['accounts']],
  ['English, in any case', 'DIVISION', ['divisions']],
  ['two Latin letters', 'di', ['divisions']],
  ['full width', '指标a', ['percent']],
  ['a synonym of an item', '身份证', ['persons']],
  ['a synonym that is longer', '信用代码', ['companies']],
  ['a synonym of a name', '公司', ['companies']],
  ['two words, both of which must be there', '人口 姓名', ['persons']],
  ['two words, one of which is nowhere together', '人口 银行', []],
  ['signs that mean something to the database', '100%_', ['percent']],
  ['a percent sign by itself', '%', ['percent']],
  ['a backslash', String.raw`\行`, []],
  ['marks and no word', '、，', []],
  ['the beginning of a code', '309001/', ENTRIES.map(({ id }) => id)],
  ['a whole code', '309001/000006', ['companies']],
])('%s', async (_, q, ids) => {
  expect((await found({ q })).toSorted()).toEqual([...ids].toSorted());
});

test('what the authority adds to the synonyms counts at once', async () => {
  expect(await found({ q: '商户' })).toEqual([]);
  await platform.knex('catalogue_synonyms').insert({ words: ['商户', '企业登记'] });
  expect(await found({ q: '商户' })).toEqual(['companies']);
});

test('filters narrow what words find, alone and together', async () => {
  expect(await found({ provider: 'market-regulation' })).toEqual(['companies']);
  expect(await found({ format: 'spreadsheet' })).toEqual(['companies']);
  expect(await found({ format: 'spread' })).toEqual([]);
  expect(await found({ q: '行政区划', shareType: 'conditional' })).toEqual(['persons']);
  expect(await found({ q: '行政区划', classification: '交通' })).toEqual(['towns']);
  expect(await found({ updateCycle: 'daily', classification: '309' })).toEqual(['companies']);
  expect(await found({ openness: 'closed' })).toEqual([]);
});

test('the order may be that of the codes or of publication', async () => {
  expect((await found({ q: '企业' }, 'published'))[0]).toBe('companies');
  expect((await found({}, 'published'))[0]).toBe('companies');
  expect(await found({ q: '行政区划' }, 'code')).toEqual([
    'divisions',
    'divisions-old',
    'streets',
    'persons',
    'towns',
    'accounts',
  ]);
});

test.each<[CatalogueOrder, string | undefined]>([
  ['relevance', '行政区划'],
  ['relevance', '行'],
  ['relevance', undefined],
  ['code', '行政区划'],
  ['published', undefined],
])('page after page shows each once, by %s', async (order, q) => {
  const filter = q === undefined ? {} : { q };
  for (const limit of [1, 2, 5]) {
    const seen: string[] = [];
    let after: Place | undefined;
    do {
      const page = await searchEntries(platform.knex, filter, { order, page: { limit, ...(after ? { after } : {}) } });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after);
    expect(seen).toEqual(await found(filter, order));
  }
});

test('facets count all that fits, not only the page', async () => {
  const { total, facets } = await countFacets(platform.knex, { q: '行政区划' });
  expect(total).toBe(6);
  expect(facets.shareType).toEqual([
    { value: template.shareType, count: 5 },
    { value: 'conditional', count: 1 },
  ]);
  expect(facets.theme.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  expect(facets.base).toContainEqual({ value: '人口', count: 1 });
  expect(await countFacets(platform.knex, { q: '火星' })).toMatchObject({ total: 0, facets: { provider: [] } });
  expect((await countFacets(platform.knex, { q: '，' })).total).toBe(0);
});

test('a new version is found by its own words and no longer by the old ones; what is withdrawn is not found', async () => {
  const one = entry('renamed', { name: '旧称事项' });
  await insertEntryVersion(platform.knex, one);
  await insertEntryVersion(platform.knex, { ...one, version: 2, name: '新称事项' });
  expect(await found({ q: '旧称' })).toEqual([]);
  expect(await found({ q: '新称事' })).toEqual(['renamed']);
  await unindexEntry(platform.knex, 'renamed');
  expect(await found({ q: '新称' })).toEqual([]);
});

test('entries that came before the search are indexed at the next start', async () => {
  await unindexEntry(platform.knex, 'persons');
  expect(await found({ q: '户籍' })).toEqual([]);
  await indexMissing(platform.knex);
  expect(await found({ q: '户籍' })).toEqual(['persons']);
});
