import fc from 'fast-check';
import { APPLICANT } from '../../support/cases.ts';
import { FAULTS } from './faults.ts';
import { cases } from './random-cases.ts';
import { playRandomly } from './random-run.ts';
import { objections, readCounterexamples } from './stored-counterexamples.ts';

const counterexamples = readCounterexamples();

/**
 * Machines with one fault each. The properties are worth something only if they find every one of them: a property that
 * nothing can break proves nothing.
 */
test.each(FAULTS)('the properties catch a machine that $name', ({ broken, breaks, among = cases }) => {
  const play = fc.property(among, (drawn) => {
    playRandomly(broken, drawn);
  });
  const run = fc.check(play, { numRuns: 3_000, seed: 20_261_125, endOnFailure: true });
  expect(run.failed).toBe(true);
  expect(String((run.errorInstance as Error).message)).toMatch(breaks);
});

/** Shrinking takes minutes, so what it leads to is stored; store-counterexamples.ts makes it. */
test.each(FAULTS)(
  'at most five commands, each of them needed, show what is wrong with a machine that $name',
  (fault) => {
    const own = counterexamples.filter((one) => one.fault === fault.name);
    expect(own).toHaveLength(1);
    expect(own.flatMap((one) => objections(fault, one))).toEqual([]);
    expect(own.flatMap(({ commands }) => commands).length).toBeLessThanOrEqual(5);
  },
);

test('every stored counterexample is one to a fault that is seeded', () => {
  const names = FAULTS.map(({ name }) => name);
  expect(counterexamples.filter(({ fault }) => !names.includes(fault))).toEqual([]);
});

test('a stored case is objected to that shows nothing, something else, or more than it needs', () => {
  const [fault] = FAULTS;
  const own = counterexamples.find((one) => one.fault === fault?.name);
  if (!fault || !own) throw new Error('Nothing is stored');
  const urging = { id: 'more', at: `${own.day}T12:00:00+08:00`, actor: APPLICANT, do: { action: 'urge' } } as const;
  expect(objections(fault, { ...own, commands: [] })).toEqual(['the faulty machine breaks: undefined']);
  expect(objections(fault, { ...own, breaks: 'nobody signs twice' })).toEqual([
    `the faulty machine breaks: ${own.breaks}`,
  ]);
  expect(objections(fault, { ...own, commands: [urging, ...own.commands] })).toEqual(['it breaks without more']);
});
