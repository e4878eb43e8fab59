import fc from 'fast-check';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { faultsOfRoute } from '../../../domain/route-check.ts';
import { moves, openingDay, routes } from './random-cases.ts';
import { playRandomly } from './random-run.ts';

test('no sequence of commands by anyone breaks an invariant of a case, on the shipped routes and on random ones', () => {
  fc.assert(
    fc.property(routes, openingDay, moves, (route, day, drawn) => {
      playRandomly(caseMachine, route, { day, moves: drawn });
    }),
    { numRuns: 1_000 },
  );
});

test('the random routes are ones that may be published', () => {
  fc.assert(fc.property(routes, (route) => faultsOfRoute(route).length === 0));
});
