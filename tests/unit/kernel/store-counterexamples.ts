import fc from 'fast-check';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import type { CaseMachine } from '../../support/play.ts';
import { FAULTS } from './faults.ts';
import type { Fault } from './faulty.ts';
import { cases, type RandomCase } from './random-cases.ts';
import { playRandomly } from './random-run.ts';
import { shrunk } from './shrinking.ts';
import {
  brokenBy,
  type Counterexample,
  objections,
  readCounterexamples,
  type StoredCase,
  writeCounterexamples,
} from './stored-counterexamples.ts';
import type { Listener } from './watched-case.ts';
import { type WrittenCommand, written } from './written-commands.ts';

/**
 * Stores the least case on which each faulty machine shows its fault:
 *
 *     npm run test:only -- --testMatch '**\/tests/unit/kernel/store-counterexamples.ts' && npm run format
 *
 * What still stands is kept, so that a change of the generators changes none of them. Without the file all are made anew,
 * which takes some ten minutes. Each comes of several random cases that are shrunk command by command.
 */
const SEEDS = [1, 2, 3, 4, 5];

const stored = new Map(readCounterexamples().map((one) => [one.fault, one]));

afterAll(() => {
  writeCounterexamples(FAULTS.flatMap(({ name }) => stored.get(name) ?? []));
});

test.each(FAULTS)(
  'a counterexample to a machine that $name is stored',
  (fault) => {
    const before = stored.get(fault.name);
    if (before && objections(fault, before).length === 0) return;
    const [example] = SEEDS.flatMap((seed) => made(fault, seed)).toSorted(byWorth(fault));
    if (!example) throw new Error('No random case shows the fault in commands alone');
    stored.set(fault.name, example);
    expect(objections(fault, example)).toEqual([]);
  },
  600_000,
);

/** The least that one random case shrinks to; none where the case does not tell what is wrong in commands alone. */
function made(fault: Fault, seed: number): Counterexample[] {
  const { broken, breaks, name } = fault;
  const isWanted = (one: StoredCase): boolean =>
    breaks.test(brokenBy(broken, one) ?? '') && brokenBy(caseMachine, one, { toItsEnd: true }) === undefined;
  const start = random(fault, seed);
  if (!start || !isWanted(start)) return [];
  const least = shrunk(start, isWanted);
  const example = { fault: name, breaks: brokenBy(broken, least) ?? '', ...least };
  return objections(fault, example).length === 0 ? [example] : [];
}

/** A random case that shows the fault, with every command written out, those that bring it to its end included. */
function random({ broken, breaks, among = cases }: Fault, seed: number): StoredCase | undefined {
  const play = fc.property(among, (one) => !breaks.test(broke(broken, one)));
  const [drawn] = fc.check(play, { numRuns: 3_000, seed, endOnFailure: true }).counterexample ?? [];
  if (!drawn) return undefined;
  const commands: WrittenCommand[] = [];
  broke(broken, drawn, (state, command, isSure) => commands.push(written(state, command, isSure)));
  const { day, route, asked } = drawn;
  return { day, ...(asked.subjects ? { subjects: asked.subjects } : {}), route, commands };
}

function broke(machine: CaseMachine, drawn: RandomCase, listener?: Listener): string {
  try {
    playRandomly(machine, drawn, listener ? { listener } : {});
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** First what is short, then what breaks the invariant that the fault is most about. */
function byWorth({ breaks }: Fault): (a: Counterexample, b: Counterexample) => number {
  const invariants = breaks.source.split('|');
  const worth = (one: Counterexample): number[] => [
    one.commands.length,
    invariants.findIndex((words) => one.breaks.includes(words)),
    JSON.stringify(one).length,
  ];
  return (a, b) => {
    const [left, right] = [worth(a), worth(b)];
    return left.map((value, index) => value - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  };
}
