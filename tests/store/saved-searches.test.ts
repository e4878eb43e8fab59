import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { normalised } from '../../domain/search-words.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { type CatalogueFilter, searchEntries } from '../../store/catalogue-find.ts';
import { findEntry } from '../../store/catalogue.ts';
import { subscribe, tellSubscribers } from '../../store/catalogue-subscriptions.ts';
import { openDatabase } from '../../store/database.ts';
import { storeStaff } from '../support/played-store.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

let platform: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  platform = await platformDatabase();
  knex = openDatabase(platform.url);
  await storeStaff(knex);
});
afterAll(async () => {
  await knex.destroy();
  await platform.drop();
});

/** Every way in which something is found: characters, parts, pinyin, synonyms, codes, several words, filters, nothing. */
const QUERIES = [
  ...[
    '人',
    '登记',
    '人口基本',
    '身份证',
    '公民身份号码',
    '手机',
    '统一社会信用代码',
    '低保',
    '企业',
    '市场主体',
    '住址',
  ],
  ...['r', 'rk', 'hj', 'xzqh', 'hjrkjb', 'renkou', 'xingming', 'hujirenkou', 'xm', 'zzjg', 'x'],
  ...['1', '101001', '101001/', '101001/000001', '30', '0', '12', '101001/9'],
  ...[
    'name',
    'ID_CARD',
    'residents',
    'division',
    'code',
    'mobile',
    'zz',
    '火星',
    '姓名 手机',
    '人口 身份证',
    '区划 名称 代码',
  ],
  ...['人口，姓名', '%', '_', '％', '　', '、', 'ｎａｍｅ', '全市', '的', '沈阳', '2026', '车牌', 'jdc 车牌'],
];
const FILTERS: readonly CatalogueFilter[] = [
  { provider: 'public-security' },
  { shareType: 'conditional' },
  { shareType: 'withheld' },
  { format: 'database' },
  { format: 'database/postgresql' },
  { classification: '人口' },
  { classification: '101' },
  { updateCycle: 'daily' },
  { openness: 'closed' },
];
const SEARCHES: readonly CatalogueFilter[] = [
  ...QUERIES.map((q) => ({ q })),
  ...FILTERS,
  ...QUERIES.slice(0, 12).flatMap((q) => FILTERS.map((filter) => ({ ...filter, q }))),
];

test('a saved search tells of an entry exactly if the search finds it', async () => {
  await knex('catalogue_synonyms').insert({ words: ['在册人口', '户籍人口'] });
  const searches = [...SEARCHES, { q: '在册人口' }];
  const names = new Map(searches.map((filter, nth) => [`p${nth}`, JSON.stringify(filter)]));
  for (const [nth, filter] of searches.entries()) {
    const id = `p${nth}`;
    await knex('people').insert({ id, name: id, department_id: 'transport', password_hash: '-' });
    await subscribe(knex, id, { id: randomUUID(), kind: 'search', target: filter });
  }
  const wanted = new Map(catalogue.map(({ id }) => [id, new Set<string>()]));
  for (const [nth, filter] of searches.entries()) {
    const { items } = await searchEntries(knex, filter, { order: 'code', page: { limit: 200 } });
    for (const { id } of items) wanted.get(id)?.add(`p${nth}`);
  }
  const all = [...wanted.values()].flatMap((people) => [...people]);
  expect(new Set(all).size).toBeGreaterThan(100);
  expect(new Set(all).size).toBeLessThan(searches.length);
  for (const { id } of catalogue) {
    const entry = await findEntry(knex, id);
    if (!entry) throw new Error(id);
    const told = await toldOf(entry);
    const readable = (people: Iterable<string>) => [...people].map((one) => names.get(one) ?? one).toSorted();
    expect(readable(told)).toEqual(readable(wanted.get(id) ?? []));
  }
  expect(normalised('ｎａｍｅ')).toBe('name');
});

/** Whom a change tells, read from the outbox and taken back. */
async function toldOf(entry: Parameters<typeof tellSubscribers>[1]): Promise<string[]> {
  const trx = await knex.transaction();
  try {
    await trx('outbox').delete();
    await tellSubscribers(trx, entry, { kind: 'entryChanged', at: '2026-11-25T10:00:00+08:00' });
    const row = await trx('outbox').first<{ telling: { to: { people: string[] } } } | undefined>('telling');
    return row?.telling.to.people ?? [];
  } finally {
    await trx.rollback();
  }
}
