import fc from 'fast-check';
import { FAULTS_OF_CLOCKS } from './faults-of-clocks.ts';
import { FAULTS_OF_PEOPLE } from './faults-of-people.ts';
import { FAULTS_OF_ROUTES } from './faults-of-routes.ts';
import { cases } from './random-cases.ts';
import { playRandomly } from './random-run.ts';

/**
 * Machines with one fault each. The properties are worth something only if they find every one of them: a property that
 * nothing can break proves nothing.
 */
test.each([...FAULTS_OF_PEOPLE, ...FAULTS_OF_ROUTES, ...FAULTS_OF_CLOCKS])(
  'the properties catch a machine that $name',
  ({ broken, breaks, among = cases }) => {
    const play = fc.property(among, (drawn) => {
      playRandomly(broken, drawn);
    });
    const run = fc.check(play, { numRuns: 3_000, seed: 20_261_125, endOnFailure: true });
    expect(run.failed).toBe(true);
    expect(String((run.errorInstance as Error).message)).toMatch(breaks);
  },
);
