import type { CaseState, Command } from '../../domain/case.ts';
import { decide, whyNot } from '../../domain/kernel/decide.ts';
import { PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { play, taskOf } from '../support/play.ts';
import { type Bench, type Measure, median } from './measure.ts';
import { machineSpeed } from './yardstick.ts';

const STAGES = [
  ['requester-lead', REQUESTER_LEAD],
  ['provider-reviewer', REVIEWER],
  ['provider-lead', PROVIDER_LEAD],
] as const;
const ROUNDS = 7;
const ROUND_MS = 120;

interface Turn {
  readonly stage: string;
  readonly state: CaseState;
  readonly command: Command;
}

/**
 * Decisions in one thread: an approval in a running request of the shipped conditional route, at each of its stages, with
 * everything that follows from it. Beside it, in turn, the least that anything of this state could cost: a copy of it.
 */
export const bench: Bench = {
  name: 'kernel',
  async run(say) {
    const turns = turnsOf();
    const [first] = turns;
    if (!first) throw new Error('No turn');
    const each = (work: (turn: Turn) => unknown) => () => {
      for (const turn of turns) work(turn);
    };
    const works: Readonly<Record<string, () => void>> = {
      decide: each(({ state, command }) => decide(state, command)),
      whyNot: each(({ state, command }) => whyNot(state, command)),
      copy: each(({ state }) => structuredClone(state)),
      ...Object.fromEntries(
        turns.map(({ stage, state, command }) => [stage, () => times(turns.length, () => decide(state, command))]),
      ),
    };
    for (const { state, command } of turns) {
      if ('refusal' in decide(state, command) || whyNot(state, command)) throw new Error('An approval was refused');
    }
    const rates = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, work] of Object.entries(works)) {
        const rate = turns.length * rateOf(work);
        // The first round finds the code cold.
        if (round > 0) rates.get(name)?.push(rate);
      }
    }
    const of = (name: string): number => median(rates.get(name) ?? []);
    for (const name of rates.keys()) say(`${name}: ${(1e6 / of(name)).toFixed(2)} µs`);
    const figure = (what: string, name: string): Measure => ({
      what,
      value: of(name),
      unit: '/s',
      runs: rates.get(name) ?? [],
    });
    const speed = await machineSpeed();
    return [
      {
        what: 'decisions, mean of the three stages, at the speed of the reference',
        value: of('decide') / speed,
        unit: '/s',
        goal: { atLeast: 100_000 },
      },
      figure('decisions, mean of the three stages', 'decide'),
      { what: 'speed of this machine', value: speed, unit: '' },
      { what: 'decisions / copies of the state', value: of('decide') / of('copy'), unit: '' },
      ...STAGES.map(([stage]) => figure(`decisions at ${stage}`, stage)),
      figure('whyNot', 'whyNot'),
      { what: 'whyNot / copies of the state', value: of('whyNot') / of('copy'), unit: '' },
      figure('copies of the state (structuredClone)', 'copy'),
    ];
  },
};

/** Each stage's approval with the state that it is decided on. */
function turnsOf(): Turn[] {
  const run = play();
  return STAGES.map(([stage, who], index) => {
    const { state } = run;
    const taskId = taskOf(state, stage);
    const approve = { action: 'approve', taskId, seen: state.form.digest } as const;
    run.approve(who, stage);
    return { stage, state, command: { id: `approve${index}`, at: run.at, actor: who, do: approve } };
  });
}

function times(count: number, work: () => unknown): void {
  for (let n = 0; n < count; n += 1) work();
}

/** How often the work is done in a second of processor time, so that whatever else the machine does counts little. */
function rateOf(work: () => void): number {
  const began = process.cpuUsage();
  let done = 0;
  let took = 0;
  while (took < ROUND_MS) {
    times(100, work);
    done += 100;
    const { user, system } = process.cpuUsage(began);
    took = (user + system) / 1_000;
  }
  return done / (took / 1_000);
}
