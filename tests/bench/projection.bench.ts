import { type Bench, type Measure, quantile } from './measure.ts';
import { openExplainer, stepsOf } from './plans.ts';
import { FILLED_FAST, startDatabase } from './rig.ts';
import { fill } from './projection-fill.ts';
import { type Question, questionsOf } from './projection-questions.ts';

const ROUNDS = 15;
const GOAL = { atMost: 30 };
/** Tables of which no question may read everything. */
const LARGE: ReadonlySet<string> = new Set(['cases', 'tasks', 'events', 'copies']);

/** Inboxes, counters and lists over a database as large as a city's after some years, asked as the API asks. */
export const bench: Bench = {
  name: 'projection',
  async run(say) {
    const { knex, url, close } = await startDatabase(FILLED_FAST);
    const explainer = await openExplainer(url);
    try {
      await fill(knex, say);
      const questions = await questionsOf(knex);
      const scans = new Set<string>();
      const indexes = new Map<string, Set<string>>();
      for (const question of questions) {
        for (const node of await stepsOf(knex, explainer, question.ask)) {
          if (node['Node Type'] === 'Seq Scan' && LARGE.has(node['Relation Name'] ?? '') && !question.readsAll) {
            scans.add(`${question.what} (${question.who}): ${node['Relation Name']}`);
          }
          const used = node['Index Name'];
          if (used !== undefined) indexes.set(question.what, (indexes.get(question.what) ?? new Set()).add(used));
        }
      }
      for (const [what, used] of indexes) say(`${what}: ${[...used].toSorted().join(', ')}`);
      const times = await timesOf(questions);
      for (const [who, took] of times.single) say(`${who}: p95 ${quantile(took, 0.95).toFixed(1)} ms`);
      if (scans.size > 0) throw new Error(`Read from end to end: ${[...scans].join('; ')}`);
      return [...times.byWhat].map(([what, { took, hasGoal }]): Measure => ({
        what: `${what}, p95`,
        value: quantile(took, 0.95),
        unit: 'ms',
        ...(hasGoal ? { goal: GOAL } : {}),
      }));
    } finally {
      await explainer.end();
      await close();
    }
  },
};

interface Times {
  readonly byWhat: Map<string, { readonly took: number[]; readonly hasGoal: boolean }>;
  readonly single: Map<string, number[]>;
}

/** Every question once a round, so that none has the caches to itself; the first round warms them. */
async function timesOf(questions: readonly Question[]): Promise<Times> {
  const times: Times = { byWhat: new Map(), single: new Map() };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { what, who, ask, readsAll } of questions) {
      const began = performance.now();
      await ask();
      const took = performance.now() - began;
      if (round === 0) continue;
      const kind = times.byWhat.get(what) ?? { took: [], hasGoal: readsAll !== true };
      kind.took.push(took);
      times.byWhat.set(what, kind);
      times.single.set(`${what} (${who})`, [...(times.single.get(`${what} (${who})`) ?? []), took]);
    }
  }
  return times;
}
