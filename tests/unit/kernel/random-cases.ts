import fc from 'fast-check';
import { dateOfDayNumber, dayNumber } from '../../../domain/civil-date.ts';
import { FORM_PARTS, type FormPart } from '../../../domain/case.ts';
import type { Route } from '../../../domain/route.ts';
import { type Asked, asked } from './random-forms.ts';
import { datedRoutes, routes, shortRoutes, splitRoutes } from './random-routes.ts';

const KINDS = [
  'offered',
  'wild',
  'repeat',
  'ring',
  'advance',
  'materials',
  'counsel',
  'report',
  'recount',
  'migrate',
  'refile',
] as const;

/** What one step of a random case is drawn from; which command it becomes depends on where the case stands. */
export interface Move {
  readonly kind: (typeof KINDS)[number];
  /** Picks among whatever there is to pick from. */
  readonly who: number;
  readonly what: number;
  readonly detail: number;
  readonly days: number;
  readonly parts: readonly FormPart[];
  /** Whether somebody stands in for somebody else. */
  readonly standsIn: boolean;
}

/** One random case: its route, what is asked for, the day it is filed, and what happens then. */
export interface RandomCase {
  readonly route: Route;
  readonly asked: Asked;
  readonly day: string;
  readonly moves: readonly Move[];
}

const pick = fc.nat({ max: 5_000 });

function movesOf(weights: Readonly<Record<Move['kind'], number>>, most: number): fc.Arbitrary<Move[]> {
  return fc.array(
    fc.record({
      kind: fc.oneof(...KINDS.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
      who: pick,
      what: pick,
      detail: pick,
      days: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 12 }) }),
      parts: fc.subarray([...FORM_PARTS], { maxLength: 4 }),
      standsIn: fc.nat({ max: 5 }).map((nth) => nth === 5),
    }),
    { minLength: 5, maxLength: most, size: 'max' },
  );
}

/** Days on which weekends, make-up days, National Day and Spring Festival are all near. */
const day: fc.Arbitrary<string> = fc.nat({ max: 360 }).map((days) => dateOfDayNumber(dayNumber('2026-01-02') + days));

const GENERAL = {
  offered: 10,
  wild: 4,
  repeat: 1,
  ring: 2,
  advance: 5,
  materials: 1,
  counsel: 2,
  report: 1,
  recount: 1,
  migrate: 1,
  refile: 1,
};

/** Cases of every kind. */
export const cases: fc.Arbitrary<RandomCase> = fc.record({ route: routes, asked, day, moves: movesOf(GENERAL, 20) });

/** Cases that get through in part, are delivered, and are filed again. */
export const refiledCases: fc.Arbitrary<RandomCase> = fc.record({
  route: splitRoutes,
  asked,
  day,
  moves: movesOf(
    { ...GENERAL, offered: 2, wild: 0, materials: 0, counsel: 0, advance: 14, report: 6, refile: 4, migrate: 0 },
    30,
  ),
});

/** Cases that are moved to other versions of their route while some stages are signed and others open. */
export const migratedCases: fc.Arbitrary<RandomCase> = fc.record({
  route: fc.oneof(routes, splitRoutes),
  asked,
  day,
  moves: movesOf({ ...GENERAL, offered: 5, wild: 1, advance: 8, migrate: 5 }, 18),
});

/** Cases on short routes, in which people do everything that they can at their seats, and what they cannot. */
export const seatedCases: fc.Arbitrary<RandomCase> = fc.record({
  route: shortRoutes,
  asked,
  day,
  moves: movesOf(
    {
      ...GENERAL,
      offered: 6,
      wild: 4,
      advance: 6,
      materials: 4,
      counsel: 6,
      report: 0,
      recount: 0,
      migrate: 0,
      refile: 0,
    },
    16,
  ),
});

/** Cases on short routes that are moved to another version again and again while they are answered. */
export const movedCases: fc.Arbitrary<RandomCase> = fc.record({
  route: shortRoutes,
  asked,
  day,
  moves: movesOf({ ...GENERAL, offered: 1, wild: 0, advance: 8, report: 0, migrate: 8, refile: 0 }, 14),
});

/** Cases whose limits count from a day that the form states, which may be long past, and which another form may move. */
export const datedCases: fc.Arbitrary<RandomCase> = fc.record({
  route: datedRoutes,
  asked,
  day,
  moves: movesOf({ ...GENERAL, materials: 4, ring: 4, advance: 8 }, 24),
});
