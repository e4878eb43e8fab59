import fc from 'fast-check';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import type { CaseMachine } from '../../support/play.ts';
import { changing, evolving } from './faulty.ts';
import { narrowing } from './narrowing.ts';
import { cases, migratedCases, refiledCases, type RandomCase } from './random-cases.ts';
import { playRandomly } from './random-run.ts';

test.each([
  ['of every kind', cases, 250],
  ['that are granted in part and filed again', refiledCases, 100],
  ['that are moved to another route', migratedCases, 100],
] as const)('no sequence of commands widens what was narrowed, in cases %s', (_, drawn, numRuns) => {
  const tally = new Map<string, number>();
  const machine = narrowing(caseMachine, ({ type }) => tally.set(type, (tally.get(type) ?? 0) + 1));
  fc.assert(
    fc.property(drawn, (one) => playRandomly(machine, one)),
    { numRuns },
  );
  expect(tally.get('answered')).toBeGreaterThan(0);
  expect(tally.get('granted')).toBeGreaterThan(0);
});

/** The checks are worth something only if they find each of these. */
const FAULTS: readonly (readonly [string, CaseMachine, RegExp, fc.Arbitrary<RandomCase>])[] = [
  [
    'grants what was refused',
    changing((events) => events.map((event) => (event.type === 'granted' ? { ...event, without: [] } : event))),
    /every standing approval agreed/,
    cases,
  ],
  [
    'keeps the signatures of those who saw less',
    changing((events) =>
      events.some((event) => 'form' in event && typeof event.form === 'object')
        ? events
        : events.filter((event) => event.type !== 'signatureLapsed' || event.changed.length === 0),
    ),
    /every standing approval agreed|no old task stays open|first undecided/,
    cases,
  ],
  [
    'forgets what an answer leaves out',
    evolving((state, event) => {
      if (event.type !== 'answered') return caseMachine.evolve(state, event);
      const { refused: _, ...rest } = event;
      return caseMachine.evolve(state, rest);
    }),
    /state that was decided|every standing approval agreed|was refused, with a reason/,
    cases,
  ],
];

test.each(FAULTS)('the checks catch a machine that %s', (_, broken, breaks, among) => {
  const play = fc.property(among, (drawn) => {
    playRandomly(narrowing(broken), drawn);
  });
  const run = fc.check(play, { numRuns: 3_000, seed: 20_261_126, endOnFailure: true });
  expect(run.failed).toBe(true);
  expect(String((run.errorInstance as Error).message)).toMatch(breaks);
});
