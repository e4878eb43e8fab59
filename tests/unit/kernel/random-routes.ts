import fc from 'fast-check';
import { FORM_PARTS } from '../../../domain/case.ts';
import { type Block, type Limit, type Route, type Rule, type SeatSpec, type Stage } from '../../../domain/route.ts';
import { SHARE_REQUEST_ROUTES } from '../../../domain/routes/share-request.ts';
import { CONDITIONS } from './random-forms.ts';

export const limit: fc.Arbitrary<Limit> = fc
  .record({
    kind: fc.constant('stage'),
    legal: fc.integer({ min: 2, max: 12 }),
    promise: fc.nat({ max: 12 }),
    onSupplement: fc.constantFrom('restart', 'pause', 'run-on'),
    extension: fc.nat({ max: 8 }),
    remind: fc.subarray([5, 3, 1]),
    escalates: fc.boolean(),
  })
  .map(({ promise, extension, remind, escalates, ...rest }) => ({
    ...rest,
    ...(promise > 0 && promise <= rest.legal ? { promise } : {}),
    ...(extension > 0 ? { extension } : {}),
    remind: remind.filter((days) => days < rest.legal),
    ...(escalates ? { onOverdue: 'escalate' as const } : {}),
  }));

const clock = fc.option(limit, { nil: undefined, freq: 2 });

const seat: fc.Arbitrary<SeatSpec> = fc
  .record({
    role: fc.constantFrom('sharing-lead', 'reviewer'),
    department: fc.constantFrom('requester', 'provider', 'provider', 'transport'),
    each: fc.boolean(),
  })
  .map(({ each, ...rest }) => (each ? { ...rest, each } : rest));

const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.constantFrom('any', 'all', 'sequential'),
  fc
    .record({ num: fc.integer({ min: 1, max: 3 }), den: fc.integer({ min: 1, max: 4 }) })
    .map(({ num, den }) => ({ vote: { num: Math.min(num, den), den } })),
);

/** Whoever could take a seat has one already where another is for each of the same. */
function withoutTwice(seats: readonly SeatSpec[]): readonly SeatSpec[] {
  const isSame = (a: SeatSpec, b: SeatSpec): boolean => a.role === b.role && a.department === b.department;
  return seats.filter(
    (one, index) => !seats.slice(0, index).some((other) => isSame(one, other) && (one.each || other.each)),
  );
}

type Shape =
  | (Omit<Stage, 'id' | 'clock'> & { readonly clock: Limit | undefined })
  | {
      readonly kind: 'sequence' | 'tiers' | 'parallel';
      readonly blocks: readonly Shape[];
      readonly clock: Limit | undefined;
    }
  | {
      readonly kind: 'for-each';
      readonly over: 'provider' | 'subject';
      readonly block: Shape;
      readonly clock: Limit | undefined;
    }
  | {
      readonly kind: 'choice';
      readonly branches: readonly { readonly when: string; readonly block: Shape }[];
      readonly otherwise: Shape;
      readonly clock: Limit | undefined;
    };

const stage = fc
  .record({
    kind: fc.constant('stage' as const),
    seat: fc.array(seat, { minLength: 1, maxLength: 3 }).map(withoutTwice),
    rule,
    basis: fc.subarray([...FORM_PARTS], { minLength: 1 }),
    mayAskSupplement: fc.boolean(),
    clock,
    mayRepeat: fc.boolean(),
    copies: fc.option(fc.constant([{ role: 'reviewer', department: 'provider' }] as const), {
      nil: undefined,
      freq: 1,
    }),
  })
  .map(({ mayRepeat, copies, ...rest }) => ({
    ...rest,
    ...(mayRepeat ? { mayRepeat } : {}),
    ...(copies ? { copies } : {}),
  }));

const { block } = fc.letrec<{ block: Shape; group: Shape; split: Shape; choice: Shape }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: stage },
    { weight: 3, arbitrary: tie('group') },
    { weight: 3, arbitrary: tie('split') },
    { weight: 2, arbitrary: tie('choice') },
  ),
  group: fc.record({
    kind: fc.constantFrom('sequence', 'sequence', 'parallel', 'parallel', 'tiers'),
    blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
    clock,
  }),
  split: fc.record({
    kind: fc.constant('for-each' as const),
    over: fc.constantFrom('provider', 'subject'),
    block: tie('block'),
    clock,
  }),
  choice: fc.record({
    kind: fc.constant('choice' as const),
    branches: fc.array(
      fc.record({ when: fc.constantFrom(...CONDITIONS.map(({ when }) => when)), block: tie('block') }),
      { minLength: 1, maxLength: 2 },
    ),
    otherwise: tie('block'),
    clock,
  }),
}));

/** Gives every block its id. A for-each inside another goes over subjects, as one over providers may not nest. */
function named(shape: Shape, id: string, isInEach = false): Block {
  const { clock: limited, ...rest } = shape;
  const own = { id, ...(limited ? { clock: limited } : {}) };
  switch (rest.kind) {
    case 'stage':
      return { ...rest, ...own };
    case 'sequence':
    case 'tiers':
    case 'parallel':
      return {
        ...own,
        kind: rest.kind,
        blocks: rest.blocks.map((one, index) => named(one, `${id}.${index + 1}`, isInEach)),
      };
    case 'for-each':
      return {
        ...own,
        kind: 'for-each',
        over: isInEach ? 'subject' : rest.over,
        block: named(rest.block, `${id}.e`, true),
      };
    case 'choice':
      return {
        ...own,
        kind: 'choice',
        branches: rest.branches.map(({ when, block: inner }, index) => ({
          when,
          block: named(inner, `${id}.c${index}`, isInEach),
        })),
        otherwise: named(rest.otherwise, `${id}.o`, isInEach),
      };
  }
}

const delivery = { kind: 'delivery', legal: 20, onSupplement: 'run-on' } as const;

function route(root: fc.Arbitrary<Block>): fc.Arbitrary<Route> {
  return fc
    .record({ root, grants: fc.boolean(), refileWithin: fc.nat({ max: 40 }) })
    .map(({ root: top, grants, refileWithin }) => ({
      id: 'random',
      version: 1,
      root: top,
      ...(grants ? { delivery } : {}),
      ...(refileWithin > 3 ? { refileWithin } : {}),
    }));
}

const anyRoot = fc
  .array(block, { minLength: 1, maxLength: 3 })
  .map((blocks) => named({ kind: 'sequence', blocks, clock: undefined }, 'b'));

/** The routes that ship, and routes of every shape. */
export const routes: fc.Arbitrary<Route> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...SHARE_REQUEST_ROUTES) },
  { weight: 9, arbitrary: route(anyRoot) },
);

/** Short routes, on which much happens at every seat. */
export const shortRoutes: fc.Arbitrary<Route> = route(
  fc
    .array(stage, { minLength: 1, maxLength: 2 })
    .map((blocks) => named({ kind: 'sequence', blocks, clock: undefined }, 'b')),
);

const simple = stage.map((one) => ({ ...one, seat: one.seat.slice(0, 2) }));
const splitRoot = fc
  .record({
    over: fc.constantFrom('provider' as const, 'subject' as const),
    inner: fc.array(simple, { minLength: 1, maxLength: 2 }),
    before: fc.array(simple, { maxLength: 1 }),
    after: fc.array(
      fc.oneof(
        simple,
        simple.map((one) => ({ kind: 'for-each' as const, over: 'subject' as const, block: one, clock: undefined })),
      ),
      { maxLength: 1 },
    ),
    clock,
  })
  .map(({ over, inner, before, after, clock: limited }) =>
    named(
      {
        kind: 'sequence',
        blocks: [
          ...before,
          { kind: 'for-each', over, block: { kind: 'sequence', blocks: inner, clock: limited }, clock: undefined },
          ...after,
        ],
        clock: undefined,
      },
      'b',
    ),
  );

/** Routes on which some of what is asked for can be granted, the rest refused and filed again. */
export const splitRoutes: fc.Arbitrary<Route> = route(splitRoot).map((one) => ({ ...one, delivery, refileWithin: 30 }));

/** A block whose limits count from a day that forms state, or from one that none does. */
function dated(one: Block, nth = 0): Block {
  const isDated = one.clock && one.clock.onSupplement !== 'restart';
  const from = nth % 5 === 4 ? 'nobodyStates' : 'changedOn';
  const own = isDated ? { ...one, clock: { ...one.clock, from } } : one;
  switch (own.kind) {
    case 'stage':
      return own;
    case 'for-each':
      return { ...own, block: dated(own.block, nth + 1) };
    case 'choice':
      return {
        ...own,
        branches: own.branches.map(({ when, block: inner }, index) => ({ when, block: dated(inner, nth + index) })),
        ...(own.otherwise ? { otherwise: dated(own.otherwise, nth + 1) } : {}),
      };
    default:
      return { ...own, blocks: own.blocks.map((inner, index) => dated(inner, nth + index)) };
  }
}

/** Routes of every shape, on which limits count from a day of the form. */
export const datedRoutes: fc.Arbitrary<Route> = routes.map((one) => ({ ...one, root: dated(one.root) }));
