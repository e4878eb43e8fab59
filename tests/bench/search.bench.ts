import type { Knex } from 'knex';
import { type CatalogueFilter, type CatalogueOrder, searchEntries } from '../../store/catalogue-find.ts';
import { countFacets } from '../../store/catalogue-facets.ts';
import type { PageRequest, Place } from '../../store/keyset.ts';
import { type Bench, type Measure, median, quantile } from './measure.ts';
import { openExplainer, type PlanNode, stepsOf } from './plans.ts';
import { FILLED_FAST, startDatabase } from './rig.ts';
import { ENTRIES, fillCatalogue } from './search-fill.ts';
import { machineSpeed } from './yardstick.ts';

const ROUNDS = 30;
const GOAL = { atMost: 50 };
const LIMIT = 50;

interface Question {
  readonly what: string;
  /** Beside the words: filters, facets, a page far down. */
  readonly filters?: readonly CatalogueFilter[];
  readonly facets?: true;
  readonly pages?: number;
  readonly order?: CatalogueOrder;
}

/** What people ask; each with words that much, something and little of the catalogue has. */
const QUESTIONS: readonly Question[] = [
  { what: 'one character', filters: asked('人', '水', '税', '沈') },
  { what: 'two characters', filters: asked('登记', '人口', '献血', '信用', '信息') },
  { what: 'part of a word', filters: asked('动车驾', '区行政区', '社会信用代', '医学证') },
  { what: 'whole words', filters: asked('基本信息', '行政区划', '统一社会信用代码', '不动产登记') },
  { what: 'pinyin initials', filters: asked('xzqh', 'jbxx', 'gjj', 'jdc') },
  { what: 'full pinyin', filters: asked('renkou', 'xingzhengquhua') },
  { what: 'synonyms', filters: asked('身份证', '手机', '低保', '信用代码') },
  { what: 'two words', filters: asked('和平区 低保', '企业 登记', '人口 统计', '姓名 车牌') },
  { what: 'in the summary alone', filters: asked('履职', '承办窗口', '归集') },
  { what: 'nothing found', filters: asked('火星', '量子计算机', 'zzzz') },
  { what: 'code', filters: asked('301003', '301003/000001', '30') },
  {
    what: 'with filters',
    filters: asked('登记', '基本信息').map((one) => ({ ...one, provider: 'dept-3', format: 'database' })),
  },
  {
    what: 'filters alone',
    filters: [{ provider: 'dept-9' }, { classification: '交通', shareType: 'withheld' }, { classification: '人口' }],
  },
  { what: 'newest first', filters: asked('信息', '献血'), order: 'published' },
  {
    what: 'with facets',
    filters: asked('人', '登记', '信息', '基本信息', '统一社会信用代码', '和平区 低保', 'xzqh'),
    facets: true,
  },
  { what: 'everything, with facets', filters: [{}], facets: true },
  { what: 'a page far down', filters: asked('登记', '信息', '姓名'), pages: 40 },
];

function asked(...words: readonly string[]): readonly CatalogueFilter[] {
  return words.map((q) => ({ q }));
}

/** The search of a hundred thousand entries, asked as the API asks, against what every product does at first. */
export const bench: Bench = {
  name: 'search',
  async run(say) {
    const { knex, url, close } = await startDatabase(FILLED_FAST);
    try {
      await fillCatalogue(knex, say);
      const measures = await measured(knex, say);
      const scans = await scansOf(knex, url);
      if (scans.length > 0) throw new Error(`Read from end to end: ${scans.join('; ')}`);
      return measures;
    } finally {
      await close();
    }
  },
};

async function ask(knex: Knex, { facets, order = 'relevance' }: Question, filter: CatalogueFilter, page: PageRequest) {
  const [found] = await Promise.all([
    searchEntries(knex, filter, { order, page }),
    facets && countFacets(knex, filter),
  ]);
  return found;
}

async function measured(knex: Knex, say: (line: string) => void): Promise<Measure[]> {
  const all: number[] = [];
  const measures: Measure[] = [];
  for (const question of QUESTIONS) {
    const took: number[] = [];
    for (const filter of question.filters ?? []) {
      const page = await pageAt(knex, question, filter);
      const single: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const began = performance.now();
        await ask(knex, question, filter, page);
        // The first one warms the caches.
        if (round > 0) single.push(performance.now() - began);
      }
      say(
        `${question.what}, ${Object.values(filter).join(' ') || '-'}: p50 ${median(single).toFixed(1)} p95 ${quantile(single, 0.95).toFixed(1)} ms`,
      );
      took.push(...single);
    }
    all.push(...took);
    measures.push({ what: `${question.what}, p95`, value: quantile(took, 0.95), unit: 'ms' });
  }
  const plain = await plainTimes(knex);
  const speed = await machineSpeed();
  return [
    ...measures,
    {
      what: 'all of them, p95, at the speed of the reference',
      value: quantile(all, 0.95) * speed,
      unit: 'ms',
      goal: GOAL,
    },
    { what: 'all of them, p95', value: quantile(all, 0.95), unit: 'ms' },
    { what: 'speed of this machine', value: speed, unit: '' },
    { what: 'plain ilike of two characters, p50', value: median(plain), unit: 'ms' },
    {
      what: 'plain ilike against the search, two characters',
      value: await ratio(knex, plain),
      unit: '×',
      goal: { atLeast: 2 },
    },
  ];
}

/** The page that a question is about: the first one, or one so many pages further down. */
async function pageAt(knex: Knex, question: Question, filter: CatalogueFilter): Promise<PageRequest> {
  let after: Place | undefined;
  for (let page = 0; page < (question.pages ?? 0); page += 1) {
    after = (await ask(knex, question, filter, after ? { limit: LIMIT, after } : { limit: LIMIT })).next ?? after;
  }
  return after ? { limit: LIMIT, after } : { limit: LIMIT };
}

const PLAIN = ['登记', '人口', '献血', '信用', '信息'];

/** Without an index: what `ilike` over name, items and summary takes, best names first. */
async function plainTimes(knex: Knex): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const word of PLAIN) {
      const began = performance.now();
      await knex.raw(
        `select e.body from catalogue_search s join catalogue_entries e on e.id = s.entry_id and e.version = s.version
          where s.name || s.items || s.rest ilike ? order by s.name ilike ? desc, s.code limit 51`,
        [`%${word}%`, `%${word}%`],
      );
      times.push(performance.now() - began);
    }
  }
  return times;
}

async function ratio(knex: Knex, plain: readonly number[]): Promise<number> {
  const own: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const q of PLAIN) {
      const began = performance.now();
      await searchEntries(knex, { q }, { order: 'relevance', page: { limit: LIMIT } });
      own.push(performance.now() - began);
    }
  }
  return median(plain) / median(own);
}

/** Whoever wants more than this share of all entries may read all of them. */
const MUCH = 0.2;

/** Statements that read all of the search table though they ask for little of it. */
async function scansOf(knex: Knex, url: string): Promise<string[]> {
  const explainer = await openExplainer(url);
  const scans = new Set<string>();
  try {
    for (const { what, filters = [], order = 'relevance', facets } of QUESTIONS) {
      for (const filter of filters) {
        if ((await countFacets(knex, filter)).total > MUCH * ENTRIES) continue;
        const find = () => searchEntries(knex, filter, { order, page: { limit: LIMIT } });
        // One after the other, as the settings of each hold for itself alone.
        for (const ask of facets ? [find, () => countFacets(knex, filter)] : [find]) {
          const steps = await stepsOf(knex, explainer, ask);
          if (steps.some(readsAll)) scans.add(`${what} (${Object.values(filter).join(' ')})`);
        }
      }
    }
  } finally {
    await explainer.end();
  }
  return [...scans];
}

function readsAll(node: PlanNode): boolean {
  return (
    node['Node Type'] === 'Seq Scan' && ['catalogue_search', 'catalogue_entries'].includes(node['Relation Name'] ?? '')
  );
}
