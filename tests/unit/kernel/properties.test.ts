import fc from 'fast-check';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { faultsOfRoute } from '../../../domain/route-check.ts';
import { cases, datedCases, migratedCases, refiledCases, type RandomCase } from './random-cases.ts';
import { datedRoutes, routes, splitRoutes } from './random-routes.ts';
import { otherVersion } from './random-versions.ts';
import { playRandomly } from './random-run.ts';
import type { Tally } from './watched-case.ts';

/** What has to come about now and then for the properties to mean anything. */
const EVERYTHING = [
  'stageParked',
  'stageResumed',
  'stageDropped',
  'answerTakenBack',
  'reassigned',
  'delegated',
  'advised',
  'recalled',
  'seatAdded',
  'seatRemoved',
  'supplemented',
  'signatureLapsed',
  'returned',
  'resubmitted',
  'refiled',
  'urged',
  'suspended',
  'reviewDue',
  'resumed',
  'terminated',
  'extensionGranted',
  'extensionRefused',
  'migrated',
  'calendarChanged',
  'reminded',
  'escalated',
  'granted',
  'agreed',
];

/** Plays many random cases and says how often each event came about. */
function playAll(drawn: fc.Arbitrary<RandomCase>, numRuns: number): Tally {
  const tally: Tally = new Map();
  fc.assert(
    fc.property(drawn, (one) => {
      playRandomly(caseMachine, one, { tally });
    }),
    { numRuns },
  );
  return tally;
}

test('no sequence of commands by anyone breaks an invariant of a case, on the shipped routes and on random ones', () => {
  const tally = playAll(cases, 600);
  expect(EVERYTHING.filter((type) => !tally.has(type))).toEqual([]);
});

test('a case that is granted in part and filed again keeps to the same, and grants nothing twice', () => {
  const tally = playAll(refiledCases, 350);
  expect(tally.get('refiled')).toBeGreaterThan(60);
});

test('a case that is moved to other versions of its route on its way keeps to the same', () => {
  const tally = playAll(migratedCases, 350);
  expect(tally.get('migrated')).toBeGreaterThan(200);
});

test('a case whose limits count from a day of its form keeps to the same', () => {
  const tally = playAll(datedCases, 400);
  expect(tally.get('limitPassed')).toBeGreaterThan(60);
  expect(tally.get('reminded')).toBeGreaterThan(20);
});

test('the random routes are ones that may be published, and so are their other versions', () => {
  const sound = fc.property(fc.oneof(routes, splitRoutes, datedRoutes), fc.nat({ max: 5_000 }), (route, pick) => {
    expect([...faultsOfRoute(route), ...faultsOfRoute(otherVersion(route, pick))]).toEqual([]);
  });
  fc.assert(sound, { numRuns: 300 });
});
