import fc from 'fast-check';
import type { Entry } from '../../domain/catalogue.ts';
import { isLatin, normalised, wordsOf } from '../../domain/search-words.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { departments } from '../../seed/departments.ts';
import { insertEntryVersion } from '../../store/catalogue.ts';
import { countFacets } from '../../store/catalogue-facets.ts';
import { type CatalogueOrder, searchEntries } from '../../store/catalogue-find.ts';
import { pinyinOf } from '../../store/catalogue-search.ts';
import type { Place } from '../../store/keyset.ts';
import { insertDepartments } from '../../store/seeding.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

/** What the search finds, and in which order, against a search that knows no index: it reads every entry to its end. */

const SEED = 20_261_125;
const COUNT = 120;
const QUERIES = 120;

const [template] = catalogue;
if (!template) throw new Error('No catalogue');

/** Of few pieces, so that what is cut out of one entry is found in others: whole, at the beginning and in parts. */
const PIECES = [
  ...[
    '行政',
    '区划',
    '人口',
    '户籍',
    '户口',
    '企业',
    '登记',
    '信息',
    '公司',
    '代码',
    '区',
    '口',
    '（含）',
    'GDP',
    'Ａ1',
  ],
  ...['30', '9001', 'xz', '统一社会信用代码', '100%', '_', ' ', '国内生产总值', '驾驶证', '銀行'],
];
const text = (maxLength: number) =>
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength }).map((pieces) => pieces.join(''));

const drawn = fc.record({
  name: text(4),
  nameEn: fc.constantFrom('', 'Divisions', 'Companies of the city', 'gdp 30'),
  summary: text(5),
  shareType: fc.constantFrom('unconditional' as const, 'conditional' as const),
  provider: fc.constantFrom(...departments.slice(0, 3).map(({ id }) => id)),
  theme: fc.constantFrom('交通', '旅游', undefined),
  items: fc.array(text(2), { minLength: 1, maxLength: 3 }),
});

const entries = fc.sample(drawn, { seed: SEED, numRuns: COUNT }).map(({ items, theme, ...one }, at): Entry => ({
  ...template,
  ...one,
  id: `e${at}`,
  // Some begin as others go on.
  code: `30${at % 2 === 0 ? '9001' : '1090'}/${String(at * 7).padStart(6, '0')}`,
  classification: theme === undefined ? {} : { theme },
  items: items.map((name, n) => ({ ...template.items[0], id: `c${n}`, name, nameEn: '' })) as Entry['items'],
}));

/** What people type: cut out of an entry or of its sound, one word or two. */
const word = fc
  .tuple(fc.constantFrom(...entries), fc.nat(5), fc.nat(30), fc.integer({ min: 1, max: 7 }))
  .map(([entry, what, from, length]) => {
    const { initials, full } = pinyinOf(entry.name);
    const item = entry.items[0]?.name ?? '';
    const source = [entry.name, item, entry.summary, entry.code, what % 2 === 0 ? initials : pinyinOf(item).full, full][
      what
    ];
    const characters = Array.from(source ?? '');
    return characters
      .slice(from % characters.length)
      .slice(0, length)
      .join('');
  });
const queries = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(word, word).map((two) => two.join(' ')) },
);

let platform: TestDatabase;
let synonyms: readonly (readonly string[])[];

beforeAll(async () => {
  platform = await platformDatabase();
  await insertDepartments(platform.knex, departments);
  await platform.knex.transaction(async (trx) => {
    for (const one of entries) await insertEntryVersion(trx, one);
  });
  synonyms = await platform.knex('catalogue_synonyms').pluck<string[][]>('words');
});
afterAll(() => platform.drop());

/** The rank of an entry, or undefined where it does not have every word. */
function rankOf(entry: Entry, typed: string): number | undefined {
  const words = wordsOf(typed).map((one) => [
    ...new Set([one, ...synonyms.filter((group) => group.includes(one)).flat()]),
  ]);
  const name = [entry.name, entry.nameEn].map(normalised).filter(Boolean).join('\n');
  const rest = [entry.code, entry.summary].map(normalised).join('\n');
  const items = entry.items.flatMap((item) => [item.name, item.nameEn, item.id].map(normalised).filter(Boolean));
  const inSound = (of: string, one: string): boolean => {
    const { initials, full } = pinyinOf(of);
    if (!isLatin(one) || one.length === 1) return false;
    return initials.includes(one) || (one.length > 2 && full.includes(one));
  };
  const inCode = (one: string): boolean => /^\d[\d/]*$/.test(one) && entry.code.startsWith(one);
  const inName = (one: string): boolean => name.includes(one) || inSound(entry.name, one) || inCode(one);
  const inItem = (one: string): boolean =>
    items.some((item) => item.includes(one) || (one.length > 2 && /[^\x20-\x7f]/.test(item) && inSound(item, one)));
  const every = (fits: (one: string) => boolean): boolean => words.every((group) => group.some(fits));
  const some = (fits: (one: string) => boolean): boolean => words.flat().some(fits);

  if (words.length === 0 || !every((one) => inName(one) || inItem(one) || rest.includes(one))) return undefined;
  const [first = [], ...others] = words;
  if (others.length === 0 && first.some((one) => name === one || name.startsWith(`${one}\n`))) return 0;
  const haveOthers = others.every((group) => group.some((one) => name.includes(one)));
  if (first.some((one) => name.startsWith(one)) && haveOthers) return 1;
  if (every((one) => name.includes(one)) || every(inCode)) return 2;
  if (every(inName)) return 3;
  if (some((one) => items.includes(one))) return 4;
  if (some((one) => items.some((item) => item.startsWith(one)))) return 5;
  return some(inItem) ? 6 : 7;
}

function expected(q: string, order: CatalogueOrder): Entry[] {
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry, q) }))
    .filter(({ rank }) => rank !== undefined)
    .map(({ entry, rank }) => ({ entry, key: `${order === 'relevance' ? rank : ''} ${entry.code}` }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ entry }) => entry);
}

/** With a word that `few` entries have at most found by its index, and a word of more on the way through the order. */
async function found(
  q: string,
  order: CatalogueOrder,
  { limit, few }: { limit: number; few: number },
): Promise<string[]> {
  const ids: string[] = [];
  let after: Place | undefined;
  do {
    const page = await searchEntries(
      platform.knex,
      { q },
      {
        order,
        page: after ? { limit, after } : { limit },
        few,
      },
    );
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after);
  return ids;
}

function countsOf(values: readonly (string | undefined)[]) {
  const present = values.filter((value) => value !== undefined);
  return [...new Set(present)]
    .map((value) => ({ value, count: present.filter((one) => one === value).length }))
    .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}

test('every search finds what reading everything finds, in the same order, page by page, and counts it', async () => {
  const ranks = new Set<number | undefined>();
  const check = fc.asyncProperty(
    queries,
    fc.constantFrom(1_000, 17),
    fc.constantFrom(2_000, 2),
    async (q, limit, few) => {
      const fitting = expected(q, 'relevance');
      for (const entry of fitting) ranks.add(rankOf(entry, q));
      expect(await found(q, 'relevance', { limit, few })).toEqual(fitting.map(({ id }) => id));
      expect(await found(q, 'code', { limit: 1_000, few })).toEqual(expected(q, 'code').map(({ id }) => id));
      const { total, facets } = await countFacets(platform.knex, { q });
      expect(total).toBe(fitting.length);
      expect(facets.provider).toEqual(countsOf(fitting.map(({ provider }) => provider)));
      expect(facets.shareType).toEqual(countsOf(fitting.map(({ shareType }) => shareType)));
      expect(facets.theme).toEqual(countsOf(fitting.map(({ classification }) => classification.theme)));
      expect(facets.base).toEqual([]);
    },
  );
  await fc.assert(check, { seed: SEED, numRuns: QUERIES });
  // Such words were typed that every rank was given.
  expect(ranks).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
});
