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
 * An example that still stands is kept, so that a change of the generators changes none; without the file all are made
 * anew, which takes some minutes. It is made from random cases that are shrunk command by command.
 */
const SEEDS = [1, 2, 3, 4, 5];

const stored = readCounterexamples();
const kept: Counterexample[] = [];

afterAll(() => writeCounterexamples(kept));

test.each(FAULTS)(
  'a counterexample to a machine that $name is stored',
  (fault) => {
    const before = stored.find((one) => one.fault === fault.name && objections(fault, one).length === 0);
    const [example] = before ? [before] : SEEDS.flatMap((seed) => made(fault, seed)).toSorted(byWorth(fault));
    expect(example).toBeDefined();
    if (example) kept.push(example);
  },
  600_000,
);

/** The least that one random case shrinks to; none where the case cannot be told in commands alone. */
function made(fault: Fault, seed: number): Counterexample[] {
  const { broken, breaks, name } = fault;
  const isWanted = (one: StoredCase): boolean =>
    breaks.test(brokenBy(broken, one) ?? '') && brokenBy(caseMachine, { ...one, isFinished: true }) === undefined;
  const start = startsOf(fault, seed).find(isWanted);
  if (!start) return [];
  const least = shrunk(start, isWanted);
  const example = { fault: name, breaks: brokenBy(broken, least) ?? '', ...least };
  return objections(fault, example).length === 0 ? [example] : [];
}

/** A random case that shows the fault, with every command written out; or else with its end left to be found. */
function startsOf({ broken, breaks, among = cases }: Fault, seed: number): StoredCase[] {
  const play = fc.property(among, (one) => !breaks.test(broke(broken, one)));
  const [drawn] = fc.check(play, { numRuns: 3_000, seed, endOnFailure: true }).counterexample ?? [];
  if (!drawn) return [];
  const commands: WrittenCommand[] = [];
  broke(broken, drawn, (state, command, isSure) => commands.push(written(state, command, isSure)));
  const { day, route, asked } = drawn;
  const whole = { day, ...(asked.subjects ? { subjects: asked.subjects } : {}), route, commands };
  return [whole, { ...whole, commands: commands.filter(({ id }) => !id.startsWith('f')), isFinished: true }];
}

function broke(machine: CaseMachine, drawn: RandomCase, listener?: Listener): string {
  try {
    playRandomly(machine, drawn, listener ? { listener } : {});
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** First what shows by itself, then what is short, then what breaks the invariant that the fault is most about. */
function byWorth({ breaks }: Fault): (a: Counterexample, b: Counterexample) => number {
  const invariants = breaks.source.split('|');
  const worth = (one: Counterexample): number[] => [
    one.isFinished ? 1 : 0,
    one.commands.length,
    invariants.findIndex((words) => one.breaks.includes(words)),
    JSON.stringify(one).length,
  ];
  return (a, b) => {
    const [left, right] = [worth(a), worth(b)];
    return left.map((value, index) => value - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  };
}
