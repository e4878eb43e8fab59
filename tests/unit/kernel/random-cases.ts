import fc from 'fast-check';
import { addDays, dateOfDayNumber, dayNumber } from '../../../domain/civil-date.ts';
import { FORM_PARTS, type FormPart } from '../../../domain/case.ts';
import type { Block, Limit, Route, Stage } from '../../../domain/route.ts';
import { CONDITIONAL, SHARE_REQUEST_ROUTES } from '../../../domain/routes/share-request.ts';

/** What one step of a random case is drawn from; which command it becomes depends on where the case stands. */
export interface Move {
  readonly kind: 'offered' | 'wild' | 'repeat' | 'ring' | 'delivery' | 'grantOver';
  /** Picks among whatever there is to pick from. */
  readonly who: number;
  readonly what: number;
  readonly detail: number;
  readonly days: number;
  readonly parts: readonly FormPart[];
}

const pick = fc.nat({ max: 1_000 });
const parts = fc.subarray([...FORM_PARTS]);

export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 10, arbitrary: fc.constant('offered' as const) },
      { weight: 6, arbitrary: fc.constant('wild' as const) },
      { weight: 1, arbitrary: fc.constant('repeat' as const) },
      { weight: 2, arbitrary: fc.constant('ring' as const) },
      { weight: 1, arbitrary: fc.constant('delivery' as const) },
      { weight: 1, arbitrary: fc.constant('grantOver' as const) },
    ),
    who: pick,
    what: pick,
    detail: pick,
    days: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 20 }) }),
    parts,
  }),
  { minLength: 5, maxLength: 40, size: 'max' },
);

const limit: fc.Arbitrary<Limit> = fc
  .record({
    kind: fc.constant('stage' as const),
    legal: fc.integer({ min: 1, max: 15 }),
    promise: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
    onSupplement: fc.constantFrom('restart', 'pause', 'run-on'),
  })
  .map(({ promise, ...rest }) => ({ ...rest, ...(promise && promise <= rest.legal ? { promise } : {}) }));

type Shape = Omit<Stage, 'id' | 'clock'> & { readonly clock?: Limit | undefined };

const stage: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constant('stage' as const),
  seat: fc.record({
    role: fc.constantFrom('sharing-lead', 'reviewer'),
    department: fc.constantFrom('requester', 'provider'),
  }),
  rule: fc.constant('any' as const),
  basis: fc.subarray([...FORM_PARTS], { minLength: 1 }),
  mayAskSupplement: fc.boolean(),
  clock: fc.option(limit, { nil: undefined }),
});

type Nested =
  | Shape
  | { readonly kind: 'sequence'; readonly blocks: readonly Nested[]; readonly clock?: Limit | undefined };

const { block } = fc.letrec<{ block: Nested; sequence: Nested }>((tie) => ({
  block: fc.oneof({ maxDepth: 2, withCrossShrink: true }, { weight: 3, arbitrary: stage }, tie('sequence')),
  sequence: fc.record({
    kind: fc.constant('sequence' as const),
    blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
    clock: fc.option(limit, { nil: undefined }),
  }),
}));

function named(shape: Nested, id: string): Block {
  const { clock, ...rest } = shape;
  const own = { ...rest, id, ...(clock ? { clock } : {}) };
  if (own.kind === 'stage') return own;
  return { ...own, blocks: own.blocks.map((inner, index) => named(inner, `${id}.${index + 1}`)) };
}

const randomRoute: fc.Arbitrary<Route> = fc
  .array(block, { minLength: 1, maxLength: 3 })
  .map((blocks) => ({ ...CONDITIONAL, id: 'random', root: named({ kind: 'sequence', blocks }, 'b') }));

/** The routes that ship, and linear routes of every shape: nested, with clocks and bases of their own. */
export const routes: fc.Arbitrary<Route> = fc.oneof(fc.constantFrom(...SHARE_REQUEST_ROUTES), randomRoute);

/** Days on which weekends, make-up days, National Day and Spring Festival are all near. */
export const openingDay: fc.Arbitrary<string> = fc
  .nat({ max: 360 })
  .map((days) => dateOfDayNumber(dayNumber('2026-01-02') + days));

export function later(day: string, days: number): string {
  return addDays(day, days);
}
