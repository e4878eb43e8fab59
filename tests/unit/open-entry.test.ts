import type { Entry } from '../../domain/catalogue.ts';
import { openEntry } from '../../domain/open-entry.ts';
import { catalogue } from '../../seed/catalogue.ts';

const of = (id: string): Entry => catalogue.find((entry) => entry.id === id) as Entry;

test('the public is told of an entry which items it has up to grade 2, and how many more', () => {
  const { items, hiddenItems, summary } = openEntry(of('persons'));
  expect(items.map(({ name }) => name)).toEqual(['人口记录号', '性别', '户籍区县代码', '户籍街道代码', '更新时间']);
  expect(hiddenItems).toBe(8);
  expect(summary).toMatch(/户籍人口/);
});

test('of a withheld entry only its name, whose it is, and by which document and article', () => {
  const shown = openEntry(of('sealed-juvenile-records'));
  expect(shown).toMatchObject({
    name: '未成年人犯罪记录封存索引',
    provider: 'public-security',
    items: [],
    hiddenItems: 3,
    withheldBasis: { document: '中华人民共和国刑事诉讼法', level: 'law', article: '第二百八十六条' },
  });
  expect(shown.summary).toBeUndefined();
});

test('no entry of the catalogue tells the public how it is masked, on which terms it is shared or where it lies', () => {
  const allowed = ['id', 'version', 'code', 'name', 'nameEn', 'provider', 'classification', 'updateCycle', 'shareType'];
  const more = ['publishedAt', 'status', 'openness', 'summary', 'withheldBasis', 'items', 'hiddenItems'];
  for (const entry of catalogue) {
    const shown = openEntry({ ...entry, statusReason: '-', opennessConditions: '-' });
    expect(Object.keys(shown).filter((name) => ![...allowed, ...more].includes(name))).toEqual([]);
    for (const item of shown.items) expect(Object.keys(item).toSorted()).toEqual(['id', 'name', 'nameEn', 'type']);
  }
});

test('a withheld item of a shared entry is not named', () => {
  const entry = of('divisions-2026');
  const [first, ...rest] = entry.items;
  if (!first) throw new Error('The entry has no items');
  const shown = openEntry({ ...entry, items: [{ ...first, grade: 1, shareType: 'withheld' }, ...rest] });
  expect(shown.items.map(({ id }) => id)).not.toContain(first.id);
  expect(openEntry(entry).items.map(({ id }) => id)).toContain(first.id);
});
