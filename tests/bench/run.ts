import { fork } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { type Bench, type Measure, reached } from './measure.ts';

/**
 * Runs the benchmarks, all or those whose names are given, one after another, each in a process of its own; prints one
 * table and writes bench-results.json. Ends with 1 if one failed or a goal was not reached.
 */
const RESULTS = join(projectRoot, 'bench-results.json');

/** Said to the process that runs a single file. */
const ONE = '--one';

type Outcome = { readonly name: string } & ({ readonly measures: readonly Measure[] } | { readonly error: string });

const [first, ...others] = process.argv.slice(2);
await (first === ONE ? runOne(others[0] ?? '') : runAll(process.argv.slice(2)));

async function runAll(wanted: readonly string[]): Promise<void> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.bench.ts'));
  const chosen = files.filter((file) => wanted.length === 0 || wanted.includes(file.replace('.bench.ts', '')));
  if (chosen.length === 0) throw new Error(`No such benchmark: ${wanted.join(', ')}. There are: ${files.join(', ')}`);
  const outcomes: Outcome[] = [];
  for (const file of chosen.toSorted()) outcomes.push(await outcomeOf(file));
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    memoryBytes: totalmem(),
    node: process.version,
  };
  writeFileSync(RESULTS, `${JSON.stringify({ at: new Date().toISOString(), machine, outcomes }, undefined, 2)}\n`);
  for (const line of table(outcomes)) console.log(line);
  console.log(`\n${RESULTS}`);
  const passed = outcomes.every((outcome) => 'measures' in outcome && outcome.measures.every(reached));
  process.exitCode = passed ? 0 : 1;
}

function outcomeOf(file: string): Promise<Outcome> {
  const name = file.replace('.bench.ts', '');
  return new Promise((resolve) => {
    const child = fork(import.meta.filename, [ONE, file]);
    let outcome: Outcome = { name, error: 'It ended without a result' };
    child.on('message', (message) => (outcome = message as Outcome));
    child.on('error', (error) => (outcome = { name, error: error.message }));
    child.on('close', () => resolve(outcome));
  });
}

async function runOne(file: string): Promise<void> {
  const { bench } = (await import(new URL(file, import.meta.url).href)) as { bench: Bench };
  const told: Outcome = await bench
    .run((line) => console.error(`${bench.name}: ${line}`))
    .then((measures) => ({ name: bench.name, measures }))
    .catch((error: unknown) => ({ name: bench.name, error: error instanceof Error ? error.message : String(error) }));
  process.send?.(told, () => process.disconnect());
}

function table(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.flatMap((outcome) =>
    'error' in outcome
      ? [[outcome.name, outcome.error, '', '', 'FAILED']]
      : outcome.measures.map((measure) => [
          outcome.name,
          measure.what,
          `${rounded(measure.value)} ${measure.unit}`.trim(),
          goalText(measure),
          measure.goal === undefined ? '' : reached(measure) ? 'reached' : 'MISSED',
        ]),
  );
  const all = [['benchmark', 'what', 'value', 'goal', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function goalText({ goal }: Measure): string {
  if (goal === undefined) return '';
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toFixed(2)));
}
