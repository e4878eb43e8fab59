import { Environment } from '@marcbachmann/cel-js';
import type { FormPart } from './case.ts';

/** What a condition may ask about: facts that follow from the form, free of personal data, carried in histories. */
export type Fact = string | number | boolean | readonly string[];
export type Facts = Readonly<Record<string, Fact>>;

interface FactSpec {
  readonly type: 'string' | 'int' | 'bool' | 'list<string>';
  /** The parts of the form that the fact follows from: what is signed under a condition rests on them too. */
  readonly from: readonly FormPart[];
}

/** The facts of a form, by the names that conditions use. */
export const FACTS = {
  /** `service`, `batch` or `file`. */
  mode: { type: 'string', from: ['mode'] },
  /** How many data items are asked for. */
  items: { type: 'int', from: ['items'] },
  /** Whether any of them is personal information. */
  personal: { type: 'bool', from: ['items'] },
  /** Whether any personal information leaves without a mask. */
  unmasked: { type: 'bool', from: ['items', 'masks'] },
  /** The highest data grade among them (数据分级), 1 to 4. */
  grade: { type: 'int', from: ['items'] },
  /** Whether every row is asked for. */
  everyRow: { type: 'bool', from: ['rowScope'] },
  /** Length of the period in whole days. */
  days: { type: 'int', from: ['period'] },
  shareType: { type: 'string', from: ['entry'] },
  requester: { type: 'string', from: [] },
  providers: { type: 'list<string>', from: ['entry'] },
} as const satisfies Readonly<Record<string, FactSpec>>;

type FactName = keyof typeof FACTS;

const environment = Object.entries(FACTS).reduce(
  (env, [name, { type }]) => env.registerVariable(name, type),
  new Environment({ unlistedVariablesAreDyn: false }),
);
const parsed = new Map<string, ReturnType<Environment['parse']>>();
const MOST_PARSED = 1_000;

/** Why a condition cannot be used, in the words of CEL; undefined if it is sound and answers yes or no. */
export function faultOfCondition(source: string): string | undefined {
  const { valid, type, error } = environment.check(source);
  if (!valid) return error?.message.split('\n')[0] ?? 'not a condition';
  return String(type) === 'bool' ? undefined : `answers ${String(type)} rather than yes or no`;
}

/** Whether a condition holds of the facts. Throws if it asks for one that is missing: nothing is guessed. */
export function conditionHolds(source: string, facts: Facts): boolean {
  const context = Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'number' ? BigInt(fact) : fact]),
  );
  return parse(source)(context) === true;
}

function parse(source: string): ReturnType<Environment['parse']> {
  const known = parsed.get(source);
  if (known) return known;
  const condition = environment.parse(source);
  if (parsed.size < MOST_PARSED) parsed.set(source, condition);
  return condition;
}

/** The parts of the form that a condition reads. */
export function partsReadBy(source: string): FormPart[] {
  const names = Object.keys(FACTS).filter((name) => new RegExp(`\\b${name}\\b`).test(source)) as FactName[];
  return [...new Set(names.flatMap((name): readonly FormPart[] => FACTS[name].from))];
}
